package io.faultline.dispatcher.internal;

import io.faultline.fault.Fault;
import io.faultline.handler.Deferral;
import io.faultline.handler.Failure;
import io.faultline.handler.FaultContext;
import java.util.ArrayList;
import java.util.List;

/**
 * What a handler sees while it handles a fault. One for each thread of a lane, set anew for each
 * fault; a handler whose call was given up keeps the former thread's, which does nothing any more.
 */
final class LaneContext implements FaultContext {
    private static final List<Failure> NONE = List.of();

    private final Lane lane;
    private final CallGuard guard;

    private Fault fault;
    private DeviceRow row;

    /** The chain that the fault goes down, and who of it is offered the fault; -1: nobody. */
    private Post[] way;

    private int at = -1;

    /** The deadline of a fault that was deferred before; else 0. */
    private long presentDeadline;

    /** Immutable; a new list for each failure, which is rare. */
    private List<Failure> failures = NONE;

    /** What the present handler took over with; null if it did not. */
    private Waiting deferral;

    LaneContext(Lane lane, CallGuard guard) {
        this.lane = lane;
        this.guard = guard;
    }

    void begin(Fault newFault, DeviceRow newRow, Post[] newWay, Waiting before) {
        fault = newFault;
        row = newRow;
        if (way != newWay) {
            way = newWay;
        }
        if (at >= 0) {
            end(); // an error of our own, as no memory, has ended the offer before
            fault = newFault;
        }
        if (before != null) {
            failures = before.failures;
            presentDeadline = before.deadlineNanos;
        }
    }

    /** The handler at that place of the chain is offered the fault. */
    void offer(int place) {
        at = place;
    }

    /** Whether the fault can be taken over. */
    boolean isDeferrable() {
        return lane.mayDefer(fault);
    }

    /** Who is offered the fault. */
    Post post() {
        return way[at];
    }

    /** The chain that the fault goes down. */
    Post[] way() {
        return way;
    }

    /** The place in it of who is offered the fault. */
    int at() {
        return at;
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
        at = -1;
        deferral = null;
        presentDeadline = 0;
        if (failures != NONE) {
            failures = NONE;
        }
    }

    /** Lets go of handlers that may be gone. */
    void forget() {
        way = null;
        row = null;
    }

    /** The handler did not take over, whatever it had begun. */
    void dropDeferral() {
        deferral = null;
    }

    @Override
    public List<Failure> failures() {
        return failures;
    }

    @Override
    public Deferral defer() {
        if (at < 0) {
            throw new IllegalStateException("defer() outside of handle()");
        }
        if (!isDeferrable()) {
            throw new IllegalStateException(
                    "kind="
                            + fault.kind().word()
                            + (fault.observed() ? " (observed)" : "")
                            + " cannot be deferred; only page requests and hints can, and not if they are"
                            + " observed");
        }
        if (!guard.isKept()) {
            Waiting late = waiting(false);
            late.end();
            return late;
        }
        if (deferral == null) {
            deferral = waiting(false);
        }
        return deferral;
    }

    /** When the platform answers by itself; 0 if it never does. */
    long deadline() {
        return presentDeadline != 0 || !isDeferrable() ? presentDeadline : lane.deadlineFor(fault);
    }

    /**
     * The fault as something that waits.
     *
     * @param first whether it stands for the first offer, which has to be carried on
     */
    Waiting waiting(boolean first) {
        long deadline = deadline();
        Waiting waiting =
                new Waiting(
                        fault,
                        row,
                        Waiting.Cause.DEFERRED,
                        deadline,
                        deadline,
                        post().entry,
                        null,
                        lane.inbox());
        waiting.first = first;
        return waiting;
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
