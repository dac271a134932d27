package io.faultline.dispatcher.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.faultline.fault.Fault;
import io.faultline.fault.Response;
import io.faultline.handler.Deferral;
import io.faultline.handler.FaultContext;
import io.faultline.handler.FaultHandler;
import io.faultline.handler.Handles;
import io.faultline.handler.Verdict;
import io.faultline.platform.Counts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** R5 to R7 with threads: changes while lanes run. */
class RunningDispatcherTest {
    private static final int FAULTS = 300_000;

    private final List<String> messages = new CopyOnWriteArrayList<>();
    private final Dispatcher dispatcher = Dispatcher.running(Settings.DEFAULTS, messages::add);

    RunningDispatcherTest() {
        dispatcher.addDecoder(
                new FakeUnit.Decoder(), Source.named("decoder", 1), FakeUnit.DECODER_PROPERTIES);
        dispatcher.addEncoder(
                new FakeUnit.Encoder(), Source.named("encoder", 2), FakeUnit.ENCODER_PROPERTIES);
    }

    @AfterEach
    void close() {
        dispatcher.close(Response.INVALID);
    }

    /** Counts its calls, sees that they come in order, and notices one that comes too late. */
    private static final class Watcher implements FaultHandler {
        final AtomicLong calls = new AtomicLong();
        final AtomicLong late = new AtomicLong();
        final AtomicLong outOfOrder = new AtomicLong();
        volatile boolean left;
        private volatile long last = -1;

        @Override
        public Verdict handle(Fault fault, FaultContext context) {
            if (left) {
                late.incrementAndGet();
            }
            if (fault.iova() <= last) {
                outOfOrder.incrementAndGet();
            }
            last = fault.iova();
            calls.incrementAndGet();
            return Verdict.PASSED;
        }
    }

    @Test
    void callsNoHandlerAfterItsRemovalAndLosesNothing() throws Exception {
        FakeUnit[] units = {new FakeUnit("u0", 4096), new FakeUnit("u1", 4096)};
        Watcher[] constant = {new Watcher(), new Watcher()};
        for (int i = 0; i < 2; i++) {
            Map<String, Object> properties = FakeHandler.properties(0, "unrecoverable");
            properties.put("faultline.units", "u" + i);
            dispatcher.addHandler(constant[i], Source.named("constant" + i, 10 + i), properties);
            dispatcher.addUnit(units[i], Source.named("u" + i, 20 + i));
        }
        List<Thread> writers = new ArrayList<>();
        for (FakeUnit unit : units) {
            Thread writer = new Thread(() -> write(unit));
            writer.start();
            writers.add(writer);
        }

        List<Watcher> swapped = new ArrayList<>();
        for (int round = 0; writers.stream().anyMatch(Thread::isAlive) || round <= 10; round++) {
            Watcher watcher = new Watcher();
            swapped.add(watcher);
            long id = 100L + round;
            dispatcher.addHandler(
                    watcher, Source.named("swapped", id), FakeHandler.properties(5, Stage.ALL));
            LockSupport.parkNanos(200_000);
            dispatcher.removeHandler(id);
            watcher.left = true;
        }
        for (Thread writer : writers) {
            writer.join();
        }
        await(() -> unhandled().equals(List.of((long) FAULTS, (long) FAULTS)));
        assertEquals(FAULTS, constant[0].calls.get());
        assertEquals(FAULTS, constant[1].calls.get());

        assertEquals(0, swapped.stream().mapToLong(w -> w.late.get()).sum());
        assertEquals(0, constant[0].outOfOrder.get() + constant[1].outOfOrder.get());
        assertTrue(
                swapped.stream().anyMatch(w -> w.calls.get() > 0),
                "at least one of those swapped in must have been offered something");
        assertTrue(swapped.size() > 10, () -> "swaps: " + swapped.size());
        for (var view : dispatcher.platform().units()) {
            assertEquals(FAULTS, view.counts().completed());
            Sums.check(view.counts());
        }
    }

    private List<Long> unhandled() {
        return dispatcher.platform().units().stream().map(v -> v.counts().unhandled()).toList();
    }

    private static void write(FakeUnit unit) {
        for (int i = 0; i < FAULTS; i++) {
            long room = unit.ring.slots() - 1L;
            while (i - unit.ring.consumedSoFar() > room) {
                Thread.onSpinWait();
            }
            unit.unrecoverable(i & 7, i);
        }
    }

    private Watcher watch(FakeUnit unit) {
        Watcher watcher = new Watcher();
        dispatcher.addHandler(
                watcher, Source.named("watcher", 10), FakeHandler.properties(0, "unrecoverable"));
        dispatcher.addUnit(unit, Source.named("u", 20));
        return watcher;
    }

