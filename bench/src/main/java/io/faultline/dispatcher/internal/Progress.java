package io.faultline.dispatcher.internal;

import io.faultline.fault.Fault;
import java.util.concurrent.atomic.AtomicLong;

/** How many faults a handler has seen that runs on another thread. */
final class Progress {
    private static final int SPINS = 1000;

    private final Counting handler;
    private final AtomicLong seen = new AtomicLong();

    Progress(Counting handler) {
        this.handler = handler;
    }

    /** The handler is called. On its thread. */
    void handle(Fault fault) {
        handler.handle(fault, null);
        saw();
    }

    /** One more is through. On its thread. */
    void saw() {
        seen.lazySet(seen.getPlain() + 1);
    }

    /**
     * Waits until it has seen that many; lets others run where there are more threads than
     * processors.
     */
    @SuppressWarnings("ThreadPriorityCheck")
    void await(long count) {
        for (int i = 0; seen.getAcquire() < count; i++) {
            if (i < SPINS) {
                Thread.onSpinWait();
            } else {
                Thread.yield();
            }
        }
    }
}
