package io.faultline.guest.internal;

import java.util.List;
import java.util.Map;

/**
 * Checked settings; the keys and ranges are those of {@link Config}.
 *
 * @param users who may connect; empty: whom we run as, and root
 * @param sessions sessions at once
 * @param claims devices of one session
 * @param largestGroup requests in the largest group
 * @param wakeMillis longest time until a guest is woken
 * @param pauseMillis longest pause
 * @param reconnectMillis how long devices wait for a guest that is gone
 * @param handoverMillis how long sessions outlive the bundle, for its update; 0: not at all
 * @param failureAllowed whether FAILURE may be answered
 */
record Settings(
        List<String> users,
        int sessions,
        int claims,
        int largestGroup,
        int wakeMillis,
        int pauseMillis,
        int reconnectMillis,
        int handoverMillis,
        boolean failureAllowed) {
    static final Settings DEFAULTS =
            new Settings(List.of(), 64, 64, 512, 10, 10_000, 5_000, 2_000, false);

    /**
     * These settings, changed as a configuration says.
     *
     * @param problems takes a sentence for each value that is refused; this one's value stays
     */
    Settings with(Map<String, ?> in, List<String> problems) {
        return new Settings(
                in.get("users") instanceof String[] names ? List.of(names) : users,
                number(in, "sessions.limit", sessions, 1, 1024, problems),
                number(in, "claims.limit", claims, 1, 256, problems),
                number(in, "group.limit", largestGroup, 1, 1024, problems),
                number(in, "wake.ms", wakeMillis, 1, 1000, problems),
                number(in, "pause.limit.ms", pauseMillis, 0, 600_000, problems),
                number(in, "reconnect.ms", reconnectMillis, 100, 600_000, problems),
                number(in, "handover.ms", handoverMillis, 0, 60_000, problems),
                flag(in, "failure.allowed", failureAllowed, problems));
    }

    private static boolean flag(
            Map<String, ?> in, String key, boolean present, List<String> problems) {
        Object value = in.get(key);
        if (value == null) {
            return present;
        }
        String word = value.toString().trim();
        if (word.equals("true") || word.equals("false")) {
            return word.equals("true");
        }
        problems.add(
                "guest: %s=%s is neither true nor false; %s stays".formatted(key, value, present));
        return present;
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
                "guest: %s=%s is out of range; allowed are %d to %d; %d stays"
                        .formatted(key, value, least, most, present));
        return present;
    }
}
