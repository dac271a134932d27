package io.faultline.dispatcher.internal;

import io.faultline.handler.Ticker;

/**
 * How long a lane goes on in one step: for {@code batch.limit} records, or fewer while they take
 * long. What waits for the lane (answers decided in the batch, a removal, a deadline, the next look
 * at the queue) waits for the rest of its step; with a slow handler, or one whose code was just
 * loaded and is not compiled yet, a full batch would hold all of that up.
 *
 * <p>The clock is read after as many records as fill a part of a step, by what the last ones took:
 * after each while a handler is slow or new, hardly ever while all are fast.
 */
final class Pace {
    /** How long a step may last: much longer than what a step costs by itself, about 1 us. */
    static final long STEP_NANOS = 64_000;

    /**
     * The same while handlers may be new: hardly more than what a slow call of new code takes, so
     * that such calls do not add up. Fast handlers pay with a twentieth of what a lane gets done.
     */
    static final long SETTLING_STEP_NANOS = 2_000;

    /** After so long the compiler has seen the code of a handler that is called often. */
    static final long SETTLING_NANOS = 50_000_000;

    /** The clock is read about so often in a step, and after each record that takes this part. */
    private static final int PARTS = 8;

    /** What follows on a run of cheap records may be dear. */
    private static final int MOST_BETWEEN_LOOKS = 64;

    private final Ticker ticker;
    private long begun;
    private long budget = STEP_NANOS;

    /** When a step may last long again; of no meaning while it may. */
    private long settledAt;

    /** When the clock was read last, how many records were to follow, and how many still are. */
    private long looked;

    private int stride = 1;
    private int untilLook = 1;

    Pace(Ticker ticker) {
        this.ticker = ticker;
    }

    /**
     * A step begins.
     *
     * @param nanos the ticker's time
     */
    void begin(long nanos) {
        begun = nanos;
        looked = nanos;
        untilLook = stride;
        if (budget != STEP_NANOS && nanos - settledAt >= 0) {
            budget = STEP_NANOS;
        }
    }

    /**
     * Other handlers are in the chain: how long they take is not known, and the first calls of new
     * code are its slowest.
     */
    void other() {
        settledAt = ticker.nanos() + SETTLING_NANOS;
        budget = SETTLING_STEP_NANOS;
        stride = 1;
        untilLook = 1;
    }

    /** A record was read, or a fault offered again. Returns whether there is time for another. */
    boolean goesOn() {
        return --untilLook > 0 || look();
    }

    private boolean look() {
        long now = ticker.nanos();
        long took = Math.max(1, now - looked);
        looked = now;
        long fitting = Math.min(stride * (budget / PARTS) / took, 2L * stride);
        stride = (int) Math.max(1, Math.min(fitting, MOST_BETWEEN_LOOKS));
        untilLook = stride;
        return now - begun < budget;
    }
}
