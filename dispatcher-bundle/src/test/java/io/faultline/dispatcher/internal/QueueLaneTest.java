package io.faultline.dispatcher.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.faultline.fault.FaultKind;
import io.faultline.fault.Response;
import io.faultline.handler.Handles;
import io.faultline.handler.Verdict;
import io.faultline.hardware.Decodes;
import io.faultline.platform.DeviceView;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** R5, R13, R15, R16, R18: what a lane does with the records of its queue. */
class QueueLaneTest {
    private final Stage stage = new Stage();

    @Test
    void leavesRecordsInTheQueueWhileThereIsNoDecoder() {
        FakeHandler handler = stage.handler("h", 1);
        stage.dispatcher.removeDecoder(1);
        stage.unit.unrecoverable(1, 0).unrecoverable(1, 1).unrecoverable(1, 2);
        stage.step();
        assertEquals(0, stage.unit.ring.consumedSoFar());
        assertEquals("no decoder", stage.view().queues().get(0).state());
        assertTrue(
                stage.dispatcher.platform().health().get(0).contains("3 records wait"),
                () -> stage.dispatcher.platform().health().toString());

        stage.decoder();
        stage.step();

        assertEquals(
                List.of(0L, 1L, 2L), handler.seen.stream().map(fault -> fault.iova()).toList());
        assertEquals(
                List.of(1L, 2L, 3L), handler.seen.stream().map(fault -> fault.sequence()).toList());
    }

    /** R6: what a lane may be inside of is not let go of without waiting for it. */
    @Test
    void keepsADecoderAsItWasWhenItsRankingTurnsIntoNonsense() {
        Map<String, Object> properties = new HashMap<>(FakeUnit.DECODER_PROPERTIES);
        properties.put("service.ranking", "high");
        stage.dispatcher.removeDecoder(1);
        FakeUnit.Decoder decoder = new FakeUnit.Decoder();
        Source source = Source.named("mine", 77);
        stage.dispatcher.addDecoder(decoder, source, FakeUnit.DECODER_PROPERTIES);

        stage.dispatcher.addDecoder(decoder, source, properties);

        String last = stage.messages.get(stage.messages.size() - 1);
        assertTrue(last.contains("mine") && last.contains("service.ranking=high"), last);
        assertTrue(last.endsWith("; it stays as it was"), last);
        stage.unit.unrecoverable(7, 0x1000);
        stage.step();
        assertEquals(1, stage.counts().unrecoverable());
    }

    @Test
    void refusesADecoderThatDoesNotSayWhatItDecodes() {
        stage.dispatcher.addDecoder(
                new FakeUnit.Decoder(), Source.named("mine", 77), Map.of(Decodes.ARCH, "fake"));

        String last = stage.messages.get(stage.messages.size() - 1);
        assertTrue(last.contains("mine") && last.contains(Decodes.QUEUE), last);
        assertEquals(2, stage.dispatcher.platform().decoders().size());
    }

    @Test
    void countsWhatADecoderThrowsOrDoesNotSayAsMalformed() {
        stage.unit.say(FakeUnit.Say.THROW, 1).say(FakeUnit.Say.NOTHING, 1);
        stage.unit.say(FakeUnit.Say.MALFORMED, 1).say(FakeUnit.Say.EMPTY, 1).unrecoverable(1, 1);
        stage.step();

        assertEquals(Map.of("decoder_defect", 2L, "bad_record", 1L), stage.view().malformed());
        assertEquals(1, stage.counts().empty());
        assertEquals(1, stage.counts().unrecoverable());
        Sums.check(stage.counts());
    }

    @Test
    void triesARecordThatIsNotWrittenYetAgainForABoundedTime() {
        stage.unit.unrecoverable(1, 0).say(FakeUnit.Say.NOT_WRITTEN, 1).unrecoverable(1, 2);
        stage.step();
        assertEquals(1, stage.unit.ring.consumedSoFar());

        stage.step(99);
        assertEquals(1, stage.unit.ring.consumedSoFar());
        stage.step(1);

        assertEquals(3, stage.unit.ring.consumedSoFar());
        assertEquals(Map.of("not_written", 1L), stage.view().malformed());
        Sums.check(stage.counts());
    }

    @Test
    void offersObservedFaultsOnlyToThoseThatAskForThem() {
        FakeUnit told = new FakeUnit("told", 16);
        told.observed = true;
        stage.dispatcher.addUnit(told, Source.named("told", 998));
        FakeHandler acting = stage.handler("acting", 5);
        Map<String, Object> properties = FakeHandler.properties(1, Stage.ALL);
        properties.put(Handles.OBSERVED, true);
        FakeHandler watching = stage.handler("watching", properties).defers();

        told.page(7, 3, 5, 0x1000, false).page(7, 3, 5, 0x1000, true).unrecoverable(7, 1);
        stage.step();

        assertEquals(List.of(), acting.seen);
        assertEquals(3, watching.seen.size(), "an observed page request is a group of one");
        assertEquals(List.of(), watching.deferrals, "never deferred");
        assertEquals(List.of(), told.takeAnswers());
    }

    @Test
    void readsNothingFromAnInconsistentQueueAndSaysSo() {
        stage.unit.unrecoverable(1, 0);
        stage.unit.ring.inconsistent = true;
        stage.step();

        assertEquals(0, stage.counts().records());
        assertTrue(
                stage.dispatcher.platform().health().get(0).contains("contradict"),
                () -> stage.dispatcher.platform().health().toString());
    }

