package io.faultline.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What QEMU's IOMMU models wrote into their queues, record by record. What was written is known
 * from scripts that share no code with Faultline.
 */
class QueueDumpsIT {
    private static final Path FOLDER = Path.of("src", "test", "resources", "captures", "qtest");
    private static final int SMMU_RECORD_BYTES = 32;

    /** What each record says alone, as a line of hex. */
    private static Map<Object, Map<String, Object>> alone;

    /** What all dumps say, read by one process. */
    private static Map<Object, List<Map<String, Object>>> dumped;

    @BeforeAll
    static void decode() throws IOException {
        List<String> hex = new ArrayList<>();
        List<String> files = new ArrayList<>();
        for (String name : smmuDumps().toList()) {
            files.add(bin(name));
            records(name).forEach(record -> hex.add(record.get("hex").toString()));
        }
        List<String> arguments = new ArrayList<>(List.of("decode", "--raw", "smmuv3:evtq"));
        alone = new HashMap<>();
        arguments.add("--hex");
        for (Map<String, Object> line :
                Program.runOn(String.join("\n", hex), arguments.toArray(String[]::new)).json()) {
            String record = hex.get(((Long) line.remove("record")).intValue() - 1);
            alone.put(record, line);
        }
        arguments.remove("--hex");
        arguments.addAll(files);
        Program.Result result = Program.run(arguments.toArray(String[]::new));
        assertEquals(0, result.exitCode(), result::err);
        dumped = result.json().stream().collect(Collectors.groupingBy(line -> line.remove("file")));
    }

    static Stream<String> smmuDumps() throws IOException {
        return dumps("smmuv3-");
    }

    static Stream<String> vtdDumps() throws IOException {
        return dumps("vtd-");
    }

    static Stream<String> amdDumps() throws IOException {
        return dumps("amdvi-");
    }

    static Stream<String> riscvDumps() throws IOException {
        return dumps("riscv-");
    }

