package io.faultline.handler;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * One lane's cell of a {@link CounterKey}.
 *
 * <p>Only its lane writes it, so an increment is a plain read and an opaque write, no atomic
 * operation. The value stands in the middle of 256 bytes of its own: with neighbours on its cache
 * line, two lanes ran at 0.26 to 1.1 of the speed of one.
 */
public final class LaneCounter {
    private static final VarHandle CELL = MethodHandles.arrayElementVarHandle(long[].class);
    private static final int VALUE = 16;

    private final long[] padded = new long[2 * VALUE];

    LaneCounter() {}

    /** Adds one. By the lane that owns the cell only. */
    public void increment() {
        add(1);
    }

    /**
     * Adds some. By the lane that owns the cell only.
     *
     * @param n how many
     */
    public void add(long n) {
        CELL.setOpaque(padded, VALUE, padded[VALUE] + n);
    }

    /**
     * What was counted so far. From any thread.
     *
     * @return the sum of all additions
     */
    public long value() {
        return (long) CELL.getOpaque(padded, VALUE);
    }
}