    private FakeUnit gated(int lingerMicros) {
        dispatcher.configure(Map.of("linger.us", lingerMicros));
        FakeUnit unit = new FakeUnit("u", 16);
        unit.ring.hasGate = true;
        return unit;
    }

    /** While it looks by itself the interrupt is held back; before it sleeps it is let through. */
    @Test
    void holdsTheInterruptBackForAWhileAfterWork() {
        FakeUnit unit = gated(50_000);
        Watcher watcher = watch(unit);

        unit.unrecoverable(7, 1);
        await(() -> unit.ring.heldBack.size() == 2);
        assertEquals(List.of(true, false), unit.ring.heldBack);
        assertEquals(1, watcher.calls.get());

        unit.unrecoverable(7, 2);
        await(() -> watcher.calls.get() == 2);
        assertEquals(2, unit.ring.interrupts.get());
    }

    @Test
    void leavesTheInterruptAloneIfItIsNotToLinger() {
        FakeUnit unit = gated(0);
        Watcher watcher = watch(unit);

        for (int i = 1; i <= 3; i++) {
            long faults = i;
            unit.unrecoverable(7, i);
            await(() -> watcher.calls.get() == faults);
        }

        assertEquals(List.of(), unit.ring.heldBack);
    }

    @Test
    void goesOnWhenItsQueueWasBroken() {
        FakeUnit unit = new FakeUnit("u", 16);
        unit.ring.broken = true;
        Watcher watcher = watch(unit);
        await(() -> unit.ring.asked.get() > 2 * Spin.ROUNDS);
        assertTrue(messages.stream().anyMatch(text -> text.contains("the queue is broken")));

        unit.ring.broken = false;
        unit.unrecoverable(7, 1);

        await(() -> watcher.calls.get() == 1);
    }

    @Test
    void givesEachDeferredGroupOneAnswerFromAnotherThread() throws Exception {
        FakeUnit unit = new FakeUnit("u", 4096);
        BlockingQueue<Deferral> taken = new LinkedBlockingQueue<>();
        dispatcher.configure(Map.of("pending.limit.device", 512));
        dispatcher.addHandler(
                (fault, context) -> {
                    taken.add(context.defer());
                    return Verdict.DEFERRED;
                },
                Source.named("deferring", 10),
                FakeHandler.properties(1, Stage.ALL));
        AtomicLong refused = new AtomicLong();
        Thread pool = new Thread(() -> conclude(taken, refused), "concluding");
        pool.setDaemon(true);
        pool.start();
        dispatcher.addUnit(unit, Source.named("u", 20));

        int groups = 50_000;
        for (int i = 0; i < groups; i++) {
            int index = i & 0x1ff;
            if (index == 0) {
                int sent = i;
                await(() -> answered(unit) == sent);
            }
            unit.page(7, 1, index, 0x1000, true);
        }
        await(() -> answered(unit) == groups);
        pool.interrupt();

        Counts counts = dispatcher.platform().units().get(0).counts();
        assertEquals(groups, counts.handled());
        assertEquals(0, counts.withdrawn() + counts.shed() + counts.pending());
        assertEquals(0, refused.get());
        Sums.check(counts);
    }

    private static int answered(FakeUnit unit) {
        synchronized (unit) {
            return unit.answers.size();
        }
    }

