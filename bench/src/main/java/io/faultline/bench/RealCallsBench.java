package io.faultline.bench;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.CompilerControl;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The peers of a chain of three handlers: the same three calls written by hand, as a driver that
 * knows its handlers would. Real calls are the bar that a chain is measured against; inlined ones
 * say what the machine could do and are out of a chain's reach.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class RealCallsBench {
    private final Range low = new Range(0, 0x1000);
    private final Range middle = new Range(0x1000, 0x10_0000);
    private final Range high = new Range(0x10_0000, 0x1_0000_0000L);

    private long iova;

    /** Three calls that stay calls. */
    @Benchmark
    public boolean threeRealCalls() {
        long next = next();
        return low.called(next) || middle.called(next) || high.called(next);
    }

    /** Three calls that the compiler may inline. */
    @Benchmark
    public boolean threeInlinedCalls() {
        long next = next();
        return low.holds(next) || middle.holds(next) || high.holds(next);
    }

    /**
     * Always in the last range, and never the same twice in a row: each handler is asked, nothing
     * can be hoisted.
     */
    private long next() {
        iova = (iova + 0x1000) & 0xff_ffff;
        return iova | 0x100_0000;
    }

    private record Range(long from, long to) {
        boolean holds(long iova) {
            return from <= iova && iova < to;
        }

        @CompilerControl(CompilerControl.Mode.DONT_INLINE)
        boolean called(long iova) {
            return holds(iova);
        }
    }
}
