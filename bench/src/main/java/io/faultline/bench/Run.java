package io.faultline.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * All that one run has measured, and where.
 *
 * @param set which set of figures
 * @param machine its processor and its size
 * @param jdk the Java that measured
 * @param ended when
 * @param load the load before it began: what else the machine did
 * @param seconds how long it took
 * @param figures what it measured
 */
record Run(
        String set,
        String machine,
        String jdk,
        String ended,
        String load,
        int seconds,
        List<Figure> figures) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path PROCESSORS = Path.of("/proc/cpuinfo");
    private static final Path MEMORY = Path.of("/proc/meminfo");

    /**
     * What has just been measured on this machine.
     *
     * @param folder a file of figures for each part, in the order of their names
     */
    static Run present(String set, Path folder, String load, int seconds) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.list(folder)) {
            files = all.filter(file -> file.toString().endsWith(".json")).sorted().toList();
        }
        List<Figure> figures = new ArrayList<>();
        for (Path file : files) {
            figures.addAll(Figures.read(file));
        }
        if (figures.isEmpty()) {
            throw new IOException(folder + " holds no figures: every part has failed");
        }
        String now =
                LocalDateTime.now(ZoneOffset.UTC)
                        .format(DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT));
        String jdk =
                System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version");
        return new Run(set, thisMachine(), jdk, now + " UTC", load, seconds, figures);
    }

    static Run read(Path file) throws IOException {
        return JSON.readValue(file.toFile(), Run.class);
    }

    void write(Path file) throws IOException {
        JSON.writerWithDefaultPrettyPrinter().writeValue(file.toFile(), this);
    }

    /** The figures by {@link Figure#key}. */
    Map<String, Figure> byKey() {
        Map<String, Figure> byKey = new TreeMap<>();
        figures.forEach(figure -> byKey.put(figure.key(), figure));
        return byKey;
    }

    /** Where and when, in one line. */
    String tell() {
        return String.format(
                Locale.ROOT,
                "`bench/run %s`: %s; %s; ended %s after %d min %d s; load at its start %s.",
                set,
                machine,
                jdk,
                ended,
                seconds / 60,
                seconds % 60,
                load);
    }

    private static String thisMachine() throws IOException {
        return String.format(
                Locale.ROOT,
                "%s, %d processors, memory %s, %s %s",
                value(PROCESSORS, "model name"),
                Runtime.getRuntime().availableProcessors(),
                value(MEMORY, "MemTotal"),
                System.getProperty("os.name"),
                System.getProperty("os.version"));
    }

    /** What Linux tells; elsewhere nobody is asked. */
    private static String value(Path file, String key) throws IOException {
        if (!Files.isReadable(file)) {
            return "unknown";
        }
        return Files.readAllLines(file).stream()
                .filter(line -> line.startsWith(key))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst()
                .orElse("unknown");
    }
}
