package io.faultline.mm.internal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

/** Lets calls in until it is closed, and knows when the last one has left (R6). */
final class Gate {
    /*
     * Calls never wait; closing waits for the calls that are inside.
     *
     * Enter       A call counts itself in, then reads closed (volatile). If it is closed, it counts itself out.
     * Leave       It counts itself out (release), after the last thing it does inside.
     * Owner       The thread that came first, a lane as a rule, has counts of its own that nobody else writes: plain
     *             stores. It is known by its id, which is never used again. All others count atomically.
     * Close       Stores closed (volatile), then has the stacks of all threads taken, then reads the counts. Stacks are
     *             taken at a safepoint of each thread, which orders memory both ways: a call that entered before it is
     *             seen in the counts, one that enters after it sees closed. So that is the fence between store and load
     *             that the owner, who enters a million times a second, does not pay; as CallGuard of the dispatcher does.
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
            OWNER_ENTERED.setOpaque(this, ownerEntered + 1);
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
    private boolean isEmpty() {
        long out = (long) OWNER_LEFT.getVolatile(this) + left.sum();
        return out == calls();
    }

    /**
     * Waits for those who are inside of closed gates.
     *
     * @param deadline by {@link System#nanoTime}
     * @return false if somebody still was at the deadline
     */
    static boolean awaitEmpty(List<Gate> gates, long deadline) {
        var unused =
                Thread.getAllStackTraces(); // see above: what it does on the way is what counts
        for (Gate gate : gates) {
            while (!gate.isEmpty()) {
                if (System.nanoTime() - deadline > 0) {
                    return false;
                }
                LockSupport.parkNanos(POLL_NANOS);
            }
        }
        return true;
    }

    /** How many calls came. */
    long calls() {
        return (long) OWNER_ENTERED.getVolatile(this) + entered.sum();
    }
}
