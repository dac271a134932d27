package io.faultline.guest.internal;

import io.faultline.fault.PageRequestGroup;
import io.faultline.handler.Deferral;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A group between lane and guest.
 *
 * <p>Its state only rises. Who takes it a step up does what belongs to that step: the writer
 * delivers, and the guest's answer, a withdrawal or the end of the claim ends it.
 */
final class Held {
    static final int QUEUED = 0;
    static final int DELIVERED = 1;
    static final int ENDED = 2;

    final Claim claim;
    final PageRequestGroup group;
    final Deferral deferral;

    /** The places it has; none if it never gets into the queue. */
    final int records;

    /** How many dispatchers had left when it was taken over. */
    final int dispatcher;

    /** Written by the writer before it is delivered. */
    volatile int cookie;

    private final AtomicInteger state = new AtomicInteger();

    Held(Claim claim, PageRequestGroup group, Deferral deferral, int records) {
        this.claim = claim;
        this.group = group;
        this.deferral = deferral;
        this.records = records;
        this.dispatcher = claim.session.dispatcher();
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
