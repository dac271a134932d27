package io.faultline.decode.internal;

import io.faultline.fault.TimeBase;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** How times and places look in tables and summaries. */
final class Columns {
    private static final long NANOS_PER_SECOND = 1_000_000_000;
    private static final long NANOS_PER_MICRO = 1_000;

    private static final DateTimeFormatter CALENDAR =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS", Locale.ROOT)
                    .withZone(ZoneId.systemDefault());

    private Columns() {}

    /** The time, if there is one, else the number of the line or record. */
    static String place(Place place) {
        return place.hasTime() ? time(place) : number(place);
    }

    static String number(Place place) {
        return (place.isLine() ? "line " : "record ") + place.number();
    }

    static String time(Place place) {
        if (place.timeBase() == TimeBase.EPOCH) {
            return CALENDAR.format(Instant.ofEpochSecond(0, place.time()));
        }
        return String.format(
                Locale.ROOT,
                "%d.%06d",
                place.time() / NANOS_PER_SECOND,
                place.time() % NANOS_PER_SECOND / NANOS_PER_MICRO);
    }

    /** A number with its noun: {@code 1 fault}, {@code 2 faults}. */
    static String count(long n, String noun) {
        return n + " " + noun + (n == 1 ? "" : "s");
    }

    static String hex(long value) {
        return "0x" + Long.toHexString(value);
    }
}
