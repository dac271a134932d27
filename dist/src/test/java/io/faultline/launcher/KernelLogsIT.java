package io.faultline.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whole kernel logs of guests whose devices did what is written down beside them: each fault that
 * is decoded was triggered, and each trigger that the kernel printed is decoded.
 */
class KernelLogsIT {
    private static final Path FOLDER = Path.of("src", "test", "resources", "captures", "kernel");
    private static final long PAGE = 0x1000;

    private static final String AMD = "amdvi-";

    /** The device behind the PCIe-to-PCI bridge reports as the bridge's alias. */
    private static final String BEHIND_BRIDGE = "03:03.0";

    private static final String ALIAS = "03:00.0";

    /** What the model reports for an access to the interrupt range: it does not say who. */
    private static final String NO_SOURCE = "ff:1f.7";

    /** What the first line about a fault contains. */
    private static final List<String> FAULTY =
            List.of(
                    "handling fault status",
                    "event 0x",
                    "Event logged",
                    "fault from EP",
                    "callbacks suppressed");

    /** How the addresses of the interrupt range begin. */
    private static final String INTERRUPTS = "fee";

    /** What was done or found: which device, in which direction, at which page. */
    private record Access(String device, String direction, String page) {
        /** Whether it is the other one, whose direction was not told. */
        boolean isAt(Access other) {
            return direction == null
                    && page != null
                    && device.equals(other.device)
                    && page.equals(other.page);
        }
    }

    /** The lines of each log, and of the same log as records, read by one process each. */
    private static Map<Object, List<Map<String, Object>>> dmesg;

    private static Map<Object, List<Map<String, Object>>> kmsg;

    @BeforeAll
    static void decode() throws IOException {
        dmesg = decode(".dmesg.gz");
        kmsg = decode(".kmsg.gz");
    }

