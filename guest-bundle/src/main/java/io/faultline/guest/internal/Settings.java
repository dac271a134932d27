package io.faultline.guest.internal;

import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

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
 * @param failureDevices physical functions whose guests may answer FAILURE, as unit and requester
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
        Set<String> failureDevices) {
    private static final String FAILURE_DEVICES = "failure.devices";

    static final Settings DEFAULTS =
            new Settings(List.of(), 64, 64, 512, 10, 10_000, 5_000, 2_000, Set.of());

    /**
     * These settings, changed as a configuration says: what it does not say, or says no more, is at
     * its default.
     *
     * @param problems takes a sentence for each value that is refused; this one's value stays
     */
    Settings with(Map<String, ?> in, List<String> problems) {
        Reader read = new Reader(in, problems);
        return new Settings(
                read.strings("users", users, DEFAULTS.users),
                read.number("sessions.limit", sessions, DEFAULTS.sessions, 1, 1024),
                read.number("claims.limit", claims, DEFAULTS.claims, 1, 256),
                read.number("group.limit", largestGroup, DEFAULTS.largestGroup, 1, 1024),
                read.number("wake.ms", wakeMillis, DEFAULTS.wakeMillis, 1, 1000),
                read.number("pause.limit.ms", pauseMillis, DEFAULTS.pauseMillis, 0, 600_000),
                read.number(
                        "reconnect.ms", reconnectMillis, DEFAULTS.reconnectMillis, 100, 600_000),
                read.number("handover.ms", handoverMillis, DEFAULTS.handoverMillis, 0, 60_000),
                read.devices(failureDevices));
    }

    /** Whether the operator has named a device as a physical function that may fail. */
    boolean mayFail(String unit, int requester) {
        return failureDevices.contains(device(unit, requester));
    }

    private static String device(String unit, int requester) {
        return unit + " " + Integer.toUnsignedString(requester);
    }

    /** Reads single values and says what is wrong with them. */
    private record Reader(Map<String, ?> in, List<String> problems) {
        Set<String> devices(Set<String> present) {
            List<String> named = strings(FAILURE_DEVICES, null, List.of());
            if (named == null) {
                return present;
            }
            Set<String> devices = new HashSet<>();
            for (String one : named) {
                String[] words = one.strip().split("\\s+", -1);
                try {
                    if (words.length != 2) {
                        throw new NumberFormatException("a unit and a device");
                    }
                    devices.add(device(words[0], ClaimRequest.requester(words[1])));
                } catch (NumberFormatException e) {
                    problems.add(
                            "guest: %s=%s is no unit and device, as in 'smmu0 0x100' or 'dmar0 3b:00.0'; the devices named before stay"
                                    .formatted(FAILURE_DEVICES, one));
                    return present;
                }
            }
            return Set.copyOf(devices);
        }

        /** An array, a collection, or one string: what tools make of a list. */
        List<String> strings(String key, List<String> present, List<String> preset) {
            Object value = in.get(key);
            if (value == null) {
                return preset;
            }
            if (value instanceof String one) {
                return one.isBlank() ? List.of() : List.of(one);
            }
            List<?> many =
                    value instanceof Object[] array
                            ? Arrays.asList(array)
                            : value instanceof Collection<?> collection
                                    ? List.copyOf(collection)
                                    : null;
            if (many == null || !many.stream().allMatch(String.class::isInstance)) {
                problems.add(
                        "guest: %s=%s is no list of strings; it stays as it was"
                                .formatted(key, value));
                return present;
            }
            return many.stream().map(String.class::cast).toList();
        }

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
                    "guest: %s=%s is out of range; allowed are %d to %d; %d stays"
                            .formatted(key, value, least, most, present));
            return present;
        }
    }
}
