package io.faultline.dispatcher.internal;

import io.faultline.fault.Fault;
import io.faultline.fault.FaultBits;
import io.faultline.fault.Reason;
import io.faultline.fault.Response;
import io.faultline.fault.Unit;
import io.faultline.handler.Handles;
import io.faultline.handler.Verdict;
import io.faultline.hardware.CommandPort;
import io.faultline.hardware.Decodes;
import io.faultline.hardware.FaultSink;
import io.faultline.hardware.HardwareUnit;
import io.faultline.hardware.KeySink;
import io.faultline.hardware.RecordDecoder;
import io.faultline.hardware.RecordQueue;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * What swapping costs a lane at full load: the same run with a handler swapped ten times a second,
 * and without. Prints faults a second, how long one step of the lane takes, and how long a removal
 * takes, which is what {@code bundle.stop} waits for.
 *
 * <p>No JMH: what counts is the worst of many steps, not the mean of one.
 */
public final class SwapBench {
    private static final int SECONDS = Integer.getInteger("seconds", 10);
    private static final int SWAPS_A_SECOND = 10;

    private SwapBench() {}

    /** Runs both, after a run that compiles the code. */
    public static void main(String[] arguments) throws InterruptedException {
        run(3, true);
        print("without swaps", run(SECONDS, false));
        print("10 swaps a second", run(SECONDS, true));
    }

    /** What one run came to: times in ns, sorted. */
    @SuppressWarnings("ArrayRecordComponent") // never compared, never shown as a whole
    private record Result(double faultsPerSecond, long[] steps, long[] removals) {}

    private static Result run(int seconds, boolean swapping) throws InterruptedException {
        Dispatcher dispatcher = Dispatcher.running(Settings.DEFAULTS, message -> {});
        Endless unit = new Endless();
        dispatcher.addDecoder(
                unit, Source.named("decoder", 1), Map.of(Decodes.ARCH, "a", Decodes.QUEUE, "q"));
        add(dispatcher, 10, Verdict.PASSED);
        add(dispatcher, 11, Verdict.HANDLED);
        dispatcher.addUnit(unit, Source.named("unit", 2));
        long[] removals = new long[swapping ? seconds * SWAPS_A_SECOND : 0];
        long begin = System.nanoTime();
        if (swapping) {
            for (int i = 0; i < removals.length; i++) {
                LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(1) / SWAPS_A_SECOND);
                long before = System.nanoTime();
                dispatcher.removeHandler(10);
                removals[i] = System.nanoTime() - before;
                add(dispatcher, 10, Verdict.PASSED);
            }
        } else {
            Thread.sleep(TimeUnit.SECONDS.toMillis(seconds));
        }
        double passed = (System.nanoTime() - begin) / 1e9;
        dispatcher.close(Response.INVALID);
        long[] steps = Arrays.copyOf(unit.steps, unit.count);
        Arrays.sort(steps);
        Arrays.sort(removals);
        return new Result(unit.consumed / passed, steps, removals);
    }

    private static void add(Dispatcher dispatcher, long id, Verdict verdict) {
        dispatcher.addHandler(
                (fault, context) -> verdict,
                Source.named("handler", id),
                Map.of(Handles.KINDS, "unrecoverable"));
    }

    private static void print(String what, Result result) {
        System.out.printf(
                "%s: %,.0f faults/s; a step of the lane: p50 %s p99 %s p99.99 %s max %s us",
                what,
                result.faultsPerSecond,
                micros(result.steps, 0.5),
                micros(result.steps, 0.99),
                micros(result.steps, 0.9999),
                micros(result.steps, 1));
        if (result.removals.length > 0) {
            System.out.printf(
                    "; a removal: p50 %s p99 %s max %s us",
                    micros(result.removals, 0.5),
                    micros(result.removals, 0.99),
                    micros(result.removals, 1));
        }
        System.out.println();
    }

    private static String micros(long[] sorted, double part) {
        int at = (int) Math.min(sorted.length - 1, Math.round(sorted.length * part));
        return "%.1f".formatted(sorted[at] / 1e3);
    }

    /** A unit whose queue always holds a batch; it times the lane's steps. */
    private static final class Endless implements HardwareUnit, RecordQueue, RecordDecoder {
        private static final int SLOTS = 256;

        private final ByteBuffer memory = ByteBuffer.allocate(SLOTS * Long.BYTES);
        private final long[] steps = new long[16_000_000];
        private int count;
        private long last;
        private volatile long consumed;

        @Override
        public Unit unit() {
            return new Unit("a", "u");
        }

        @Override
        public List<RecordQueue> queues() {
            return List.of(this);
        }

        @Override
        public CommandPort port() {
            return command -> true;
        }

        @Override
        public String kind() {
            return "q";
        }

        @Override
        public int available() {
            return SLOTS;
        }

        @Override
        public int first() {
            return 0;
        }

        @Override
        public int slots() {
            return SLOTS;
        }

        @Override
        public ByteBuffer memory() {
            return memory;
        }

        @Override
        @SuppressWarnings("NonAtomicVolatileUpdate") // only the lane writes
        public void consumed(int n) {
            long now = System.nanoTime();
            if (last != 0 && count < steps.length) {
                steps[count++] = now - last;
            }
            last = now;
            consumed += n;
        }

        @Override
        public boolean overflowed() {
            return false;
        }

        @Override
        public void acknowledge() {
            throw new IllegalStateException("never overflows");
        }

        @Override
        public int recordBytes() {
            return Long.BYTES;
        }

        @Override
        public void decode(ByteBuffer queue, int at, FaultSink out) {
            out.unrecoverable(
                    Reason.NOT_PRESENT, 0, FaultBits.HAS_REQUESTER, 1, -1, at, 0, 0, 0, 0, 0);
        }

        @Override
        public void describe(Fault fault, KeySink keys) {
            keys.none("nothing");
        }
    }
}
