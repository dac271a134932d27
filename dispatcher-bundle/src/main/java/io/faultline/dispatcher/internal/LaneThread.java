package io.faultline.dispatcher.internal;

import java.util.concurrent.locks.LockSupport;

/**
 * One thread's time at a lane, with all that it may still touch when a call of it was given up
 * (R14): its epoch, its guard, its way down the chain with the context that handlers hold. Whoever
 * takes over brings its own, so that nothing is shared.
 */
final class LaneThread implements Runnable {
    final LaneEpoch epoch = new LaneEpoch();
    final CallGuard guard = new CallGuard();
    final Offers offers;

    private final Lane lane;

    /** Whose call was given up, and what it was; null for a lane's first thread. */
    private GivenUpCall takenOver;

    private volatile Thread thread;

    /** Written by the watchdog. */
    private volatile GivenUpCall givenUp;

    /** What the watchdog saw of this thread last, and for how long. Only the watchdog uses it. */
    private long sampledCall;

    private long sampledNanos;

    LaneThread(Lane lane, GivenUpCall takenOver) {
        this.lane = lane;
        this.takenOver = takenOver;
        this.offers = new Offers(lane, guard);
    }

    /** Begins to work at the lane, on a thread of its own. */
    void start() {
        Thread fresh = new Thread(this, "faultline-lane-" + lane.name());
        fresh.setDaemon(true);
        thread = fresh;
        fresh.start();
    }

    @Override
    public void run() {
        try {
            lane.run(this);
        } catch (GivenUp e) {
            lane.core().returned(givenUp());
        }
    }

    /** For a lane that is stepped by hand. */
    void runsHere() {
        thread = Thread.currentThread();
    }

    boolean hasTakenOver() {
        return takenOver != null;
    }

    /** The call to carry on with, once: it would keep what it called in memory. */
    GivenUpCall takeCall() {
        GivenUpCall call = takenOver;
        takenOver = null;
        return call;
    }

    boolean isCurrent() {
        return Thread.currentThread() == thread;
    }

    void unpark() {
        LockSupport.unpark(thread);
    }

    // --- the watchdog

    /**
     * Looks whether the same call is under way as the last time.
     *
     * @param passed time since then; a pause of the whole process is not held against the call
     * @return for how long it has been seen, in ns
     */
    long sample(long passed) {
        long call = guard.number();
        if ((epoch.read() & 1) == 0 || call != sampledCall) {
            sampledCall = call;
            sampledNanos = 0;
        } else {
            sampledNanos += passed;
        }
        return sampledNanos;
    }

    /**
     * Gives this thread up if it is inside a plug-in's call, and still is in the one sampled.
     *
     * @return the call; null if the thread carries on
     */
    GivenUpCall giveUp() {
        Thread suspected = thread;
        long call = sampledCall;
        guard.suspect(call);
        StackTraceElement[] stack = suspected.getStackTrace();
        Calls.What what = Calls.whatIsInside(stack);
        if (what == null || !guard.giveUp(call)) {
            return null;
        }
        suspected.setName("faultline-given-up-" + lane.name());
        givenUp = new GivenUpCall(this, what, lane.inside(this, what), GivenUpCall.where(stack));
        return givenUp;
    }

    /** The call that this thread was given up in; once {@link GivenUp} was thrown on it. */
    GivenUpCall givenUp() {
        while (givenUp == null) {
            Thread.onSpinWait(); // the watchdog, which has won, is about to say
        }
        return givenUp;
    }
}
