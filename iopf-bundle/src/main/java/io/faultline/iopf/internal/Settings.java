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
 * @param rehearsalMillis how long it may rehearse before it serves
 */
record Settings(
        int addressBits,
        int workers,
        int queueLimit,
        int progressAnswers,
        long progressNanos,
        int hintPages,
        int rehearsalMillis) {
    static final Settings DEFAULTS = new Settings(57, 4, 1024, 64, 1_000_000_000L, 64, 50);

    private static final long NANOS_A_MILLI = 1_000_000;

    /**
     * These settings, changed as a configuration says: what it does not say, or says no more, is at
     * its default.
     *
     * @param problems takes a sentence for each value that is refused; this one's value stays
     */
    Settings with(Map<String, ?> in, List<String> problems) {
        Reader reader = new Reader(in, problems);
        return new Settings(
                reader.number("address.bits", addressBits, DEFAULTS.addressBits, 32, 64),
                reader.number("workers", workers, DEFAULTS.workers, 1, 64),
                reader.number("queue.limit", queueLimit, DEFAULTS.queueLimit, 1, 65_536),
                reader.number(
                        "progress.answers",
                        progressAnswers,
                        DEFAULTS.progressAnswers,
                        1,
                        1_000_000),
                NANOS_A_MILLI
                        * reader.number(
                                "progress.ms",
                                (int) (progressNanos / NANOS_A_MILLI),
                                (int) (DEFAULTS.progressNanos / NANOS_A_MILLI),
                                1,
                                600_000),
                reader.number("hint.pages", hintPages, DEFAULTS.hintPages, 0, 65_536),
                reader.number("rehearsal.ms", rehearsalMillis, DEFAULTS.rehearsalMillis, 0, 1_000));
    }

    /** Reads single values and says what is wrong with them. */
    private record Reader(Map<String, ?> in, List<String> problems) {
        int number(String key, int present, int preset, int least, int most) {
            Object value = in.get(key);
            if (value == null) {
                return preset;
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
}
