package io.faultline.dispatcher.internal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/*
 * Who carries on when a plug-in's call lasts too long: the lane's thread, or another one (R14).
 *
 * Who writes  `number`: the lane's thread, before each call. `suspect`: the watchdog makes 0 a call's number; the
 *             lane's thread makes a number 0 again, or the watchdog makes it GIVEN_UP, by compare-and-set.
 * Lane        begin: number = n (opaque). The call. Then suspect is read (opaque): 0 says "carry on" without any
 *             atomic operation. Anything else: compare-and-set to 0; who loses has been given up.
 * Watchdog    suspect = n (volatile). Then the stack of the lane's thread is taken. If it stands inside the call, and
 *             number still is n: compare-and-set n -> GIVEN_UP; who wins starts a new thread.
 * Why right   The lane's thread stores nothing between the call and its look at `suspect` that could tell the
 *             watchdog that it has looked: with a plain look alone it could miss `suspect` and still be taken
 *             over (it stands between look and next store, for as long as the scheduler likes). But the stack is taken
 *             at a safepoint of that thread, which orders memory both ways: it was inside the call after suspect was
 *             stored, so its look, which comes later, sees it. So both compete, and one wins. The stack, which
 *             R14 wants shown anyway, is the fence that the lane does not pay.
 * Not there   A thread seen in our own code (Calls.whatIsInside) is not given up: it will look, or has looked.
 * Cost        One store and one load a call.
 * Checked by  TakeoverStress (jcstress); LaneTakeoverTest.
 */
final class CallGuard {
    private static final long NOBODY = 0;
    private static final long GIVEN_UP = -1;
    private static final VarHandle NUMBER;
    private static final VarHandle SUSPECT;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            NUMBER = lookup.findVarHandle(CallGuard.class, "number", long.class);
            SUSPECT = lookup.findVarHandle(CallGuard.class, "suspect", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private long number;

    @SuppressWarnings("unused") // read and written through SUSPECT
    private long suspect;

    // --- the lane's thread

    /**
     * A call begins.
     *
     * @return its number
     */
    long begin() {
        long next = number + 1;
        NUMBER.setOpaque(this, next);
        return next;
    }

    /**
     * The call has returned, or calls us: whether this thread still carries on. If not it must
     * touch nothing of the lane any more.
     */
    boolean isKept() {
        return (long) SUSPECT.getOpaque(this) == NOBODY || compete();
    }

    /** As {@link #isKept()}, for who has nothing left to do if it is not. */
    void keep() {
        if (!isKept()) {
            throw new GivenUp();
        }
    }

    private boolean compete() {
        long seen = (long) SUSPECT.getVolatile(this);
        return seen != GIVEN_UP && (seen == NOBODY || SUSPECT.compareAndSet(this, seen, NOBODY));
    }

    // --- the watchdog

    /** The number of the present call, or of the last one. */
    long number() {
        return (long) NUMBER.getOpaque(this);
    }

    /** From now on whoever returns from a call has to compete. Before the stack is taken. */
    void suspect(long call) {
        SUSPECT.compareAndSet(this, NOBODY, call);
    }

    /**
     * Gives the thread up, after its stack has shown it inside the call.
     *
     * @return false if it has come back
     */
    boolean giveUp(long call) {
        return number() == call && SUSPECT.compareAndSet(this, call, GIVEN_UP);
    }
}
