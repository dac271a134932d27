package io.faultline.decode.internal;

import io.faultline.fault.TimeBase;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;

/**
 * The time between {@code --since} and {@code --until}, both included. What has no time is always
 * in it. Seconds mean what the log counts, whatever that is; a point of the calendar says nothing
 * about a log that counts from the boot.
 */
final class Period {
    /** One end of it. */
    private record Bound(long nanos, boolean isCalendar) {
        static Bound of(Object given) {
            if (given instanceof Instant instant) {
                BigDecimal seconds = BigDecimal.valueOf(instant.getEpochSecond());
                return new Bound(nanos(seconds) + instant.getNano(), true);
            }
            return given == null ? null : new Bound(nanos((BigDecimal) given), false);
        }

        private static long nanos(BigDecimal seconds) {
            BigDecimal nanos = seconds.movePointRight(9).setScale(0, RoundingMode.HALF_UP);
            return nanos.min(BigDecimal.valueOf(Long.MAX_VALUE)).longValue();
        }
    }

    private final Bound since;
    private final Bound until;
    private boolean sawBootTime;

    /**
     * @param since {@link BigDecimal} seconds, an {@link Instant}, or null
     * @param until likewise
     */
    Period(Object since, Object until) {
        this.since = Bound.of(since);
        this.until = Bound.of(until);
    }

    boolean admits(Place place) {
        if (!place.hasTime()) {
            return true;
        }
        return (since == null || !compares(since, place) || place.time() >= since.nanos())
                && (until == null || !compares(until, place) || place.time() <= until.nanos());
    }

    private boolean compares(Bound bound, Place place) {
        boolean incomparable = bound.isCalendar() && place.timeBase() == TimeBase.BOOT;
        sawBootTime |= incomparable;
        return !incomparable;
    }

    /** Whether a point of the calendar was asked for, and a log had times since the boot only. */
    boolean couldNotCompare() {
        return sawBootTime;
    }
}
