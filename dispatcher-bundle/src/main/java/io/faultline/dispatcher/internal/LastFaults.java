package io.faultline.dispatcher.internal;

import io.faultline.fault.Fault;
import io.faultline.platform.Platform.FaultView;
import io.faultline.queue.Outcome;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;

/**
 * The last faults of one lane, to be looked at. The lane stores, anybody reads; a reader may meet a
 * fault twice or miss one while the lane runs on.
 */
final class LastFaults {
    private static final int SIZE = 256;

    private final AtomicReferenceArray<Fault> faults = new AtomicReferenceArray<>(SIZE);
    private final AtomicReferenceArray<Outcome> outcomes = new AtomicReferenceArray<>(SIZE);
    private int next;

    /** By the lane only. */
    void add(Fault fault, Outcome outcome) {
        int i = next;
        outcomes.setOpaque(i, outcome);
        faults.setRelease(i, fault);
        next = (i + 1) & (SIZE - 1);
    }

    void forEach(Consumer<FaultView> to) {
        for (int i = 0; i < SIZE; i++) {
            Fault fault = faults.getAcquire(i);
            if (fault != null) {
                to.accept(new FaultView(fault, outcomes.getOpaque(i).word()));
            }
        }
    }
}
