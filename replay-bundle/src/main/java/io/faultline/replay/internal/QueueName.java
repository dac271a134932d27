package io.faultline.replay.internal;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Which kind of queue a dump is of, in the words that {@code --raw} takes: {@code smmuv3:evtq}.
 *
 * @param arch the architecture's word
 * @param queue the queue's word
 */
record QueueName(String arch, String queue) {
    private static final Pattern FORM = Pattern.compile("([a-z][a-z0-9]*):([a-z][a-z0-9]*)");

    /** What file names can say: the queues of each architecture, the usual one first. */
    private static final Map<String, List<String>> KNOWN =
            Map.of(
                    "smmuv3", List.of("evtq", "priq"),
                    "vtd", List.of("frcd", "prq", "prq16"),
                    "amdvi", List.of("event", "ppr"),
                    "riscv", List.of("fq", "pq"),
                    "virtio", List.of("fault"),
                    "iommufd", List.of("fault", "veventq", "response"));

    /** The name in {@code text}, if it has the form {@code arch:queue}. */
    static Optional<QueueName> parse(String text) {
        var matcher = FORM.matcher(text);
        return matcher.matches()
                ? Optional.of(new QueueName(matcher.group(1), matcher.group(2)))
                : Optional.empty();
    }

    /**
     * What a file's name says: {@code smmuv3-boot.bin} is an event queue, {@code
     * smmuv3-boot-priq.bin} a PRI queue.
     */
    static Optional<QueueName> ofFile(String fileName) {
        List<String> words = List.of(fileName.split("[-_.]", -1));
        List<String> queues = KNOWN.get(words.get(0));
        if (queues == null) {
            return Optional.empty();
        }
        String named =
                words.stream().skip(1).filter(queues::contains).findFirst().orElse(queues.get(0));
        return Optional.of(new QueueName(words.get(0), named));
    }

    /** The queue of {@code arch} that a description such as {@code event log} means. */
    static Optional<QueueName> described(String arch, String description) {
        List<String> queues = KNOWN.getOrDefault(arch, List.of());
        if (queues.contains(description)) {
            return Optional.of(new QueueName(arch, description));
        }
        boolean requests = description.contains("page") || description.startsWith("pri");
        int place = requests ? 1 : 0;
        return queues.size() > place
                ? Optional.of(new QueueName(arch, queues.get(place)))
                : Optional.empty();
    }

    @Override
    public String toString() {
        return arch + ":" + queue;
    }
}
