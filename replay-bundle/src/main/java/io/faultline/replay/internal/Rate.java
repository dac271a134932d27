package io.faultline.replay.internal;

import java.util.Optional;

/**
 * How fast a recording is played.
 *
 * @param perSecond records a second, 1 to {@link #HIGHEST}; {@link Long#MAX_VALUE}: as fast as they
 *     are taken; 0: at the speed of the recording, which knows when what was due
 */
record Rate(long perSecond) {
    static final Rate MAX = new Rate(Long.MAX_VALUE);
    static final Rate RECORDED = new Rate(0);

    /** So that a second's nanoseconds times the rate fit in 63 bits. */
    static final long HIGHEST = 1_000_000_000;

    static final String ALLOWED = "max, recorded, or records a second from 1 to " + HIGHEST;

    static Optional<Rate> parse(String text) {
        if (text.equals("max")) {
            return Optional.of(MAX);
        }
        if (text.equals("recorded")) {
            return Optional.of(RECORDED);
        }
        try {
            long perSecond = Long.parseLong(text);
            return perSecond >= 1 && perSecond <= HIGHEST
                    ? Optional.of(new Rate(perSecond))
                    : Optional.empty();
        } catch (NumberFormatException e) {
            return Optional.empty(); // the caller says what is allowed
        }
    }

    /** Whether everything is due at once. */
    boolean isUnlimited() {
        return perSecond == MAX.perSecond;
    }

    /**
     * How many records are due after some time, exactly: no error adds up however long it plays.
     *
     * @param nanos time since the start, at least 0
     */
    long dueAfter(long nanos) {
        if (isUnlimited()) {
            return Long.MAX_VALUE;
        }
        long seconds = nanos / HIGHEST;
        return seconds * perSecond + nanos % HIGHEST * perSecond / HIGHEST;
    }
}
