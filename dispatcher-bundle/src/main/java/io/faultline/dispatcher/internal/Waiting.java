package io.faultline.dispatcher.internal;

import io.faultline.fault.Fault;
import io.faultline.fault.Response;
import io.faultline.handler.Deferral;
import io.faultline.handler.Failure;
import io.faultline.handler.Verdict;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.List;

/*
 * A fault that waits on its lane: for the handler that took it over, for a later try, or for room in the
 * command ring. Each time a handler takes over there is a new object, so that a former one's conclusion
 * comes too late.
 *
 * One end    `state` leaves PENDING once, by compare-and-set: to CONCLUDED by whoever concludes, to ENDED by the
 *            lane (deadline, withdrawal, drain, another verdict). Only the winner acts; the lane does all that
 *            follows, so that nothing else needs to be atomic.
 * Let go     A conclusion that comes after ENDED makes it LET_GO: the handler does not touch the address space any
 *            more. What it did to the space happens before (compare-and-set, read by the lane as volatile).
 * Publish    The winner stores its verdict, then puts the object into the lane's inbox (release); the lane takes it
 *            from there (acquire) and reads the verdict.
 * Checked by ConclusionStress (jcstress).
 */
final class Waiting implements Deferral {
    private static final int PENDING = 0;
    private static final int CONCLUDED = 1;
    private static final int ENDED = 2;
    private static final int LET_GO = 3;

    private static final VarHandle STATE;

    static {
        try {
            STATE = MethodHandles.lookup().findVarHandle(Waiting.class, "state", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** Why it waits. */
    enum Cause {
        /** A handler has taken it over. */
        DEFERRED,
        /** A stall over its bound: answered SUCCESS, ask again, when its time has come. */
        HELD_BACK,
        /** Its answer is decided, and no encoder or no room in the ring is there. */
        ANSWERED
    }

    final Fault fault;
    final DeviceRow row;
    final Cause cause;

    /** When the platform answers by itself. */
    final long deadlineNanos;

    /** When it is due: at its deadline, or for HELD_BACK when it is tried again. */
    final long dueNanos;

    /** Who took it over; null unless DEFERRED. */
    final HandlerEntry owner;

    /** The decided answer; null unless ANSWERED. */
    final Response answer;

    /**
     * Ids of the handlers it has been offered to, for the first {@link #offeredCount} elements
     * (R1).
     */
    long[] offered = {};

    int offeredCount;

    /** What handlers failed at before. */
    List<Failure> failures = List.of();

    /**
     * Whether it stands for a first offer that another thread has to carry on (R14). Only the lane
     * uses it.
     */
    boolean first;

    /** What shadows were shown of it, to be compared with its conclusion; most often null. */
    ShadowCase[] cases;

    /**
     * Whether it waits for nobody but the lane, which offers it again when it comes to it. Only the
     * lane uses it.
     */
    boolean again;

    /** Who is asked before all others when it is offered again: a successor; or null. */
    HandlerEntry heir;

    /** Whether the call that deferred it has returned DEFERRED. Only the lane uses it. */
    boolean armed;

    /**
     * When the lane ended it, to bound how long its handler is waited for. Only the lane uses it.
     */
    long endedNanos;

    /**
     * Place in the {@link DueHeap} of the lane's {@link DueQueue}, or -1. Only the lane uses it.
     */
    int heapIndex = -1;

    /** The same for its ring. */
    long ringPlace = -1;

    /** The next one in the lane's inbox. */
    Waiting next;

    private final Inbox inbox;
    private volatile int state;
    private Verdict conclusion;

    Waiting(
            Fault fault,
            DeviceRow row,
            Cause cause,
            long deadlineNanos,
            long dueNanos,
            HandlerEntry owner,
            Response answer,
            Inbox inbox) {
        this.fault = fault;
        this.row = row;
        this.cause = cause;
        this.deadlineNanos = deadlineNanos;
        this.dueNanos = dueNanos;
        this.owner = owner;
        this.answer = answer;
        this.inbox = inbox;
    }

    @Override
    public boolean conclude(Verdict verdict) {
        if (verdict == null || verdict.kind() == Verdict.Kind.DEFERRED) {
            throw new IllegalArgumentException(
                    "verdict=" + verdict + " concludes nothing; say HANDLED, PASSED or FAILED");
        }
        if (!STATE.compareAndSet(this, PENDING, CONCLUDED)) {
            STATE.compareAndSet(this, ENDED, LET_GO);
            inbox.refused(verdict);
            return false;
        }
        conclusion = verdict;
        inbox.put(this);
        return true;
    }

    @Override
    public long deadlineNanos() {
        return deadlineNanos;
    }

    @Override
    public boolean cancelled() {
        return state != PENDING;
    }

    /** Ends it otherwise. By the lane. Returns false if it was concluded before. */
    boolean end() {
        return STATE.compareAndSet(this, PENDING, ENDED);
    }

    /** Whether the handler may still touch the address space for it. */
    boolean isHeld() {
        return state == ENDED;
    }

    /** Whether it is in the lane's {@link DueQueue}. */
    boolean isQueued() {
        return heapIndex >= 0 || ringPlace >= 0;
    }

    /** The same for somebody else, who has taken nothing over but what this one had. */
    Waiting handedTo(HandlerEntry other) {
        Waiting handed =
                new Waiting(fault, row, cause, deadlineNanos, dueNanos, other, answer, inbox);
        handed.offered = offered;
        handed.offeredCount = offeredCount;
        handed.failures = failures;
        return handed;
    }

    /** What it was concluded with; after it came out of the inbox. */
    Verdict conclusion() {
        return conclusion;
    }

    /** Notes that a handler was offered it. */
    void offeredTo(long serviceId) {
        if (offeredCount == offered.length) {
            offered = Arrays.copyOf(offered, Math.max(4, 2 * offered.length));
        }
        offered[offeredCount++] = serviceId;
    }

    boolean wasOfferedTo(long serviceId) {
        for (int i = 0; i < offeredCount; i++) {
            if (offered[i] == serviceId) {
                return true;
            }
        }
        return false;
    }
}
