package io.faultline.mm.internal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

/** Lets calls in until it is closed, and knows when the last one has left (R6). */
final class Gate {
    /*
     * Calls never wait; closing waits for the calls that are inside.
     *
     * Enter       A call counts itself in (a CAS, or a volatile store of the owner's), then reads closed (volatile). If it
     *             is closed, it counts itself out.
     * Leave       It counts itself out (a CAS, or a release store of the owner's), after the last thing it does inside.
     * Owner       The thread that came first, a lane as a rule, has counts of its own that nobody else writes. It is known
     *             by its id, which is never used again.
     * Close       Stores closed (volatile), then reads the counts. A call that entered unseen by the count of those
     *             who entered has not yet read closed, and will see it.
     * Empty       The leavers are summed first, then those who entered. Both only grow, so leavers <= entered holds at
     *             every moment, and equal sums mean that at the moment between the two nobody was inside, although
     *             neither sum is a snapshot.
     * Checked by  GateStress (jcstress): nobody is inside once closing has returned.
     */
    /** Felix SCR gives up an unbind after 5 s. */
    static final long LONGEST_WAIT_NANOS = TimeUnit.SECONDS.toNanos(4);

    private static final long POLL_NANOS = 20_000;

    private static final VarHandle OWNER = field("owner");
    private static final VarHandle OWNER_ENTERED = field("ownerEntered");
    private static final VarHandle OWNER_LEFT = field("ownerLeft");

    private final LongAdder entered = new LongAdder();
    private final LongAdder left = new LongAdder();
    private volatile boolean closed;

    /** 0 until somebody has come. */
    private volatile long owner;

    private long ownerEntered;
    private long ownerLeft;

    private static VarHandle field(String name) {
        try {
            return MethodHandles.lookup().findVarHandle(Gate.class, name, long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private boolean isOwner() {
        long me = Thread.currentThread().getId();
        return me == owner || (owner == 0 && OWNER.compareAndSet(this, 0L, me));
    }

    /** Returns false if it is closed; then there is nothing to leave. */
    boolean enter() {
        if (isOwner()) {
            OWNER_ENTERED.setVolatile(this, ownerEntered + 1);
        } else {
            entered.increment();
        }
        if (closed) {
            leave();
            return false;
        }
        return true;
    }

    /** By the thread that has entered. */
    void leave() {
        if (isOwner()) {
            OWNER_LEFT.setRelease(this, ownerLeft + 1);
        } else {
            left.increment();
        }
    }

    /** From now on nobody is let in. */
    void close() {
        closed = true;
    }

    boolean isClosed() {
        return closed;
    }

    /** Whether nobody was inside at some moment of this call. */
    boolean isEmpty() {
        long out = (long) OWNER_LEFT.getVolatile(this) + left.sum();
        return out == calls();
    }

    /**
     * Waits for those who are inside a closed gate.
     *
     * @param deadline by {@link System#nanoTime}
     * @return false if somebody still was at the deadline
     */
    boolean awaitEmpty(long deadline) {
        while (!isEmpty()) {
            if (System.nanoTime() - deadline > 0) {
                return false;
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
        return true;
    }

    /** How many calls came. */
    long calls() {
        return (long) OWNER_ENTERED.getVolatile(this) + entered.sum();
    }
}
