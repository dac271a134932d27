package io.faultline.dispatcher.internal;

import java.util.concurrent.locks.LockSupport;

/**
 * Looks from time to time whether lanes are still inside the same call of a plug-in, and gives up
 * calls that last beyond {@code handler.limit.ms} (R14). Its thread also does what lanes must not
 * wait for: it takes out who throws too often, and lets back in who was out for long enough (R4).
 */
final class Watchdog implements Runnable {
    /** How often it looks within a call's limit: how much later than that a call may be noticed. */
    private static final int LOOKS = 8;

    private static final long MILLI = 1_000_000L;

    private final Dispatcher dispatcher;
    private final Thread thread = new Thread(this, "faultline-watchdog");
    private volatile boolean stopped;
    private long last = System.nanoTime();

    Watchdog(Dispatcher dispatcher) {
        this.dispatcher = dispatcher;
    }

    void start() {
        thread.setDaemon(true);
        thread.start();
    }

    void stop() {
        stopped = true;
        LockSupport.unpark(thread);
    }

    /** There is something to do at once. From any thread. */
    void wake() {
        LockSupport.unpark(thread);
    }

    @Override
    public void run() {
        while (!stopped) {
            LockSupport.parkNanos(this, limitNanos() / LOOKS);
            look();
            dispatcher.chores();
        }
    }

    private long limitNanos() {
        return dispatcher.snapshot().settings().handlerLimitMillis() * MILLI;
    }

    private synchronized void look() {
        long limit = limitNanos();
        long now = System.nanoTime();
        // when the whole process stood still, calls did too
        long passed = Math.min(now - last, limit / 2);
        last = now;
        for (Lane lane : dispatcher.lanes()) {
            LaneThread present = lane.present();
            if (present.sample(passed) >= limit) {
                giveUp(lane, present);
            }
        }
    }

    /** Gives up the call that a lane is in, however long it lasts: its unit has to leave. */
    synchronized void giveUp(Lane lane) {
        LaneThread present = lane.present();
        present.sample(0);
        giveUp(lane, present);
    }

    private void giveUp(Lane lane, LaneThread present) {
        GivenUpCall call = present.giveUp();
        if (call != null) {
            dispatcher.gaveUp(lane, call);
        }
    }
}
