package io.faultline.dispatcher.internal;

import io.faultline.fault.Fault;
import io.faultline.handler.FaultHandler;

/** One handler's place in one lane's chain, with what that lane keeps about it. */
final class Post {
    final HandlerEntry entry;
    final FaultHandler handler;

    /** Whether it is called: asked before each call, so it is here, one step away. */
    private final Standing standing;

    /** This lane's counters of the handler. */
    final Tally cells;

    private final Ranges pasids;

    /** Who is shown what it is offered; null, as most often, if nobody is. */
    final Shadow[] shadows;

    /** Number of the last batch of which it was offered a fault (R12). Only its lane uses it. */
    long batch;

    /** How often in a row its endOfBatch has thrown. Only its lane uses it. */
    int throwsAtEnd;

    /** How often in a row it has thrown, and at which of its calls it did so last. */
    private int throwRun;

    private long thrownAt;

    Post(HandlerEntry entry, int lane, Shadow[] shadows, Post before) {
        this.shadows = shadows;
        this.entry = entry;
        this.handler = entry.handler;
        this.standing = entry.life.standing;
        this.cells = entry.life.cells(lane);
        this.pasids = entry.filter.pasids();
        if (before != null) {
            this.batch = before.batch;
            this.throwsAtEnd = before.throwsAtEnd;
            this.throwRun = before.throwRun;
            this.thrownAt = before.thrownAt;
        }
    }

    /** It has thrown: how often in a row that is, with no call between that did not. */
    int throwsInARow() {
        long call = cells.get(HandlerCells.OFFERED);
        throwRun = call == thrownAt + 1 ? throwRun + 1 : 1;
        thrownAt = call;
        return throwRun;
    }

    /** It is taken out: when it comes back it begins anew. */
    void forgetThrows() {
        throwRun = 0;
        throwsAtEnd = 0;
        thrownAt = 0;
    }

    /** Whether it is offered a fault of its chain: the PASID fits, and it is not out. */
    boolean takes(Fault fault) {
        return fits(fault) && !standing.isClosed();
    }

    /** Whether the PASID fits. */
    boolean fits(Fault fault) {
        return pasids == null || pasids.contains(fault.pasid());
    }
}
