package io.faultline.launcher;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * The argument of {@code --since} and {@code --until}: seconds as the log counts them, or a point
 * in time of the calendar.
 *
 * @param seconds seconds since whatever the log counts from, or null
 * @param instant a point of the calendar, or null
 */
record PointInTime(BigDecimal seconds, Instant instant) {
    /** What crosses over to the bundles, which know the JDK's types only. */
    Object plain() {
        return seconds != null ? seconds : instant;
    }

    /**
     * Reads {@code 12.345}, {@code 2023-11-03}, {@code 2023-11-03T10:22:31}, with or without zone.
     */
    static final class Converter implements ITypeConverter<PointInTime> {
        private final ZoneId zone;

        Converter() {
            this(ZoneId.systemDefault());
        }

        Converter(ZoneId zone) {
            this.zone = zone;
        }

        @Override
        public PointInTime convert(String value) {
            try {
                return value.matches("\\d+(\\.\\d+)?")
                        ? new PointInTime(new BigDecimal(value), null)
                        : new PointInTime(null, instant(value.replace(' ', 'T')));
            } catch (DateTimeException e) {
                throw new TypeConversionException(
                        "'"
                                + value
                                + "' is no time: give seconds as the log counts them (12.5), or"
                                + " 2023-11-03T10:22:31, with Z or an offset if it is not local");
            }
        }

        private Instant instant(String value) {
            if (value.indexOf('T') < 0) {
                return LocalDate.parse(value).atStartOfDay(zone).toInstant();
            }
            return value.matches(".*(Z|[+-]\\d\\d:?\\d\\d)")
                    ? OffsetDateTime.parse(value).toInstant()
                    : LocalDateTime.parse(value).atZone(zone).toInstant();
        }
    }
}
