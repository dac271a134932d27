package io.faultline.handler;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * A counter that is counted on lanes. Each lane counts in a cell of its own, so that two lanes
 * never write one cache line: a plain shared counter brings two lanes down to the speed of one.
 *
 * <pre>{@code
 * private final CounterKey swallowed = CounterKey.of("swallowed");
 * ...
 * context.counter(swallowed).increment();
 * }</pre>
 *
 * <p><b>Threads.</b> Safe for any thread; a {@linkplain #cell cell} is written by its lane only.
 */
public final class CounterKey {
    private static final int MOST_LANES = 1024;

    private final String name;

    /** Cells by lane, made when first asked for; the lane that owns a cell makes it. */
    private final AtomicReferenceArray<LaneCounter> cells = new AtomicReferenceArray<>(MOST_LANES);

    private CounterKey(String name) {
        this.name = name;
    }

    /**
     * A new counter.
     *
     * @param name what it counts, for shell and pages
     * @return a counter at 0
     */
    public static CounterKey of(String name) {
        return new CounterKey(Objects.requireNonNull(name, "name"));
    }

    /**
     * What it counts.
     *
     * @return the name it was made with
     */
    public String name() {
        return name;
    }

    /**
     * The cell of one lane.
     *
     * @param lane the lane, 0 to 1023; numbers beyond share cells, which then count too little
     * @return the same object at each call
     */
    public LaneCounter cell(int lane) {
        int index = lane & (MOST_LANES - 1);
        LaneCounter cell = cells.getAcquire(index);
        return cell != null ? cell : add(index);
    }

    private LaneCounter add(int index) {
        LaneCounter fresh = new LaneCounter();
        LaneCounter present = cells.compareAndExchange(index, null, fresh);
        return present == null ? fresh : present;
    }

    /**
     * What all lanes counted so far.
     *
     * @return the sum; exact once the lanes are quiet
     */
    public long sum() {
        long sum = 0;
        for (int i = 0; i < MOST_LANES; i++) {
            LaneCounter cell = cells.getAcquire(i);
            if (cell != null) {
                sum += cell.value();
            }
        }
        return sum;
    }
}
