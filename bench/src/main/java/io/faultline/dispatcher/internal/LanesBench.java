package io.faultline.dispatcher.internal;

import io.faultline.fault.Fault;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
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
 * each thread has for itself: what the machine's two processors can do at all; and a decoder that
 * each has for itself: what they can do of the work that has to be done, the one object that is
 * made of a record. Handlers that count do so per lane, as the API asks them to.
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
        private final List<EndlessUnit> units = new ArrayList<>();

        /** Adds the second unit; handlers that share nothing between lanes. */
        @Setup
        public void prepare() {
            polluted = new PollutedLane("first", RecordKind.SMMUV3_EVENT);
            polluted.toStateless();
            EndlessUnit second = new EndlessUnit("second", RecordKind.SMMUV3_EVENT);
            polluted.dispatcher.addUnit(second, Source.named("unit", 4));
            units.addAll(List.of(polluted.unit, second));
        }
    }

    /** One thread's lane. */
    @State(Scope.Thread)
    public static class Mine {
        private Lane lane;
        private EndlessUnit unit;

        /** Takes the next lane. */
        @Setup
        public void take(Platform platform) {
            int mine = platform.next.getAndIncrement();
            lane = platform.polluted.dispatcher.lanes().get(mine);
            unit = platform.units.get(mine);
        }

        long round() {
            return unit.round(lane);
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

    /** One thread's decoder, with records and objects that no other thread touches. */
    @State(Scope.Thread)
    public static class Decoding {
        private static final RecordKind KIND = RecordKind.SMMUV3_EVENT;

        private final MadeFaults made = new MadeFaults(KIND);
        private final ByteBuffer memory = new EndlessUnit("alone", KIND).memory();

        Fault batch() {
            return made.decodeBatch(memory);
        }
    }

    /** One lane. */
    @Benchmark
    public long oneLane(Mine mine) {
        return mine.round();
    }

    /** Two lanes. */
    @Benchmark
    @Threads(2)
    public long twoLanes(Mine mine) {
        return mine.round();
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

    /** One decoder. */
    @Benchmark
    public Fault oneDecoder(Decoding decoding) {
        return decoding.batch();
    }

    /** Two decoders. */
    @Benchmark
    @Threads(2)
    public Fault twoDecoders(Decoding decoding) {
        return decoding.batch();
    }
}
