package io.faultline.dispatcher.internal;

import io.faultline.fault.Fault;
import io.faultline.queue.Outcome;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;

/*
 * Faults on their way from one lane to one tap. One lane writes, one tap thread reads; neither ever waits for the
 * other.
 *
 * Invariant   head <= tail <= head + slots.length; slots in [head, tail) are the tap's, all others the lane's.
 * Publish     The lane stores the slot (plain), then tail (release). The tap reads tail (acquire), then the slot: it
 *             sees the whole fault. Giving slots back is the same through head, the other way round.
 * Full        offer reads head (acquire) only when its cached copy says that the share of one device, or the ring,
 *             may be used up: the lane touches the tap's cache line rarely while the tap keeps up.
 * Share       Which device a slot belongs to is known to the lane alone (`rows`, `held`): it counts slots back when
 *             it next looks at head (R17).
 * Lost        A fault that does not fit is counted in `lost` (written by the lane, release); each slot carries the
 *             count as it was when the slot was written, so that the tap knows where the gap is (R11).
 * Checked by  TapStress (jcstress): no fault torn, lost or seen twice.
 */
final class TapRing {
    private static final VarHandle HEAD;
    private static final VarHandle TAIL;
    private static final VarHandle LOST;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            HEAD = lookup.findVarHandle(TapRing.class, "head", long.class);
            TAIL = lookup.findVarHandle(TapRing.class, "tail", long.class);
            LOST = lookup.findVarHandle(TapRing.class, "lost", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Fault[] faults;
    private final Outcome[] outcomes;
    private final long[] lostBefore;
    private final int[] rows;
    private final int mask;

    /** Slots held by each device row. Only the lane uses it. */
    private int[] held = new int[64];

    /** Next slot to write. Written by the lane. */
    private long tail;

    /** The lane's copy of head. */
    private long headSeen;

    /** Faults that did not fit. Written by the lane. */
    private long lost;

    /** Next slot to read. Written by the tap. */
    private long head;

    /** What the tap knows to be lost. */
    private long lostTold;

    /**
     * An empty ring.
     *
     * @param capacity a power of two
     */
    TapRing(int capacity) {
        faults = new Fault[capacity];
        outcomes = new Outcome[capacity];
        lostBefore = new long[capacity];
        rows = new int[capacity];
        mask = capacity - 1;
    }

    /**
     * Puts a fault in. By the lane only.
     *
     * @param share how many slots one device may hold; {@code Integer.MAX_VALUE} if it is alone
     * @return false if it did not fit: counted
     */
    boolean offer(Fault fault, Outcome outcome, int row, int share) {
        long at = tail;
        int used = (int) (at - headSeen);
        if (used >= Math.min(share, faults.length)) {
            refresh();
            used = (int) (at - headSeen);
        }
        if (row >= held.length) {
            held = Arrays.copyOf(held, Integer.highestOneBit(row) * 2);
        }
        if (used == faults.length || held[row] >= share) {
            LOST.setRelease(this, lost + 1);
            return false;
        }
        int i = (int) at & mask;
        faults[i] = fault;
        outcomes[i] = outcome;
        lostBefore[i] = lost;
        rows[i] = row;
        held[row]++;
        TAIL.setRelease(this, at + 1);
        return true;
    }

    private void refresh() {
        long now = (long) HEAD.getAcquire(this);
        for (long at = headSeen; at != now; at++) {
            held[rows[(int) at & mask]]--;
        }
        headSeen = now;
    }

    /**
     * Takes faults out. By the tap only.
     *
     * @param to takes each; told first how many were lost before it
     * @param limit at most this many
     * @return how many were taken
     */
    int drain(Taker to, int limit) {
        long from = head;
        long until = Math.min((long) TAIL.getAcquire(this), from + limit);
        for (long at = from; at != until; at++) {
            int i = (int) at & mask;
            to.take(faults[i], outcomes[i], lostBefore[i] - lostTold);
            lostTold = lostBefore[i];
            faults[i] = null;
        }
        HEAD.setRelease(this, until);
        return (int) (until - from);
    }

    /** How many were lost behind the last one taken, once the ring is empty. By the tap only. */
    long drainLost() {
        long seen = (long) LOST.getAcquire(this);
        if ((long) TAIL.getAcquire(this) != head) {
            return 0;
        }
        long behind = seen - lostTold;
        lostTold = seen;
        return behind;
    }

    boolean isEmpty() {
        return (long) TAIL.getAcquire(this) == (long) HEAD.getAcquire(this);
    }

    /** How many did not fit so far. */
    long lost() {
        return (long) LOST.getAcquire(this);
    }

    /** Takes what comes out of a ring. */
    @FunctionalInterface
    interface Taker {
        /** Takes one fault; {@code lost} were lost between it and the one before. */
        void take(Fault fault, Outcome outcome, long lost);
    }
}
