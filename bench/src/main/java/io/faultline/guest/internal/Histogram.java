package io.faultline.guest.internal;

import java.lang.management.ManagementFactory;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/**
 * What of each class is alive, as {@code jcmd PID GC.class_histogram} has it.
 *
 * @param byClass bytes of each
 */
record Histogram(Map<String, Long> byClass) {
    private static final Pattern LINE =
            Pattern.compile("^\\s*\\d+:\\s+\\d+\\s+(\\d+)\\s+(\\S+)", Pattern.MULTILINE);
    private static final int SHOWN = 5;

    /** Collects all garbage and counts what is left. */
    static Histogram take() {
        try {
            MBeanServer server = ManagementFactory.getPlatformMBeanServer();
            String text =
                    (String)
                            server.invoke(
                                    new ObjectName("com.sun.management:type=DiagnosticCommand"),
                                    "gcClassHistogram",
                                    new Object[] {new String[0]},
                                    new String[] {String[].class.getName()});
            Map<String, Long> bytes = new TreeMap<>();
            for (Matcher line = LINE.matcher(text); line.find(); ) {
                bytes.merge(line.group(2), Long.parseLong(line.group(1)), Long::sum);
            }
            return new Histogram(bytes);
        } catch (JMException e) {
            throw new IllegalStateException("no histogram of the heap", e);
        }
    }

    long bytes() {
        return byClass.values().stream().mapToLong(Long::longValue).sum();
    }

    /** The classes of which there is more or less than before, those that differ most. */
    List<String> since(Histogram before) {
        Map<String, Long> grown = new TreeMap<>(byClass);
        before.byClass.forEach((name, bytes) -> grown.merge(name, -bytes, Long::sum));
        return grown.entrySet().stream()
                .filter(entry -> entry.getValue() != 0)
                .sorted(
                        Comparator.comparingLong(
                                (Map.Entry<String, Long> entry) -> -Math.abs(entry.getValue())))
                .limit(SHOWN)
                .map(entry -> "%s %+d".formatted(entry.getKey(), entry.getValue()))
                .collect(Collectors.toList());
    }
}
