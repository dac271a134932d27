package io.faultline.replay.internal;

import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * What to play, and how: one configuration of {@code io.faultline.replay}.
 *
 * @param file the recording
 * @param rate how fast
 * @param loop whether it begins again at its end, for ever
 * @param queue what kind of queue a dump is of; null: the file says
 * @param responses the file that takes the answers; null: nobody wants to know
 * @param unit the unit's name; null: after the file
 */
record Replayed(
        String file, Rate rate, boolean loop, QueueName queue, String responses, String unit) {
    static final String PID = "io.faultline.replay";

    private static final Set<String> KEYS =
            Set.of("file", "rate", "loop", "queue", "responses", "unit");

    /**
     * Reads a configuration.
     *
     * @throws IllegalArgumentException names key, value and what is allowed
     */
    static Replayed of(Map<String, Object> properties) {
        for (String key : properties.keySet()) {
            // Keys with a dot are those of the framework, of Configuration Admin and of installers.
            if (!key.contains(".") && !KEYS.contains(key)) {
                throw bad(key, properties.get(key), "no such key; there are " + sorted());
            }
        }
        String file = text(properties, "file");
        if (file == null) {
            throw bad("file", "", "needed is the path of a kernel log or a queue dump");
        }
        String rate = text(properties, "rate");
        String loop = text(properties, "loop");
        String queue = text(properties, "queue");
        return new Replayed(
                file,
                rate == null
                        ? Rate.MAX
                        : Rate.parse(rate.toLowerCase(Locale.ROOT))
                                .orElseThrow(
                                        () -> bad("rate", rate, "allowed are " + Rate.ALLOWED)),
                loop != null && flag(loop),
                queue == null
                        ? null
                        : QueueName.parse(queue)
                                .orElseThrow(
                                        () ->
                                                bad(
                                                        "queue",
                                                        queue,
                                                        "allowed is arch:queue, for example"
                                                                + " smmuv3:evtq")),
                text(properties, "responses"),
                text(properties, "unit"));
    }

    /** An error in the form that all of this bundle's configuration errors have. */
    static IllegalArgumentException bad(String key, Object value, String allowed) {
        return new IllegalArgumentException(PID + ": " + key + "=" + value + ": " + allowed);
    }

    /** Whether only rate or loop differ, which a replay can change while it runs. */
    boolean playsTheSameAs(Replayed other) {
        return other.equals(new Replayed(file, other.rate, other.loop, queue, responses, unit));
    }

    private static String text(Map<String, Object> properties, String key) {
        Object value = properties.get(key);
        String text = value == null ? "" : value.toString().strip();
        return text.isEmpty() ? null : text;
    }

    private static boolean flag(String value) {
        return switch (value.toLowerCase(Locale.ROOT)) {
            case "true" -> true;
            case "false" -> false;
            default -> throw bad("loop", value, "allowed are true and false");
        };
    }

    private static String sorted() {
        return String.join(", ", KEYS.stream().sorted().toList());
    }
}