    private static Stream<String> dumps(String prefix) throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files
                    .map(file -> file.getFileName().toString())
                    .filter(name -> name.startsWith(prefix) && name.endsWith(".bin"))
                    .map(name -> name.substring(0, name.length() - ".bin".length()))
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("smmuDumps")
    void decodesWhatIsStillInTheQueueInSlotOrder(String name) throws IOException {
        assertRecords(survivors(name), dumped.get(bin(name)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("smmuDumps")
    void decodesExactlyThePendingRecordsInOrder(String name) throws IOException {
        Map<String, Object> queue = map(truth(name).get("queue"));
        List<Map<String, Object>> records = records(name);
        int pending = ((Long) queue.get("pending")).intValue();

        Program.Result result =
                Program.run(
                        "decode",
                        "--raw",
                        "smmuv3:evtq",
                        "--prod",
                        queue.get("prod").toString(),
                        "--cons",
                        queue.get("cons").toString(),
                        bin(name));

        assertEquals(0, result.exitCode(), result::err);
        assertRecords(records.subList(records.size() - pending, records.size()), result.json());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("vtdDumps")
    void decodesEachRegisterThatWasRead(String name) throws IOException {
        List<Map<String, Object>> records = records(name);

        Program.Result result = Program.run("decode", "--raw", "vtd:frcd", bin(name));

        assertEquals(0, result.exitCode(), result::err);
        assertEquals(records.size(), result.json().size());
        for (int i = 0; i < records.size(); i++) {
            assertRegister(records.get(i), result.json().get(i));
        }
    }

    /** QEMU's model of this hardware fills in device and flags only. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("amdDumps")
    void decodesWhatWaitsInAnEventLog(String name) throws IOException {
        Map<String, Object> queue = map(truth(name).get("queue"));

        Program.Result result = decode("amdvi:event", queue, name);

        assertEquals(0, result.exitCode(), result::err);
        assertEquals(records(name).size(), result.json().size());
        for (int i = 0; i < result.json().size(); i++) {
            Map<String, Object> record = records(name).get(i);
            Map<String, Object> line = result.json().get(i);
            assertEquals("unrecoverable", line.get("kind"));
            assertEquals(i + 1L, line.get("record"));
            assertEquals("IO_PAGE_FAULT", line.get("event"));
            assertEquals(record.get("event_code"), line.get("arch_code"));
            assertEquals(record.get("device_id"), line.get("stream"));
            assertEquals(Long.decode(record.get("flags").toString()), line.get("flags"));
        }
    }

    private static Program.Result decode(String raw, Map<String, Object> queue, String name) {
        return Program.run(
                "decode",
                "--raw",
                raw,
                "--prod",
                queue.get("tail").toString(),
                "--cons",
                queue.get("head").toString(),
                bin(name));
    }

    /** Each access that had to fault is there, in order, as QEMU's model recorded it. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("riscvDumps")
    void decodesWhatWaitsInAFaultQueue(String name) throws IOException {
        Map<String, Object> queue = map(truth(name).get("queue"));

        Program.Result result = decode("riscv:fq", queue, name);

        assertEquals(0, result.exitCode(), result::err);
        assertEquals(records(name).size(), result.json().size());
        for (int i = 0; i < result.json().size(); i++) {
            assertRiscvFault(truth(name), records(name).get(i), result.json().get(i));
        }
    }

    private static void assertRiscvFault(
            Map<String, Object> truth, Map<String, Object> record, Map<String, Object> line) {
        List<?> triggers = (List<?>) truth.get("triggers");
        Map<String, Object> trigger = map(triggers.get(((Long) record.get("trigger")).intValue()));
        assertEquals("unrecoverable", line.get("kind"));
        assertEquals((Long) record.get("slot") + 1, line.get("record"));
        assertEquals(record.get("cause"), line.get("arch_code"));
        assertEquals(trigger.get("device_id"), line.get("stream"));
        assertEquals(trigger.get("addr"), line.get("addr"));
        assertEquals(List.of(trigger.get("op").equals("write") ? "W" : "R"), line.get("perms"));
    }

    private static void assertRegister(Map<String, Object> truth, Map<String, Object> line) {
        assertEquals("unrecoverable", line.get("kind"));
        assertEquals(truth.get("sid"), line.get("stream"));
        assertEquals(Long.decode(truth.get("fault_reason").toString()), line.get("arch_code"));
        boolean isInterrupt = Long.decode(truth.get("fault_reason").toString()) >> 4 == 2;
        assertEquals(isInterrupt ? null : truth.get("fault_info"), line.get("addr"));
        boolean isRead = truth.get("type_read").equals(1L);
        assertEquals(isInterrupt ? List.of() : List.of(isRead ? "R" : "W"), line.get("perms"));
    }

    /** Each line says what the same bytes say as a line of hex, and what the truth says. */
    private static void assertRecords(
            List<Map<String, Object>> truth, List<Map<String, Object>> lines) {
        assertEquals(truth.size(), lines.size());
        for (int i = 0; i < truth.size(); i++) {
            Map<String, Object> record = truth.get(i);
            Map<String, Object> line = lines.get(i);
            assertEquals((Long) record.get("slot") + 1, line.remove("record"));
            assertEquals(alone.get(record.get("hex")), line);
            if (record.containsKey("sid")) {
                assertEquals(record.get("sid"), line.get("stream"));
                assertEquals(record.get("type"), line.get("event"));
            }
        }
    }

    /** Of the records that were written into a slot, the last one: in the order of the slots. */
    private static List<Map<String, Object>> survivors(String name) throws IOException {
        byte[] memory = Files.readAllBytes(FOLDER.resolve(name + ".bin"));
        List<Map<String, Object>> survivors = new ArrayList<>();
        for (int slot = 0; slot < memory.length / SMMU_RECORD_BYTES; slot++) {
            int from = slot * SMMU_RECORD_BYTES;
            String hex = HexFormat.of().formatHex(memory, from, from + SMMU_RECORD_BYTES);
            long number = slot;
            records(name).stream()
                    .filter(r -> r.get("slot").equals(number) && r.get("hex").equals(hex))
                    .findFirst()
                    .ifPresent(survivors::add);
        }
        return survivors;
    }

    private static List<Map<String, Object>> records(String name) throws IOException {
        return ((List<?>) truth(name).get("records")).stream().map(QueueDumpsIT::map).toList();
    }

    private static Map<String, Object> truth(String name) throws IOException {
        return Program.object(Files.readString(FOLDER.resolve(name + ".json")));
    }

    @SuppressWarnings("unchecked") // a JSON object's keys are strings
    private static Map<String, Object> map(Object json) {
        return (Map<String, Object>) json;
    }

    private static String bin(String name) {
        return FOLDER.resolve(name + ".bin").toAbsolutePath().toString();
    }
}
