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

    /** Written by the writer before it is delivered. */
    volatile int cookie;

    private final AtomicInteger state = new AtomicInteger();

    Held(Claim claim, Fault fault, Deferral deferral, int records, long lostBefore) {
        this.claim = claim;
        this.fault = fault;
        this.deferral = deferral;
        this.records = records;
        this.lostBefore = lostBefore;
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
