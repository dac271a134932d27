package io.faultline.dispatcher.internal;

/**
 * Lets ten of a kind through in five seconds, as the kernel does, and tells how many it held back.
 * Used by one lane.
 */
final class RateLimit {
    private static final int BURST = 10;
    private static final long INTERVAL_NANOS = 5_000_000_000L;

    private long begin;
    private int passed;
    private long heldBack;

    /**
     * Whether one more may pass.
     *
     * @return -1 if not; else how many were held back since the last one that did
     */
    long pass(long nanos) {
        if (passed == 0 || nanos - begin > INTERVAL_NANOS) {
            begin = nanos;
            passed = 0;
        }
        if (passed == BURST) {
            heldBack++;
            return -1;
        }
        passed++;
        long before = heldBack;
        heldBack = 0;
        return before;
    }
}