    private static void conclude(BlockingQueue<Deferral> taken, AtomicLong refused) {
        try {
            while (true) {
                if (!taken.take().conclude(Verdict.handled(Response.SUCCESS))) {
                    refused.incrementAndGet();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void returnsFromARemovalThatReachesItsLimitAndNamesTheHandler() throws Exception {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        dispatcher.addHandler(
                (fault, context) -> {
                    inside.countDown();
                    release.await();
                    return Verdict.PASSED;
                },
                Source.named("stuck", 10),
                FakeHandler.properties(1, Stage.ALL));
        FakeUnit unit = new FakeUnit("u", 16);
        dispatcher.addUnit(unit, Source.named("u", 20));
        unit.unrecoverable(1, 1);
        assertTrue(inside.await(30, TimeUnit.SECONDS));
        dispatcher.configure(Map.of("handler.limit.ms", 10));

        dispatcher.removeHandler(10);

        await(
                () ->
                        messages.stream()
                                .anyMatch(m -> m.contains("stuck has not let go of lane u:q")));
        release.countDown();
    }

    /** Blocks each call until it is let go, and notices one that comes too late. */
    private static final class Gate implements FaultHandler {
        final CountDownLatch inside = new CountDownLatch(1);
        final CountDownLatch open = new CountDownLatch(1);
        final AtomicLong calls = new AtomicLong();
        volatile boolean out;

        @Override
        public Verdict handle(Fault fault, FaultContext context) throws Exception {
            calls.incrementAndGet();
            inside.countDown();
            open.await();
            out = true;
            return Verdict.PASSED;
        }
    }

    @Test
    void removesOneWhileAnotherRemovalWaitsForTheSameLane() throws Exception {
        dispatcher.configure(Map.of("handler.limit.ms", 3500));
        Gate gate = new Gate();
        AtomicLong second = new AtomicLong();
        dispatcher.addHandler(
                gate, Source.named("first", 10), FakeHandler.properties(2, Stage.ALL));
        dispatcher.addHandler(
                (fault, context) -> {
                    second.incrementAndGet();
                    return Verdict.PASSED;
                },
                Source.named("second", 11),
                FakeHandler.properties(1, Stage.ALL));
        FakeUnit unit = new FakeUnit("u", 16);
        dispatcher.addUnit(unit, Source.named("u", 20));
        unit.unrecoverable(1, 1).unrecoverable(1, 2);
        assertTrue(gate.inside.await(30, TimeUnit.SECONDS));

        List<Thread> removals =
                List.of(
                        new Thread(() -> dispatcher.removeHandler(10)),
                        new Thread(() -> dispatcher.removeHandler(11)));
        removals.forEach(Thread::start);
        await(() -> dispatcher.platform().handlers().isEmpty());
        assertTrue(removals.stream().allMatch(Thread::isAlive), "both wait for the call to end");
        gate.open.countDown();
        for (Thread removal : removals) {
            removal.join();
        }

        long seen = second.get();
        await(() -> dispatcher.platform().units().get(0).counts().completed() == 2);
        assertEquals(1, gate.calls.get());
        assertEquals(seen, second.get(), "calls after its removal");
        assertEquals(List.of(), messages.stream().filter(m -> m.contains("let go")).toList());
    }

    @Test
    void removesAShadowOnceItsThreadIsOutOfIt() throws Exception {
        dispatcher.configure(Map.of("handler.limit.ms", 3500));
        dispatcher.addHandler(
                (fault, context) -> Verdict.HANDLED,
                Source.named("shadowed", 10),
                FakeHandler.properties(2, "unrecoverable"));
        Gate gate = new Gate();
        Map<String, Object> properties = FakeHandler.properties(0, "unrecoverable");
        properties.put(Handles.SHADOW, "shadowed");
        dispatcher.addHandler(gate, Source.named("shadow", 11), properties);
        FakeUnit unit = new FakeUnit("u", 16);
        dispatcher.addUnit(unit, Source.named("u", 20));
        unit.unrecoverable(1, 1).unrecoverable(1, 2);
        assertTrue(gate.inside.await(30, TimeUnit.SECONDS));

        AtomicLong outWhenRemoved = new AtomicLong(-1);
        Thread removal =
                new Thread(
                        () -> {
                            dispatcher.removeHandler(11);
                            outWhenRemoved.set(gate.out ? 1 : 0);
                        });
        removal.start();
        await(() -> dispatcher.handlerControl().shadows().isEmpty());
        assertTrue(removal.isAlive(), "it waits for the call to end");
        gate.open.countDown();
        removal.join();

        assertEquals(1, outWhenRemoved.get());
        unit.unrecoverable(1, 3);
        await(() -> dispatcher.platform().units().get(0).counts().completed() == 3);
        assertEquals(1, gate.calls.get());
        assertEquals(List.of(), messages);
    }

    @Test
    void drainsWithinItsGraceWhatHandlersStillAnswer() throws Exception {
        FakeUnit unit = new FakeUnit("u", 16);
        BlockingQueue<Deferral> taken = new LinkedBlockingQueue<>();
        dispatcher.addHandler(
                (fault, context) -> {
                    taken.add(context.defer());
                    return Verdict.DEFERRED;
                },
                Source.named("deferring", 10),
                FakeHandler.properties(1, Stage.ALL));
        dispatcher.addUnit(unit, Source.named("u", 20));
        unit.page(7, 1, 1, 0x1000, true).page(7, 1, 2, 0x1000, true);
        Deferral first = taken.poll(30, TimeUnit.SECONDS);
        Deferral second = taken.poll(30, TimeUnit.SECONDS);
        dispatcher.configure(Map.of("shutdown.grace.ms", 2000));

        Thread leaving = new Thread(() -> dispatcher.removeUnit(unit, Response.INVALID));
        leaving.start();
        assertTrue(first.conclude(Verdict.handled(Response.SUCCESS)));
        leaving.join();

        assertEquals(List.of("SUCCESS 7/1", "INVALID 7/2"), unit.takeAnswers());
        assertFalse(second.conclude(Verdict.handled(Response.SUCCESS)));
    }

    private static void await(BooleanSupplier condition) {
        long until = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - until > 0) {
                throw new AssertionError("not within a minute");
            }
            LockSupport.parkNanos(50_000);
        }
    }
}
