package io.faultline.guest.internal;

import io.faultline.fault.Fault;
import io.faultline.handler.Deferral;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A fault between lane and guest.
 *
 * <p>Its state only rises. Who takes it a step up does what belongs to that step: the writer
 * delivers, and the guest's answer, a withdrawal or the end of the claim ends it.
 */
final class Held {
    static final int QUEUED = 0;
    static final int DELIVERED = 1;
    static final int ENDED = 2;

    final Claim claim;
    final Fault fault;

    /** Null for an event: nobody waits for it. */
    final Deferral deferral;

    final int records;

    /** Events that were lost before this one. */
    final long lostBefore;

    /** How its guest sees it; null for a group. */
    final EventFormat format;

    /** Written by the writer before it is delivered. */
    volatile int cookie;

    private final AtomicInteger state = new AtomicInteger();

    /** A group. */
    Held(Claim claim, Fault fault, Deferral deferral, int records) {
        this(claim, fault, deferral, records, 0, null);
    }

    /** An event. */
    Held(Claim claim, Fault fault, long lostBefore, EventFormat format) {
        this(claim, fault, null, 1, lostBefore, format);
    }

    private Held(
            Claim claim,
            Fault fault,
            Deferral deferral,
            int records,
            long lostBefore,
            EventFormat format) {
        this.claim = claim;
        this.fault = fault;
        this.deferral = deferral;
        this.records = records;
        this.lostBefore = lostBefore;
        this.format = format;
    }

    boolean deliver() {
        return state.compareAndSet(QUEUED, DELIVERED);
    }

    /** Ends it, and says what it was before. */
    int end() {
        return state.getAndSet(ENDED);
    }

    boolean hasEnded() {
        return state.get() == ENDED;
    }
}
