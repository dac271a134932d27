package io.faultline.iopf.internal;

import java.util.List;
import java.util.Map;

/**
 * Checked settings; the keys and ranges are those of {@link Config}.
 *
 * @param addressBits an IOVA is sign-extended from this many bits
 * @param workers threads for spaces that may block
 * @param queueLimit groups that wait for one worker
 * @param progressAnswers SUCCESS answers after which a request is failed
 * @param progressNanos within which they count
 * @param hintPages pages brought in for one hint
 */
record Settings(
        int addressBits,
        int workers,
        int queueLimit,
        int progressAnswers,
        long progressNanos,
        int hintPages) {
    static final Settings DEFAULTS = new Settings(57, 4, 1024, 64, 1_000_000_000L, 64);

    private static final long NANOS_A_MILLI = 1_000_000;

    /**
     * These settings, changed as a configuration says.
     *
     * @param problems takes a sentence for each value that is refused; this one's value stays
     */
    Settings with(Map<String, ?> in, List<String> problems) {
        int progressMillis = (int) (progressNanos / NANOS_A_MILLI);
        return new Settings(
                number(in, "address.bits", addressBits, 32, 64, problems),
                number(in, "workers", workers, 1, 64, problems),
                number(in, "queue.limit", queueLimit, 1, 65_536, problems),
                number(in, "progress.answers", progressAnswers, 1, 1_000_000, problems),
                NANOS_A_MILLI * number(in, "progress.ms", progressMillis, 1, 600_000, problems),
                number(in, "hint.pages", hintPages, 0, 65_536, problems));
    }

    private static int number(
            Map<String, ?> in,
            String key,
            int present,
            int least,
            int most,
            List<String> problems) {
        Object value = in.get(key);
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
        problems.add(
                "io-pgfault: %s=%s is out of range; allowed are %d to %d; %d stays"
                        .formatted(key, value, least, most, present));
        return present;
    }
}
