package io.faultline.dispatcher.internal;

import io.faultline.fault.Fault;
import io.faultline.handler.Deferral;
import io.faultline.handler.Failure;
import io.faultline.handler.FaultContext;
import java.util.ArrayList;
import java.util.List;

/** What a handler sees while it handles a fault. One for each lane, set anew for each fault. */
final class LaneContext implements FaultContext {
    private final Lane lane;

    private Fault fault;
    private DeviceRow row;
    private Post post;
    private boolean deferrable;

    /** The deadline of a fault that was deferred before; else 0. */
    private long presentDeadline;

    /** Immutable; a new list for each failure, which is rare. */
    private List<Failure> failures = List.of();

    /** What the present handler took over with; null if it did not. */
    private Waiting deferral;

    LaneContext(Lane lane) {
        this.lane = lane;
    }

    void begin(Fault newFault, DeviceRow newRow, boolean newDeferrable, Waiting before) {
        fault = newFault;
        row = newRow;
        deferrable = newDeferrable;
        failures = before == null ? List.of() : before.failures;
        presentDeadline = before == null ? 0 : before.deadlineNanos;
    }

    void offer(Post newPost) {
        post = newPost;
        deferral = null;
    }

    /** What the handler took over with, if it did. */
    Waiting deferral() {
        return deferral;
    }

    void fail(Failure failure) {
        List<Failure> longer = new ArrayList<>(failures);
        longer.add(failure);
        failures = List.copyOf(longer);
    }

    void end() {
        fault = null;
        post = null;
        deferral = null;
    }

    @Override
    public List<Failure> failures() {
        return failures;
    }

    @Override
    public Deferral defer() {
        if (post == null) {
            throw new IllegalStateException("defer() outside of handle()");
        }
        if (!deferrable) {
            throw new IllegalStateException(
                    "kind="
                            + fault.kind().word()
                            + (fault.observed() ? " (observed)" : "")
                            + " cannot be deferred; only page requests and hints can, and not if they are"
                            + " observed");
        }
        if (deferral == null) {
            long deadline = presentDeadline != 0 ? presentDeadline : lane.deadlineFor(fault);
            deferral =
                    new Waiting(
                            fault,
                            row,
                            Waiting.Cause.DEFERRED,
                            deadline,
                            deadline,
                            post.entry,
                            null,
                            lane.inbox());
        }
        return deferral;
    }

    @Override
    public int lane() {
        return lane.id();
    }

    @Override
    public boolean shadow() {
        return false;
    }

    @Override
    public long nanos() {
        return lane.nanos();
    }
}
