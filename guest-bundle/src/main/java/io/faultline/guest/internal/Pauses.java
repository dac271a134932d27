package io.faultline.guest.internal;

/**
 * When a claim is paused. However often pauses are asked for, none is longer than the limit, and
 * behind each the claim runs for as long as it was paused: nothing is held back for ever.
 *
 * <p>Times are those of {@link System#nanoTime()}. Safe for several threads.
 */
final class Pauses {
    private volatile boolean paused;
    private volatile long from;
    private volatile long until;

    boolean isPaused(long now) {
        return paused && now - until < 0;
    }

    /**
     * Begins a pause, or makes the present one end at another time.
     *
     * @param nanos how long it is to be from now on, above 0
     * @param limit the longest pause from its beginning
     * @return how long it is from now on; or less than 0: how long it is until there may be one
     */
    synchronized long pause(long now, long nanos, long limit) {
        if (!isPaused(now)) {
            long length = until - from; // 0 before the first
            long rest = length - (now - until);
            if (length > 0 && rest > 0) {
                return -rest;
            }
            from = now;
        }
        until = now + nanos - from > limit ? from + limit : now + nanos;
        paused = true;
        return until - now;
    }

    /** Ends the pause, if there is one. */
    synchronized void resume(long now) {
        if (isPaused(now)) {
            until = now;
        }
        paused = false;
    }
}
