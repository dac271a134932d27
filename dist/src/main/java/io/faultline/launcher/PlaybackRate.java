package io.faultline.launcher;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** The argument of {@code --rate}: as fast as possible, as recorded, or records a second. */
record PlaybackRate(String text) {
    private static final long HIGHEST = 1_000_000_000;

    /** Refuses what is no rate. */
    static final class Converter implements ITypeConverter<PlaybackRate> {
        @Override
        public PlaybackRate convert(String value) {
            if (!value.equals("max") && !value.equals("recorded") && !isNumber(value)) {
                throw new TypeConversionException(
                        "'"
                                + value
                                + "' is no rate: allowed are max, recorded, and records a second"
                                + " from 1 to "
                                + HIGHEST);
            }
            return new PlaybackRate(value);
        }

        private static boolean isNumber(String value) {
            return value.matches("\\d{1,10}")
                    && Long.parseLong(value) >= 1
                    && Long.parseLong(value) <= HIGHEST;
        }
    }
}
