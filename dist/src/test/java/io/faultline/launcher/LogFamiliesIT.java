package io.faultline.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each form of line that an IOMMU's driver prints, through the whole program: {@code
 * log-families.jsonl} is the list of "IOMMU faults in the Linux kernel log", sections 5 (AMD), 7
 * (SMMUv2, Qualcomm, Nvidia, Adreno), 8 (RISC-V, virtio), 9 (other drivers) and 10 (trace events),
 * and of their limits in section 3. What is expected is what that text says of them, and nothing
 * else may be found; without an expectation, a line is no fault.
 */
class LogFamiliesIT {
    private static final ObjectMapper JSON =
            new ObjectMapper().enable(DeserializationFeature.USE_LONG_FOR_INTS);

    private static final Path FILE = Path.of("src", "test", "resources", "log-families.jsonl");

    /** Trace events have a head of their own. */
    private static final String TRACE_EVENTS = "10";

    /** An ordinary line, by another processor. */
    private static final String OTHER = "usb 1-1: new high-speed USB device number 2";

    /** What readers of the log put before a line and behind it (section 2, and 11 for damage). */
    private static final Map<String, String> DRESSES = dresses();

    /**
     * One row of the list.
     *
     * @param row its place in the list
     * @param section of the text
     * @param form which of its forms
     * @param line as it is printed, or lines
     * @param expect keys of each thing that it tells, in order
     */
    private record Family(
            int row, String section, String form, String line, List<Map<String, Object>> expect) {
        @Override
        public String toString() {
            return "section " + section + ", " + form;
        }

        /** A reader prefixes what has no head of its own. */
        boolean fits(String dress) {
            return dress.equals("bare") || (!section.equals(TRACE_EVENTS) && !line.startsWith("["));
        }

        String dressed(String dress) {
            return line.lines()
                    .map(text -> String.format(DRESSES.get(dress), text))
                    .collect(Collectors.joining("\n", "", "\n"));
        }
    }

    @TempDir private static Path folder;

    private static List<Family> families;

    private static Map<Object, List<Map<String, Object>>> found;

    private static Map<String, String> dresses() {
        Map<String, String> dresses = new LinkedHashMap<>();
        dresses.put("bare", "%s");
        dresses.put("dmesg", "[   12.345678] %s");
        dresses.put("dmesg -r", "<3>[   12.345678] %s");
        dresses.put("dmesg -x", "kern  :err   : [   12.345678] %s");
        dresses.put("dmesg -T", "[Fri Nov  3 10:22:31 2023] %s");
        dresses.put("dmesg -e", "[  +0.000012] %s");
        dresses.put("dmesg --time-format iso", "2023-11-03T10:22:31,123456+01:00 %s");
        dresses.put("journalctl -o short-iso", "2023-11-03T10:22:31+0100 host kernel: %s");
        dresses.put("journalctl -o short-monotonic", "[   12.345678] host kernel: %s");
        dresses.put("syslog", "Nov  3 10:22:31 host kernel: [   12.345678] %s");
        dresses.put("caller", "[   12.345678] [    C0] %s");
        dresses.put("quoted", "> [   12.345678] %s");
        dresses.put("colours", "\u001b[32m[   12.345678] \u001b[0m\u001b[31m%s\u001b[0m");
        dresses.put("serial console", "[   12.345678] %s\r");
        dresses.put("interleaved", "[   12.345678] %s\n[   12.345679] " + OTHER);
        return dresses;
    }

    static List<Family> families() {
        return families;
    }

    /** A file for each row and dress, all read by one process. */
    @BeforeAll
    static void decode() throws IOException {
        try (Stream<String> lines = Files.lines(FILE)) {
            List<String> rows = lines.toList();
            families = IntStream.range(0, rows.size()).mapToObj(i -> family(i, rows)).toList();
        }
        List<String> arguments = new ArrayList<>(List.of("decode"));
        for (Family family : families) {
            for (String dress : DRESSES.keySet()) {
                if (family.fits(dress)) {
                    arguments.add(
                            Files.writeString(file(family, dress), family.dressed(dress))
                                    .toString());
                }
            }
        }
        Program.Result result = Program.run(arguments.toArray(String[]::new));
        assertEquals(0, result.exitCode(), result::err);
        found = result.json().stream().collect(Collectors.groupingBy(line -> line.get("file")));
    }

    private static Family family(int number, List<String> rows) {
        Map<String, Object> row = Program.object(rows.get(number));
        return new Family(
                number,
                (String) row.get("section"),
                (String) row.get("form"),
                (String) row.get("line"),
                JSON.convertValue(row.get("expect"), new TypeReference<>() {}));
    }

    private static Path file(Family family, String dress) {
        return folder.resolve(family.row() + " " + dress);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("families")
    void tellsWhatTheLineSays(Family family) {
        check(family, "bare");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("families")
    void tellsTheSameHoweverTheLogWasRead(Family family) {
        DRESSES.keySet().stream().filter(family::fits).forEach(dress -> check(family, dress));
    }

    private static void check(Family family, String dress) {
        List<Map<String, Object>> lines =
                found.getOrDefault(file(family, dress).toString(), List.of());
        List<Map<String, Object>> told = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            Map<String, Object> keys = new HashMap<>(lines.get(i));
            assertFalse(keys.get("description").toString().isBlank(), keys::toString);
            if (dress.equals("interleaved")) { // each line is followed by one of others
                keys.computeIfPresent("line", (key, line) -> ((Long) line + 1) / 2);
            }
            if (i < family.expect().size()) {
                keys.keySet().retainAll(family.expect().get(i).keySet());
            }
            told.add(keys);
        }

        assertEquals(
                family.expect(), told, () -> dress + ":\n" + family.dressed(dress) + "\n" + lines);
    }

    @Test
    void hasEachSection() {
        Map<String, Long> rows =
                families.stream()
                        .collect(Collectors.groupingBy(Family::section, Collectors.counting()));

        for (String section : List.of("3", "5", "7", "8", "9", "10")) {
            assertTrue(rows.getOrDefault(section, 0L) >= 10, () -> section + " of " + rows);
        }
    }
}
