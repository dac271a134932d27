package io.faultline.live;

import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * What a window says to the driver of its unit, by key. A value that cannot be meant is refused: a
 * unit that is driven otherwise than it was asked to be would be hard to notice.
 */
public final class WindowSettings {
    /** How often registers are read where there is no interrupt, in microseconds. */
    public static final String POLL_MICROS = "poll.us";

    private static final int POLL_MICROS_PRESET = 200;
    private static final int POLL_MICROS_MAX = 1_000_000;

    private final Map<String, String> values;

    /**
     * The settings of a window.
     *
     * @param values {@link io.faultline.hardware.HardwareWindow#settings()}
     */
    public WindowSettings(Map<String, String> values) {
        this.values = values;
    }

    /**
     * A number.
     *
     * @param key its key
     * @param preset what it is if nothing is said
     * @param least the least that is allowed
     * @param most the most that is allowed
     * @return from {@code least} to {@code most}, or {@code preset}
     * @throws IllegalArgumentException names key, value and range
     */
    public int number(String key, int preset, int least, int most) {
        String value = values.get(key);
        if (value == null) {
            return preset;
        }
        try {
            int number = Integer.parseInt(value);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // refused like a number out of range
        }
        throw new IllegalArgumentException(
                "%s=%s is out of range; allowed are %d to %d".formatted(key, value, least, most));
    }

    /**
     * A switch.
     *
     * @param key its key
     * @return false if nothing is said
     * @throws IllegalArgumentException names key, value and what is allowed
     */
    public boolean flag(String key) {
        String value = values.getOrDefault(key, "false");
        return switch (value) {
            case "true" -> true;
            case "false" -> false;
            default ->
                    throw new IllegalArgumentException(
                            key + "=" + value + "; allowed are true and false");
        };
    }

    /**
     * How often registers are read where there is no interrupt: {@link #POLL_MICROS}.
     *
     * @return 0 (whenever the lane comes by) to a second, in nanoseconds; 200 µs if nothing is said
     * @throws IllegalArgumentException names key, value and range
     */
    public long pollNanos() {
        int micros = number(POLL_MICROS, POLL_MICROS_PRESET, 0, POLL_MICROS_MAX);
        return TimeUnit.MICROSECONDS.toNanos(micros);
    }
}