    @Test
    void boundsTheDevicesItCountsAndGivesTheRestOneRow() {
        stage.set("devices.limit", 3);
        for (int requester = 0; requester < 10; requester++) {
            stage.unit.unrecoverable(requester, 0);
        }
        stage.step();

        List<DeviceView> devices = stage.dispatcher.platform().devices("unit0");
        assertEquals(
                List.of(0L, 1L, 2L, -1L), devices.stream().map(DeviceView::requester).toList());
        assertEquals(7, devices.get(3).counts().unrecoverable());
    }

    @Test
    void keepsABadSettingOutAndShowsIt() {
        stage.dispatcher.configure(Map.of("pending.limit.unit", 0, "batch.limit", "7"));

        assertEquals("4096", stage.dispatcher.platform().settings().get("pending.limit.unit"));
        assertEquals("7", stage.dispatcher.platform().settings().get("batch.limit"));
        assertEquals(
                List.of(
                        "dispatcher: pending.limit.unit=0 is out of range; allowed are 1 to 65536;"
                                + " 4096 stays in force"),
                stage.dispatcher.platform().health());
    }

    @Test
    void showsWhatBundlesSayOfThemselvesForAsLongAsTheySayIt() {
        List<String> said = new ArrayList<>();
        stage.dispatcher.addHealth(() -> said, Source.named("speaker", 900));
        stage.dispatcher.addHealth(
                () -> {
                    throw new IllegalStateException("lost for words");
                },
                Source.named("mute", 901));

        said.add("guest: no socket");
        assertEquals("guest: no socket", stage.dispatcher.platform().health().get(0));
        said.clear();
        String rest = stage.dispatcher.platform().health().get(0);
        assertTrue(rest.contains("mute") && rest.contains("lost for words"), rest);
        stage.dispatcher.removeHealth(901);
        assertEquals(List.of(), stage.dispatcher.platform().health());
    }

    @Test
    void logsUnhandledFaultsWithALimit() {
        for (int i = 0; i < 50; i++) {
            stage.unit.unrecoverable(1, i);
        }
        stage.step();

        assertEquals(10, stage.messages.size());
        assertTrue(stage.messages.get(0).startsWith("unhandled: unit0 q #1 UnrecoverableFault"));
        assertEquals(50, stage.counts().unhandled());
    }

    @Test
    void offersAFaultOnceWhenTheChainChangesWithinABatch() {
        FakeHandler late = new FakeHandler("late");
        FakeHandler first = stage.handler("first", 5);
        first.does(
                (fault, context) -> {
                    if (fault.iova() == 1) {
                        stage.dispatcher.addHandler(
                                late,
                                Source.named("late", 500),
                                FakeHandler.properties(9, Stage.ALL));
                    }
                    return Verdict.PASSED;
                });
        for (int i = 0; i < 4; i++) {
            stage.unit.unrecoverable(1, i);
        }
        stage.step();

        assertEquals(
                List.of(0L, 1L, 2L, 3L), first.seen.stream().map(fault -> fault.iova()).toList());
        assertEquals(List.of(2L, 3L), late.seen.stream().map(fault -> fault.iova()).toList());
        assertEquals(List.of(4), first.batches);
    }

    @Test
    void aHandlerThatTakesItselfOutIsNotCalledAgain() {
        FakeHandler self = stage.handler("self", 5);
        self.does(
                (fault, context) -> {
                    stage.remove(self);
                    return Verdict.HANDLED;
                });
        for (int i = 0; i < 3; i++) {
            stage.unit.unrecoverable(1, i);
        }
        stage.step();

        assertEquals(1, self.seen.size());
        assertEquals(List.of(), self.batches);
    }

    @Property(tries = 300)
    void anyMixOfRecordsAddsUp(@ForAll List<Integer> mix) {
        Stage any = new Stage();
        any.dispatcher.configure(
                Map.of("pending.limit.device", 3, "partial.limit.device", 3, "batch.limit", 7));
        FakeHandler handler = any.handler("h", 1);
        handler.does(
                (fault, context) -> {
                    if (fault.iova() % 3 == 0 && fault.kind() != FaultKind.UNRECOVERABLE) {
                        handler.deferrals.add(context.defer());
                        return Verdict.DEFERRED;
                    }
                    return fault.iova() % 3 == 1 ? Verdict.PASSED : Verdict.failed("no");
                });
        for (int code : mix) {
            int n = code & 0xffff;
            FakeUnit.Say say = FakeUnit.Say.ALL.get(n % FakeUnit.Say.ALL.size());
            if (say != FakeUnit.Say.NOT_WRITTEN) {
                any.unit.write(
                        say, (n >> 4) & 3, (n >> 6) & 1, (n >> 7) & 3, (code >>> 3) & 0xffff, n);
            }
            if (n % 5 == 0 && !handler.deferrals.isEmpty()) {
                handler.deferrals.get(n % handler.deferrals.size()).conclude(Verdict.failed("x"));
            }
            if (n % 3 == 0) {
                any.step(n % 2000);
                Sums.check(any.counts());
            }
        }
        any.step();
        Sums.check(any.counts());
        any.step(20_000);
        assertEquals(0, any.counts().pending());
        Sums.check(any.counts());
        any.dispatcher.close(Response.INVALID);
    }
}
