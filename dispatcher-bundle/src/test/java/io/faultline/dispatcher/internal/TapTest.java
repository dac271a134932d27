package io.faultline.dispatcher.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.faultline.fault.Response;
import io.faultline.handler.Verdict;
import io.faultline.queue.FaultTap;
import io.faultline.queue.QueueGrant;
import io.faultline.queue.TapBatch;
import io.faultline.queue.Taps;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** R10, R11, R17: taps see everything they have room for, are told what they miss, slow nobody. */
class TapTest {
    private final Stage stage = new Stage();

    /** Writes down what it is shown; {@code ~3} is a gap of three. */
    private static final class Log implements FaultTap {
        final List<String> lines = new ArrayList<>();
        QueueGrant grant;

        @Override
        public void granted(QueueGrant newGrant) {
            grant = newGrant;
        }

        @Override
        public void consume(TapBatch batch) {
            if (batch.lost() > 0) {
                lines.add("~" + batch.lost());
            }
            for (int i = 0; i < batch.size(); i++) {
                lines.add(batch.fault(i).iova() + " " + batch.outcome(i).word());
            }
        }
    }

    private Log tap(int capacity, String... kinds) {
        Log log = new Log();
        stage.dispatcher.addTap(
                log, Source.named("tap", 700), Map.of(Taps.KINDS, kinds, Taps.CAPACITY, capacity));
        return log;
    }

    @Test
    void isShownWhatBecameOfEachFaultOfItsKinds() {
        Log log = tap(64, "unrecoverable", "page_request");
        stage.handler("h", 1)
                .does(
                        (fault, context) ->
                                switch ((int) fault.iova()) {
                                    case 1 -> Verdict.HANDLED;
                                    case 2 -> Verdict.failed("no");
                                    case 4 -> Verdict.handled(Response.SUCCESS);
                                    default -> Verdict.PASSED;
                                });

        stage.unit.unrecoverable(1, 1).unrecoverable(1, 2).unrecoverable(1, 3);
        stage.unit.page(1, 1, 1, 4, true).say(FakeUnit.Say.HINT, 1);
        stage.step();

        assertEquals(List.of("1 handled", "2 failed", "3 unhandled", "4 handled"), log.lines);
    }

    @Test
    void isGrantedAPowerOfTwoWithinTheLimit() {
        stage.set("queue.limit", 32);

        assertEquals(new QueueGrant(100, 32, 32), tap(100, "hint").grant);
        assertEquals(new QueueGrant(5, 8, 32), tap(5, "hint").grant);
    }

    @Test
    void losesWhatDoesNotFitAndIsToldWhere() {
        Log log = tap(4, "unrecoverable");
        for (int i = 0; i < 7; i++) {
            stage.unit.unrecoverable(1, i);
        }
        stage.step();
        stage.unit.unrecoverable(1, 7);
        stage.step();

        assertEquals(
                List.of(
                        "0 unhandled",
                        "1 unhandled",
                        "2 unhandled",
                        "3 unhandled",
                        "~3",
                        "7 unhandled"),
                log.lines);
    }

    @Test
    void keepsRoomForOthersWhenOneDeviceFloods() {
        Log log = tap(8, "unrecoverable");
        stage.unit.unrecoverable(2, 100);
        for (int i = 0; i < 20; i++) {
            stage.unit.unrecoverable(1, i);
        }
        stage.unit.unrecoverable(2, 101).unrecoverable(3, 102);
        stage.step();

        assertEquals(
                List.of(
                        "100 unhandled",
                        "0 unhandled",
                        "1 unhandled",
                        "~18",
                        "101 unhandled",
                        "102 unhandled"),
                log.lines);
    }

    @Test
    void refusesATapThatNamesNoKind() {
        stage.dispatcher.addTap(new Log(), Source.named("tap", 700), Map.of());

        assertTrue(stage.messages.get(0).contains("faultline.tap.kinds is missing"));
    }

    @Test
    void emptiesItsRingsOnAThreadOfItsOwnAndLeavesNone() throws Exception {
        CountDownLatch all = new CountDownLatch(1000);
        FakeUnit unit = new FakeUnit("threads", 1024);
        Dispatcher dispatcher = Dispatcher.running(Settings.DEFAULTS, message -> {});
        dispatcher.addDecoder(
                new FakeUnit.Decoder(), Source.named("decoder", 1), FakeUnit.DECODER_PROPERTIES);
        dispatcher.addTap(
                batch -> {
                    for (int i = 0; i < batch.size(); i++) {
                        all.countDown();
                    }
                },
                Source.named("counting", 700),
                Map.of(Taps.KINDS, "unrecoverable"));
        dispatcher.addUnit(unit, Source.named("threads", 2));
        for (int i = 0; i < 1000; i++) {
            unit.unrecoverable(1, i);
        }

        assertTrue(all.await(30, TimeUnit.SECONDS));
        dispatcher.close(Response.INVALID);
        LaneTakeoverTest.await(() -> threads().isEmpty()); // a lane that has ended may still leave
    }

    @Test
    void getsWhatIsThereBeforeItLeaves() throws Exception {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch open = new CountDownLatch(1);
        AtomicInteger seen = new AtomicInteger();
        FakeUnit unit = new FakeUnit("leaving", 4096);
        Dispatcher dispatcher = Dispatcher.running(Settings.DEFAULTS, message -> {});
        dispatcher.addDecoder(
                new FakeUnit.Decoder(), Source.named("decoder", 1), FakeUnit.DECODER_PROPERTIES);
        dispatcher.addTap(
                batch -> {
                    inside.countDown();
                    open.await();
                    seen.addAndGet(batch.size());
                },
                Source.named("slow", 700),
                Map.of(Taps.KINDS, "unrecoverable"));
        dispatcher.addUnit(unit, Source.named("leaving", 2));
        unit.unrecoverable(1, 0);
        assertTrue(inside.await(30, TimeUnit.SECONDS));
        for (int i = 1; i <= 3000; i++) {
            unit.unrecoverable(1, i);
        }
        LaneTakeoverTest.await(() -> unit.ring.available() == 0);

        Thread removal = new Thread(() -> dispatcher.removeTap(700));
        removal.start();
        LaneTakeoverTest.await(() -> removal.getState() == Thread.State.TIMED_WAITING);
        open.countDown();
        removal.join();

        assertEquals(3001, seen.get());
        dispatcher.close(Response.INVALID);
    }

    private static List<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(n -> n.equals("faultline-tap-counting") || n.contains("threads:q"))
                .toList();
    }

    @Test
    void takesATapOutThatKeepsThrowing() {
        stage.set("handler.failures", 3);
        stage.dispatcher.addTap(
                batch -> {
                    throw new IllegalStateException("disk is full");
                },
                Source.named("broken", 700),
                Map.of(Taps.KINDS, "unrecoverable"));
        for (int i = 0; i < 5; i++) {
            stage.unit.unrecoverable(1, i);
            stage.step();
        }

        List<String> said =
                stage.messages.stream().filter(m -> m.startsWith("taps: broken")).toList();
        assertEquals(1, said.size());
        assertTrue(said.get(0).contains("failed 3 times in a row"), said::toString);
    }
}
