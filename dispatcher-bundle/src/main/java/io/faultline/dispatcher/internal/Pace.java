package io.faultline.dispatcher.internal;

/**
 * How much a lane takes on in one step: {@code batch.limit} records, or fewer while they take long.
 * What waits for the lane (answers decided in the batch, a removal, a deadline) waits for the rest
 * of its step; with a slow handler, or one whose code was just loaded and is not compiled yet, a
 * full batch would hold all of that up.
 *
 * <p>It is known only afterwards how long a step took, and by the clock that the lane reads for
 * each step anyway: the next one takes on what would have fitted, at most twice as much as this
 * one.
 */
final class Pace {
    /** How long a step is to last: much longer than what a step costs by itself, about 1 us. */
    static final long STEP_NANOS = 64_000;

    /** Fewer would not make a step shorter, if it is not the handlers that take the time. */
    static final int LEAST = 16;

    private static final int UNLIMITED = 1 << 20;

    private int most = UNLIMITED;

    /** What the last step took on; 0 if nothing: then the lane may have slept since. */
    private int last;

    private long lastNanos;

    /**
     * A step begins.
     *
     * @param limit {@code batch.limit}
     * @return the most that it is to take on
     */
    int begin(long nanos, int limit) {
        long took = nanos - lastNanos;
        if (last > 0) {
            int longer = Math.min(2 * most, UNLIMITED);
            boolean full = took > STEP_NANOS || last >= most;
            long fitting = full ? last * STEP_NANOS / Math.max(1, took) : longer;
            most = (int) Math.max(LEAST, Math.min(fitting, longer));
        }
        last = 0;
        lastNanos = nanos;
        return Math.min(most, limit);
    }

    /**
     * Other handlers are in the chain: how long they take is not known, and the first calls of new
     * code are its slowest.
     */
    void other() {
        most = LEAST;
        last = 0;
    }

    /** This step has taken on so much more. */
    void did(int records) {
        last += records;
    }
}
