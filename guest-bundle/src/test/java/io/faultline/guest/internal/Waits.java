package io.faultline.guest.internal;

import io.faultline.handler.Deferral;
import io.faultline.handler.Failure;
import io.faultline.handler.FaultContext;
import io.faultline.handler.Verdict;
import java.util.List;

/** A lane's context whose deferrals wait for ever: a test calls the handler itself. */
final class Waits implements FaultContext, Deferral {
    @Override
    public List<Failure> failures() {
        return List.of();
    }

    @Override
    public Deferral defer() {
        return this;
    }

    @Override
    public int lane() {
        return 0;
    }

    @Override
    public boolean shadow() {
        return false;
    }

    @Override
    public long nanos() {
        return System.nanoTime();
    }

    @Override
    public boolean conclude(Verdict verdict) {
        return true;
    }

    @Override
    public long deadlineNanos() {
        return Long.MAX_VALUE;
    }

    @Override
    public boolean cancelled() {
        return false;
    }
}
