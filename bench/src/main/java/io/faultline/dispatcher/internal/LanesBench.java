package io.faultline.dispatcher.internal;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Two lanes of one dispatcher, with the same three handlers, against one; beside it a counter that
 * each thread has for itself: what the machine's two processors can do at all. Handlers that count
 * do so per lane, as the API asks them to.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@OperationsPerInvocation(EndlessUnit.BATCH)
@Fork(3)
@Warmup(iterations = 4, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
public class LanesBench {
    /** A dispatcher with two lanes. */
    @State(Scope.Benchmark)
    public static class Platform {
        private final AtomicInteger next = new AtomicInteger();
        private PollutedLane polluted;

        /** Adds the second unit; handlers that share nothing between lanes. */
        @Setup
        public void prepare() {
            polluted = new PollutedLane("first", RecordKind.SMMUV3_EVENT);
            polluted.toStateless();
            polluted.dispatcher.addUnit(
                    new EndlessUnit("second", RecordKind.SMMUV3_EVENT), Source.named("unit", 4));
        }
    }

    /** One thread's lane. */
    @State(Scope.Thread)
    public static class Mine {
        private Lane lane;

        /** Takes the next lane. */
        @Setup
        public void take(Platform platform) {
            lane = platform.polluted.dispatcher.lanes().get(platform.next.getAndIncrement());
        }
    }

    /** One thread's counter, in cache lines of its own. */
    @State(Scope.Thread)
    public static class Counter {
        private final Tally tally = new Tally(1);

        long batch() {
            for (int i = 0; i < EndlessUnit.BATCH; i++) {
                tally.increment(0);
            }
            return tally.get(0);
        }
    }

    /** One lane. */
    @Benchmark
    public int oneLane(Mine mine) {
        return mine.lane.stepByHand();
    }

    /** Two lanes. */
    @Benchmark
    @Threads(2)
    public int twoLanes(Mine mine) {
        return mine.lane.stepByHand();
    }

    /** One counter. */
    @Benchmark
    public long oneCounter(Counter counter) {
        return counter.batch();
    }

    /** Two counters. */
    @Benchmark
    @Threads(2)
    public long twoCounters(Counter counter) {
        return counter.batch();
    }
}
