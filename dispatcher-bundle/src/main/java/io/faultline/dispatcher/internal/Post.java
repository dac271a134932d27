package io.faultline.dispatcher.internal;

import io.faultline.fault.Fault;
import io.faultline.handler.FaultHandler;

/** One handler's place in one lane's chain, with what that lane keeps about it. */
final class Post {
    final HandlerEntry entry;
    final FaultHandler handler;

    /** This lane's counters of the handler. */
    final Tally cells;

    private final Ranges pasids;

    /** Number of the last batch of which it was offered a fault (R12). Only its lane uses it. */
    long batch;

    Post(HandlerEntry entry, int lane, Post before) {
        this.entry = entry;
        this.handler = entry.handler;
        this.cells = entry.life.cells(lane);
        this.pasids = entry.filter.pasids();
        this.batch = before == null ? 0 : before.batch;
    }

    /** Whether it is offered a fault of its chain: the PASID fits, and it has not left. */
    boolean takes(Fault fault) {
        return fits(fault) && !entry.life.gone();
    }

    /** Whether the PASID fits. */
    boolean fits(Fault fault) {
        return pasids == null || pasids.contains(fault.pasid());
    }
}