    private static Map<Object, List<Map<String, Object>>> decode(String form) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("decode"));
        logs().forEach(name -> arguments.add(file(name + form)));
        Program.Result result = Program.run(arguments.toArray(String[]::new));
        assertEquals(0, result.exitCode(), result::err);
        return result.json().stream().collect(Collectors.groupingBy(line -> line.remove("file")));
    }

    static Stream<String> logs() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files
                    .map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".dmesg.gz"))
                    .map(name -> name.substring(0, name.length() - ".dmesg.gz".length()))
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    /** The model of AMD's hardware tells no addresses. */
    static Stream<String> logsWithAddresses() throws IOException {
        return logs().filter(name -> !name.startsWith(AMD));
    }

    static Stream<String> amdLogs() throws IOException {
        return logs().filter(name -> name.startsWith(AMD));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("logsWithAddresses")
    void findsWhatWasTriggered(String name) throws IOException {
        Map<String, Object> truth = truth(name);

        List<Map<String, Object>> lines = dmesg.get(file(name + ".dmesg.gz"));

        List<Map<String, Object>> faults = ofKind("unrecoverable", lines);
        assertEquals(printed(truth), faults.size());
        assertEquals(suppressed(truth), suppressed(lines));
        Set<Access> triggered = triggered(truth);
        for (Map<String, Object> fault : faults) {
            assertTrue(
                    wasTriggered(fault, triggered, truth),
                    () -> fault + " is not among " + triggered);
        }
        if (suppressed(truth) == 0 && !name.contains("badstream")) {
            Set<Access> found = new HashSet<>();
            faults.forEach(fault -> found.add(access(fault)));
            for (Access access : triggered) {
                assertTrue(
                        found.contains(access) || found.stream().anyMatch(f -> f.isAt(access)),
                        access::toString);
            }
        }
    }

    /**
     * QEMU's model of AMD's hardware logs an event for each 4 bytes, in order. It calls each device
     * that is on another bus 00:00.0, and its flags tell reads from writes in a way of its own.
     */
    @ParameterizedTest(name = "{0}")
    @MethodSource("amdLogs")
    void findsEachAccessThatAnAmdModelRefused(String name) throws IOException {
        List<String> refused = new ArrayList<>();
        for (Object each : (List<?>) truth(name).get("triggers")) {
            Map<?, ?> trigger = (Map<?, ?>) each;
            String device = trigger.get("bdf").toString();
            long flags = trigger.get("op").equals("read") ? 0x9 : 0xa;
            for (long at = 0; at < (Long) trigger.get("len") && refuses(trigger); at += 4) {
                refused.add(device.replaceFirst("0000:(?!00).*", "0000:00:00.0") + " " + flags);
            }
        }

        List<Map<String, Object>> lines = dmesg.get(file(name + ".dmesg.gz"));

        assertEquals(
                refused,
                lines.stream().map(line -> line.get("device") + " " + line.get("flags")).toList());
        assertTrue(lines.stream().allMatch(line -> "IO_PAGE_FAULT".equals(line.get("event"))));
        assertEquals(printed(truth(name)), lines.size());
    }

    private static boolean refuses(Map<?, ?> trigger) {
        return Boolean.TRUE.equals(trigger.get("faults"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("logs")
    void findsTheSameInRecordsOfTheKernelsDevice(String name) {
        assertEquals(
                told(dmesg.get(file(name + ".dmesg.gz"))), told(kmsg.get(file(name + ".kmsg.gz"))));
    }

    /** All but where it stands, and the device's full name, which only records give. */
    private static List<String> told(List<Map<String, Object>> lines) {
        List<String> told = new ArrayList<>();
        for (Map<String, Object> line : lines) {
            Set<String> keys = new TreeSet<>(line.keySet());
            keys.removeAll(Set.of("line", "device", "description"));
            StringBuilder text = new StringBuilder();
            keys.forEach(key -> text.append(key).append('=').append(line.get(key)).append(' '));
            told.add(text.toString());
        }
        return told;
    }

    @Test
    void findsNothingInBootLogs(@TempDir Path folder) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("decode"));
        int ordinary = 0;
        for (String form : List.of(".dmesg.gz", ".kmsg.gz")) {
            for (String name : logs().toList()) {
                List<String> boot = boot(name + form);
                ordinary += boot.size();
                arguments.add(Files.write(folder.resolve(name + form + ".txt"), boot).toString());
            }
        }

        Program.Result result = Program.run(arguments.toArray(String[]::new));

        assertTrue(ordinary >= 10_000, ordinary + " lines");
        assertEquals("", result.out());
        assertEquals("", result.err());
        assertEquals(0, result.exitCode());
    }

    /** What a kernel said before it saw its first fault, lines about its IOMMUs included. */
    private static List<String> boot(String log) throws IOException {
        try (InputStream in = new GZIPInputStream(Files.newInputStream(Path.of(file(log))))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .takeWhile(line -> FAULTY.stream().noneMatch(line::contains))
                    .toList();
        }
    }

    private static boolean wasTriggered(
            Map<String, Object> fault, Set<Access> triggered, Map<String, Object> truth) {
        Access found = access(fault);
        if (found.device().equals(NO_SOURCE)) {
            return triggered.stream().anyMatch(access -> access.page().startsWith(INTERRUPTS));
        }
        if (found.page() == null) {
            return triggered.stream().anyMatch(access -> access.device().equals(found.device()));
        }
        if (found.direction() == null) {
            return triggered.stream().anyMatch(found::isAt);
        }
        return triggered.contains(found)
                || truth.get("logged_but_not_triggered").toString().contains(shortAddress(fault));
    }

    private static String shortAddress(Map<String, Object> fault) {
        return fault.get("addr").toString();
    }

    private static Access access(Map<String, Object> fault) {
        long requester = (Long) fault.get("stream");
        String device =
                String.format("%02x:%02x.%d", requester >> 8, requester >> 3 & 0x1f, requester & 7);
        List<?> perms = (List<?>) fault.get("perms");
        Object address = fault.get("addr");
        return new Access(
                device,
                perms.isEmpty() ? null : perms.contains("W") ? "write" : "read",
                address == null ? null : page(parse(address)));
    }

    private static long parse(Object address) {
        return Long.parseUnsignedLong(address.toString().substring(2), 16);
    }

    private static String page(long address) {
        return Long.toHexString(address & -PAGE);
    }

    /** Every page that an access which had to fault touched. */
    private static Set<Access> triggered(Map<String, Object> truth) {
        Set<Access> triggered = new HashSet<>();
        for (Object each : (List<?>) truth.get("triggers")) {
            Map<?, ?> trigger = (Map<?, ?>) each;
            if (refuses(trigger)) {
                String bdf = trigger.get("bdf").toString().replace("0000:", "");
                String device = bdf.equals(BEHIND_BRIDGE) ? ALIAS : bdf;
                long from = parse(trigger.get("addr"));
                long length = trigger.get("len") instanceof Long bytes ? bytes : 1;
                for (long at = from & -PAGE; at - from < length; at += PAGE) {
                    triggered.add(new Access(device, trigger.get("op").toString(), page(at)));
                }
            }
        }
        return triggered;
    }

    private static long printed(Map<String, Object> truth) {
        Map<?, ?> observed = (Map<?, ?>) truth.get("observed");
        return Stream.of("smmu_events", "dmar_faults", "virtio_iommu_faults", "amdvi_events")
                .map(observed::get)
                .filter(Objects::nonNull)
                .mapToLong(Long.class::cast)
                .sum();
    }

    private static long suppressed(Map<String, Object> truth) {
        Map<?, ?> observed = (Map<?, ?>) truth.get("observed");
        return observed.get("suppressed") instanceof Map<?, ?> counts
                ? counts.values().stream().mapToLong(count -> (Long) count).sum()
                : 0;
    }

    private static long suppressed(List<Map<String, Object>> lines) {
        return ofKind("suppressed", lines).stream()
                .mapToLong(line -> (Long) line.get("count"))
                .sum();
    }

    private static List<Map<String, Object>> ofKind(String kind, List<Map<String, Object>> lines) {
        return lines.stream().filter(line -> kind.equals(line.get("kind"))).toList();
    }

    private static Map<String, Object> truth(String name) throws IOException {
        return Program.object(Files.readString(FOLDER.resolve(name + ".truth.json")));
    }

    private static String file(String name) {
        return FOLDER.resolve(name).toAbsolutePath().toString();
    }
}
