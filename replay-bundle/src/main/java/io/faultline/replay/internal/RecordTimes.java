package io.faultline.replay.internal;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Arrays;

/**
 * When the records of a dump were written: to play them at recorded speed. Immutable.
 *
 * <p>Queue memory has no times; whoever recorded it may have noted them beside it. A time that goes
 * back counts as the one before it: the hardware wrote its records in their order.
 */
final class RecordTimes {
    private static final long SECOND = 1_000_000_000L;
    private static final BigDecimal LATEST = BigDecimal.valueOf(Long.MAX_VALUE / 4, 9);

    /** Nanoseconds since the first record, never falling. */
    private final long[] nanos;

    /** From the first record of one round to that of the next, in a loop. */
    private final long round;

    /**
     * @param nanos of each record, from anywhere on; at least one
     */
    RecordTimes(long[] nanos) {
        this.nanos = new long[nanos.length];
        for (int i = 1; i < nanos.length; i++) {
            this.nanos[i] = Math.max(this.nanos[i - 1], nanos[i] - nanos[0]);
        }
        long length = this.nanos[nanos.length - 1];
        // The first record of the next round comes as long after the last as records are apart.
        this.round = length == 0 ? SECOND : length + Math.max(1, length / (nanos.length - 1));
    }

    /**
     * Reads a time as people write it.
     *
     * @param seconds for example {@code 12.345678}
     * @return nanoseconds
     * @throws NumberFormatException if it is none, negative, or of the next century but one
     */
    static long parse(String seconds) {
        BigDecimal value = new BigDecimal(seconds);
        if (value.signum() < 0 || value.compareTo(LATEST) > 0) {
            throw new NumberFormatException(seconds + " is out of range");
        }
        return value.setScale(9, RoundingMode.DOWN).unscaledValue().longValueExact();
    }

    int records() {
        return nanos.length;
    }

    /**
     * How many records are due.
     *
     * @param first number of the first one played, from 0; in a loop it may be of a later round
     * @param since nanoseconds since that one was due, at least 0
     */
    long dueAfter(long first, long since) {
        long rounds = first / nanos.length;
        int inRound = (int) (first % nanos.length);
        long at = nanos[inRound] + since;
        if (at < 0) {
            return Long.MAX_VALUE;
        }
        return (at / round) * nanos.length + upTo(at % round) + rounds * nanos.length - first;
    }

    /** How many records of a round are due by a time in it. */
    private int upTo(long time) {
        int found = Arrays.binarySearch(nanos, time);
        if (found < 0) {
            return -found - 1;
        }
        while (found < nanos.length && nanos[found] == time) {
            found++; // those of the same moment come together
        }
        return found;
    }
}
