package io.faultline.iopf.internal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts exactly, and costs the thread that made it no atomic operation: page requests of one
 * device and PASID come by one lane nearly always. By its id, not by the lane's number, since a
 * lane whose call was given up goes on with another thread while the first is still inside (R14).
 *
 * <p><b>Threads.</b> Any.
 */
final class OwnedCounter {
    private static final VarHandle OWN;

    static {
        try {
            OWN = MethodHandles.lookup().findVarHandle(OwnedCounter.class, "own", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** Ids are never used again, and pin nothing of the thread's. */
    private final long owner = Thread.currentThread().getId();

    /** Written by the owner alone. */
    private long own;

    private final LongAdder others = new LongAdder();

    void increment() {
        if (Thread.currentThread().getId() == owner) {
            OWN.setOpaque(this, own + 1);
        } else {
            others.increment();
        }
    }

    long sum() {
        return (long) OWN.getOpaque(this) + others.sum();
    }
}
