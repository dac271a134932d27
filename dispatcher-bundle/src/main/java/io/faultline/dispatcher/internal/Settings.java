package io.faultline.dispatcher.internal;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The dispatcher's settings, checked. A value that is missing, of another type or out of range is
 * named with its range and leaves the present one in force; it never turns into a default in
 * silence.
 *
 * <p>Keys, defaults and ranges are those of {@link Config}.
 */
public record Settings(
        int handlerLimitMillis,
        int handlerFailures,
        int handlerBlocks,
        int pendingLimitUnit,
        int pendingLimitDevice,
        int partialLimitDevice,
        int partialAgeMillis,
        int responseDeadlineMillis,
        int stallDeadlineMillis,
        boolean overloadRetry,
        int overloadRetries,
        int batchLimit,
        int queueLimit,
        double deviceShare,
        int devicesLimit,
        int shutdownGraceMillis,
        int lingerMicros) {

    /** What is in force unless configured otherwise. */
    public static final Settings DEFAULTS =
            new Settings(
                    1000, 100, 3, 4096, 512, 512, 10_000, 10_000, 1000, true, 64, 256, 65_536, 0.25,
                    4096, 2000, 500);

    /**
     * These settings, changed as a configuration says.
     *
     * @param properties keys as in {@link Config}; unknown keys are not ours and are passed over
     * @param problems takes a sentence for each value that is refused
     * @return new settings, in which refused values are this one's
     */
    public Settings with(Map<String, ?> properties, List<String> problems) {
        Reader in = new Reader(properties, problems);
        return new Settings(
                in.number("handler.limit.ms", handlerLimitMillis, 10, 3500),
                in.number("handler.failures", handlerFailures, 1, 1_000_000),
                in.number("handler.blocks", handlerBlocks, 1, 1000),
                in.number("pending.limit.unit", pendingLimitUnit, 1, 65_536),
                in.number("pending.limit.device", pendingLimitDevice, 1, 65_536),
                in.number("partial.limit.device", partialLimitDevice, 1, 65_536),
                in.number("partial.age.ms", partialAgeMillis, 100, 600_000),
                in.number("response.deadline.ms", responseDeadlineMillis, 10, 600_000),
                in.number("stall.deadline.ms", stallDeadlineMillis, 10, 600_000),
                in.policy("overload.policy", overloadRetry),
                in.number("overload.retries", overloadRetries, 0, 65_536),
                in.number("batch.limit", batchLimit, 1, 65_536),
                in.powerOfTwo("queue.limit", queueLimit, 2, 1_048_576),
                in.share("device.share", deviceShare),
                in.number("devices.limit", devicesLimit, 1, 1_048_576),
                in.number("shutdown.grace.ms", shutdownGraceMillis, 0, 3500),
                in.number("linger.us", lingerMicros, 0, 100_000));
    }

    long lingerNanos() {
        return 1000L * lingerMicros;
    }

    /** Key and value of each setting, for people. */
    SortedMap<String, String> view() {
        SortedMap<String, String> view = new TreeMap<>();
        view.put("handler.limit.ms", "" + handlerLimitMillis);
        view.put("handler.failures", "" + handlerFailures);
        view.put("handler.blocks", "" + handlerBlocks);
        view.put("pending.limit.unit", "" + pendingLimitUnit);
        view.put("pending.limit.device", "" + pendingLimitDevice);
        view.put("partial.limit.device", "" + partialLimitDevice);
        view.put("partial.age.ms", "" + partialAgeMillis);
        view.put("response.deadline.ms", "" + responseDeadlineMillis);
        view.put("stall.deadline.ms", "" + stallDeadlineMillis);
        view.put("overload.policy", overloadRetry ? "retry" : "invalid");
        view.put("overload.retries", "" + overloadRetries);
        view.put("batch.limit", "" + batchLimit);
        view.put("queue.limit", "" + queueLimit);
        view.put("device.share", "" + deviceShare);
        view.put("devices.limit", "" + devicesLimit);
        view.put("shutdown.grace.ms", "" + shutdownGraceMillis);
        view.put("linger.us", "" + lingerMicros);
        return view;
    }

    /** Reads single values and says what is wrong with them. */
    private record Reader(Map<String, ?> properties, List<String> problems) {
        int number(String key, int present, int least, int most) {
            Object value = properties.get(key);
            if (value == null) {
                return present;
            }
            try {
                long number = Long.parseLong(value.toString().trim());
                if (number >= least && number <= most) {
                    return (int) number;
                }
            } catch (NumberFormatException e) {
                // refused below, like a number out of range
            }
            return refuse(key, value, least + " to " + most, present);
        }

        int powerOfTwo(String key, int present, int least, int most) {
            int number = number(key, present, least, most);
            return Integer.bitCount(number) == 1
                    ? number
                    : refuse(key, number, "powers of two from " + least + " to " + most, present);
        }

        double share(String key, double present) {
            Object value = properties.get(key);
            if (value == null) {
                return present;
            }
            try {
                double number = Double.parseDouble(value.toString().trim());
                if (number > 0 && number <= 1) {
                    return number;
                }
            } catch (NumberFormatException e) {
                // refused below, like a number out of range
            }
            return refuse(key, value, "numbers above 0, up to 1", present);
        }

        boolean policy(String key, boolean present) {
            Object value = properties.get(key);
            if (value == null) {
                return present;
            }
            return switch (value.toString().trim()) {
                case "retry" -> true;
                case "invalid" -> false;
                default -> refuse(key, value, "retry and invalid", present);
            };
        }

        private <T> T refuse(String key, Object value, String range, T present) {
            problems.add(
                    "dispatcher: "
                            + key
                            + "="
                            + value
                            + " is out of range; allowed are "
                            + range
                            + "; "
                            + present
                            + " stays in force");
            return present;
        }
    }
}
