package io.faultline.dispatcher.internal;

import io.faultline.bench.Figure;
import io.faultline.bench.Figures;
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
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.HdrHistogram.Histogram;

/**
 * What swapping costs a lane at full load: the same run with a handler swapped ten times a second,
 * and without, in turns. Told are faults a second, how long one step of the lane takes, and how
 * long a removal takes, which is what {@code bundle.stop} waits for. A step after a long one takes
 * on less ({@link Pace}); faults are counted as they are read.
 *
 * <p>No JMH: what counts is the worst of many steps, not the mean of one.
 *
 * <p>Usage: {@code SwapBench [SECONDS [ROUNDS]]}, by default 5 seconds for each of 3 rounds.
 */
public final class SwapBench {
    private static final int SWAPS_A_SECOND = 10;
    private static final int WARM_UP_SECONDS = 3;
    private static final List<Double> PERCENTILES = List.of(50.0, 99.0, 99.99, 100.0);

    private SwapBench() {}

    /** Runs both in turns, after a run that compiles the code. */
    public static void main(String[] arguments) throws InterruptedException, IOException {
        int seconds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 5;
        int rounds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 3;
        run(WARM_UP_SECONDS, true);
        List<Result> still = new ArrayList<>();
        List<Result> swapping = new ArrayList<>();
        for (int i = 0; i < rounds; i++) {
            still.add(run(seconds, false));
            swapping.add(run(seconds, true));
        }
        List<Figure> figures = new ArrayList<>();
        add(figures, "SwapBench.still", still);
        add(figures, "SwapBench.swapping", swapping);
        for (double percentile : PERCENTILES) {
            figures.add(
                    figure(
                            "SwapBench.removal",
                            "a removal",
                            percentile,
                            swapping,
                            Result::removals));
        }
        for (Figure figure : figures) {
            System.out.printf(
                    Locale.ROOT,
                    "%-20s %-16s %,16.1f (%,.1f to %,.1f) %s%n",
                    figure.name(),
                    figure.parameters().get("of"),
                    figure.score(),
                    figure.least(),
                    figure.most(),
                    figure.unit());
        }
        Figures.save(figures);
    }

    private static void add(List<Figure> figures, String name, List<Result> results) {
        figures.add(
                Figure.ofRounds(
                        name,
                        Map.of("of", "faults"),
                        "ops/s",
                        results.stream().mapToDouble(Result::faultsPerSecond).toArray()));
        for (double percentile : PERCENTILES) {
            figures.add(figure(name, "a step", percentile, results, Result::steps));
        }
    }

    private static Figure figure(
            String name,
            String what,
            double percentile,
            List<Result> results,
            Function<Result, Histogram> times) {
        String of = percentile == 100 ? "longest" : "p" + (percentile + "").replace(".0", "");
        return Figure.ofRounds(
                name,
                Map.of("of", what + ", " + of),
                "us",
                results.stream()
                        .map(times)
                        .mapToDouble(all -> all.getValueAtPercentile(percentile) / 1e3)
                        .toArray());
    }

    /** What one run came to: times in ns. */
    private record Result(double faultsPerSecond, Histogram steps, Histogram removals) {}

    private static Result run(int seconds, boolean swapping) throws InterruptedException {
        Dispatcher dispatcher = Dispatcher.running(Settings.DEFAULTS, message -> {});
        Endless unit = new Endless();
        dispatcher.addDecoder(
                unit, Source.named("decoder", 1), Map.of(Decodes.ARCH, "a", Decodes.QUEUE, "q"));
        add(dispatcher, 10, Verdict.PASSED);
        add(dispatcher, 11, Verdict.HANDLED);
        dispatcher.addUnit(unit, Source.named("unit", 2));
        Histogram removals = new Histogram(3);
        long begin = System.nanoTime();
        if (swapping) {
            for (int i = 0; i < seconds * SWAPS_A_SECOND; i++) {
                LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(1) / SWAPS_A_SECOND);
                long before = System.nanoTime();
                dispatcher.removeHandler(10);
                removals.recordValue(System.nanoTime() - before);
                add(dispatcher, 10, Verdict.PASSED);
            }
        } else {
            Thread.sleep(TimeUnit.SECONDS.toMillis(seconds));
        }
        double passed = (System.nanoTime() - begin) / 1e9;
        double faults = unit.consumed;
        dispatcher.close(Response.INVALID);
        return new Result(faults / passed, unit.steps, removals);
    }

    private static void add(Dispatcher dispatcher, long id, Verdict verdict) {
        dispatcher.addHandler(
                (fault, context) -> verdict,
                Source.named("handler", id),
                Map.of(Handles.KINDS, "unrecoverable"));
    }

    /** A unit whose queue always holds a batch; it times the lane's steps. */
    private static final class Endless implements HardwareUnit, RecordQueue, RecordDecoder {
        private static final int SLOTS = 256;

        private final ByteBuffer memory = ByteBuffer.allocate(SLOTS * Long.BYTES);

        /** By the lane; read when that has ended. */
        private final Histogram steps = new Histogram(3);

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
            if (last != 0) {
                steps.recordValue(now - last);
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
