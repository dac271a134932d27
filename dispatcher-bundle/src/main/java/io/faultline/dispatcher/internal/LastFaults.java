package io.faultline.dispatcher.internal;

import io.faultline.fault.Fault;
import io.faultline.platform.Platform.FaultView;
import io.faultline.queue.Outcome;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.function.Consumer;

/**
 * The last faults of one lane, to be looked at. The lane stores, anybody reads; a reader may meet a
 * fault twice or miss one while the lane runs on.
 */
final class LastFaults {
    private static final int SIZE = 256;
    private static final VarHandle FAULT = MethodHandles.arrayElementVarHandle(Fault[].class);
    private static final VarHandle OUTCOME = MethodHandles.arrayElementVarHandle(Outcome[].class);

    private final Fault[] faults = new Fault[SIZE];
    private final Outcome[] outcomes = new Outcome[SIZE];
    private int next;

    /** By the lane only. */
    void add(Fault fault, Outcome outcome) {
        int i = next & (SIZE - 1);
        next = i + 1;
        OUTCOME.setOpaque(outcomes, i, outcome);
        FAULT.setRelease(faults, i, fault);
    }

    void forEach(Consumer<FaultView> to) {
        for (int i = 0; i < SIZE; i++) {
            Fault fault = (Fault) FAULT.getAcquire(faults, i);
            if (fault != null) {
                Outcome outcome = (Outcome) OUTCOME.getOpaque(outcomes, i);
                to.accept(new FaultView(fault, outcome.word()));
            }
        }
    }
}
