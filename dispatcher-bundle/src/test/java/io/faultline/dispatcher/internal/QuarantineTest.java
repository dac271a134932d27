package io.faultline.dispatcher.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.faultline.fault.Fault;
import io.faultline.fault.PageRequestGroup;
import io.faultline.fault.Response;
import io.faultline.handler.Verdict;
import io.faultline.hardware.FaultSink;
import io.faultline.hardware.KeySink;
import io.faultline.hardware.RecordDecoder;
import io.faultline.hardware.ResponseEncoder;
import io.faultline.platform.HandlerControl;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** R4: who keeps throwing is taken out, shown as such, and let back in. */
class QuarantineTest {
    private final Stage stage = new Stage();
    private final HandlerControl control = stage.dispatcher.handlerControl();

    private boolean throwing = true;

    private FakeHandler throwing() {
        return stage.handler("throwing", 5)
                .does(
                        (fault, context) -> {
                            if (throwing) {
                                throw new IllegalStateException("broken");
                            }
                            return Verdict.PASSED;
                        });
    }

    private void faults(int count) {
        for (int i = 0; i < count; i++) {
            stage.unit.unrecoverable(1, i);
        }
        stage.step();
    }

    private List<String> out() {
        return control.out().stream().map(HandlerControl.Out::why).toList();
    }

    @Test
    void takesAHandlerOutThatThrowsTooOftenInARow() {
        stage.set("handler.failures", 3);
        FakeHandler throwing = throwing();
        FakeHandler next = stage.handler("next", 1).says(Verdict.HANDLED);

        faults(5);

        assertEquals(3, throwing.seen.size());
        assertEquals(5, next.seen.size());
        assertEquals(
                List.of("throwing: java.lang.IllegalStateException: broken"),
                next.failures.stream().distinct().toList());
        assertEquals(List.of("failed 3 times in a row; back in 1 s"), out());
        assertEquals(
                "out: failed 3 times in a row; back in 1 s",
                stage.dispatcher.platform().handlers().get(1).state());
        assertEquals(1, stage.dispatcher.platform().chain("unrecoverable", null, -1).size());
        String said =
                "chain: throwing failed 3 times in a row; back in 1 s; it is taken out;"
                        + " `faultline:readmit throwing` lets it back in";
        assertEquals(1, stage.messages.stream().filter(said::equals).count());
        assertTrue(
                stage.dispatcher.platform().health().stream()
                        .anyMatch(line -> line.contains("throwing is out")));
    }

    @Test
    void beginsToCountAnewAfterACallThatDoesNotThrow() {
        stage.set("handler.failures", 3);
        FakeHandler throwing = throwing();

        for (int round = 0; round < 5; round++) {
            this.throwing = true;
            faults(2);
            this.throwing = false;
            faults(1);
        }

        assertEquals(15, throwing.seen.size());
        assertEquals(List.of(), out());
    }

    @Test
    void letsAHandlerBackInAfterADelayThatGrows() {
        stage.set("handler.failures", 1);
        FakeHandler throwing = throwing();
        faults(1);

        stage.step(999);
        faults(1);
        assertEquals(1, throwing.seen.size());
        stage.step(1);
        faults(1);
        assertEquals(2, throwing.seen.size());
        assertEquals(List.of("failed once; back in 2 s"), out());
        stage.step(1000);
        faults(1);
        assertEquals(2, throwing.seen.size());
        stage.step(1000);
        this.throwing = false;
        faults(1);
        assertEquals(3, throwing.seen.size());
        assertEquals(List.of(), out());
    }

    @Test
    void letsAHandlerBackInByCommandOrByAnUpdate() {
        stage.set("handler.failures", 1);
        FakeHandler throwing = throwing();
        faults(1);
        assertEquals(1, out().size());

        assertTrue(control.readmit("throwing"));
        faults(1);
        assertEquals(2, throwing.seen.size());
        assertEquals(List.of("failed once; back in 1 s"), out());

        long id = stage.id(throwing);
        stage.dispatcher.addHandler(
                throwing, Source.named("throwing", id), FakeHandler.properties(6, Stage.ALL));
        faults(1);
        assertEquals(3, throwing.seen.size());

        assertTrue(control.readmit(Long.toString(id)));
        assertEquals(
                "name=nobody: nobody was taken out",
                assertThrows(IllegalArgumentException.class, () -> control.readmit("nobody"))
                        .getMessage());
    }

    @Test
    void takesAHandlerOutWhoseEndOfBatchKeepsThrowing() {
        stage.set("handler.failures", 2);
        FakeHandler handler = stage.handler("throwing", 5).throwsAtEnd();

        faults(1);
        faults(1);
        faults(1);

        assertEquals(2, handler.seen.size());
        assertEquals(List.of("failed 2 times in a row; back in 1 s"), out());
    }

    @Test
    void letsRecordsWaitWhoseDecoderKeepsThrowing() {
        stage.set("handler.failures", 4);
        for (int i = 0; i < 6; i++) {
            stage.unit.say(FakeUnit.Say.THROW, 1);
        }
        stage.step();

        assertEquals(4, stage.counts().malformed());
        assertEquals(2, stage.view().queues().get(0).waiting());
        stage.dispatcher.addDecoder(
                new Empty(), Source.named("other", 77), FakeUnit.DECODER_PROPERTIES);
        stage.step();
        assertEquals(2, stage.counts().empty());
        Sums.check(stage.counts());
    }

    /** Finds all records empty. */
    private static final class Empty implements RecordDecoder {
        @Override
        public int recordBytes() {
            return FakeUnit.RECORD_BYTES;
        }

        @Override
        public void decode(ByteBuffer queue, int at, FaultSink out) {
            out.empty();
        }

        @Override
        public void describe(Fault fault, KeySink keys) {
            keys.text("empty", "yes");
        }
    }

    @Test
    void letsAnswersWaitWhoseEncoderKeepsThrowing() {
        stage.set("handler.failures", 2);
        ResponseEncoder broken =
                new ResponseEncoder() {
                    @Override
                    public int commandBytes() {
                        return 8;
                    }

                    @Override
                    public boolean encode(PageRequestGroup g, Response r, ByteBuffer to) {
                        throw new IllegalStateException("broken");
                    }
                };
        Map<String, Object> properties = new java.util.HashMap<>(FakeUnit.ENCODER_PROPERTIES);
        properties.put("service.ranking", 5);
        stage.dispatcher.addEncoder(broken, Source.named("broken", 78), properties);
        for (int i = 0; i < 5; i++) {
            stage.unit.page(1, 1, i, 0x1000, true);
        }

        stage.step();

        assertEquals(2, stage.counts().undeliverable());
        stage.step();
        assertEquals(
                List.of("INVALID 1/2", "INVALID 1/3", "INVALID 1/4"), stage.unit.takeAnswers());
    }
}
