package io.faultline.mm.internal;

import io.faultline.fault.Access;
import io.faultline.fault.Unit;
import io.faultline.mm.AddressSpace;
import io.faultline.mm.FaultInResult;
import io.faultline.mm.ModelledSpace;
import io.faultline.mm.SpaceBinding;
import io.faultline.mm.SpaceOptions;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A page that is resident, asked for again: a modelled space with its rights, its gate and its
 * books, beside a map of page numbers that has none of these.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 250, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 250, timeUnit = TimeUnit.MILLISECONDS)
public class FaultInBench {
    private static final Unit UNIT = new Unit("smmuv3", "smmu0");
    private static final int PAGE_SHIFT = 12;

    /** Resident pages; a power of two. */
    @Param({"1024", "1048576"})
    private int pages;

    private final SpaceTable table = new SpaceTable(message -> {});
    private final ConcurrentHashMap<Long, Boolean> map = new ConcurrentHashMap<>();

    /** Brings all of them in. */
    @Setup
    public void fill() {
        ModelledSpace space = table.createModelled("pid 4711", SpaceOptions.DEFAULTS);
        space.load("100000000-300000000 rw-p\n");
        table.bind("pid 4711", SpaceBinding.of("smmu0", 0x100, 7));
        AddressSpace bound = table.find(UNIT, 0x100, 7, 1);
        for (long page = 0; page < pages; page++) {
            bound.faultIn(0x1_0000_0000L + (page << PAGE_SHIFT), Access.WRITE);
            map.put(page, true);
        }
    }

    /** Where a thread is among the pages. */
    @State(Scope.Thread)
    public static class Position {
        private long next;

        /** Far from the last one, so that caches see what devices' addresses do to them. */
        long page(int pages) {
            next += 0x9E37_79B9L;
            return next & (pages - 1);
        }
    }

    /** The space is found by device and PASID, then the page is faulted in. */
    @Benchmark
    public FaultInResult findAndFaultIn(Position position) {
        AddressSpace space = table.find(UNIT, 0x100, 7, 1);
        return space.faultIn(0x1_0000_0000L + (position.page(pages) << PAGE_SHIFT), Access.WRITE);
    }

    /** What somebody would write who needs no more than which pages are there. */
    @Benchmark
    public Boolean putIfAbsent(Position position) {
        return map.putIfAbsent(position.page(pages), true);
    }
}
