package io.faultline.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Lines from public bug reports, as people posted them: quoted, wrapped, typed from a screen. Each
 * event tells what is noted beside it, and nothing else is found in it.
 */
class BugReportsIT {
    private static final ObjectMapper JSON =
            new ObjectMapper().enable(DeserializationFeature.USE_LONG_FOR_INTS);

    private static final Path FILE = Path.of("src", "test", "resources", "bugreports.jsonl");

    /** What is noted for people. */
    private static final Set<String> REMARKS = Set.of("damage", "note", "text");

    /**
     * The names of the notes for what the program calls otherwise: there {@code reason} is the
     * generic one of Linux.
     */
    private static final Map<String, String> NAMES =
            Map.of("reason", "detail", "stag", "grpid", "client", "device");

    /** One event. */
    private record Report(String line, Map<String, Object> expect) {}

    @TempDir private static Path folder;

    private static Map<Object, List<Map<String, Object>>> found;

    static List<Report> reports() throws IOException {
        List<Report> reports = new ArrayList<>();
        try (Stream<String> lines = Files.lines(FILE)) {
            for (String line : lines.toList()) {
                Map<String, Object> report = JSON.readValue(line, new TypeReference<>() {});
                reports.add(
                        new Report(
                                (String) report.get("line"),
                                JSON.convertValue(report.get("expect"), new TypeReference<>() {})));
            }
        }
        return reports;
    }

    /** A file for each report, all read by one process. */
    @BeforeAll
    static void decode() throws IOException {
        List<String> arguments = new ArrayList<>(List.of("decode"));
        for (Report report : reports()) {
            Path file = folder.resolve(Integer.toHexString(report.line().hashCode()));
            Files.writeString(file, report.line() + "\n");
            arguments.add(file.toString());
        }
        Program.Result result = Program.run(arguments.toArray(String[]::new));
        assertEquals(0, result.exitCode(), result::err);
        found = result.json().stream().collect(Collectors.groupingBy(line -> line.get("file")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("reports")
    void isReadAsItWasMeant(Report report) {
        Path file = folder.resolve(Integer.toHexString(report.line().hashCode()));
        List<Map<String, Object>> lines = found.getOrDefault(file.toString(), List.of());

        assertEquals(1, lines.size(), () -> report.line() + "\n" + lines);
        Map<String, Object> line = lines.get(0);
        boolean vtd = "vtd".equals(line.get("arch"));
        report.expect()
                .forEach(
                        (key, value) -> {
                            String name = vtd && key.equals("reason_code") ? "arch_code" : key;
                            if (!REMARKS.contains(key)) {
                                assertEquals(
                                        value,
                                        line.get(NAMES.getOrDefault(name, name)),
                                        () -> key + " of " + line);
                            }
                        });
        assertTrue(line.get("description") instanceof String text && !text.isEmpty());
    }
}
