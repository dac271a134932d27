package io.faultline.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.faultline.testkit.Vector;
import io.faultline.testkit.VectorFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every vector of the architectures that ship, through {@code decode} and {@code encode}. */
class VectorsIT {
    private static final String SMMUV3 = "/io/faultline/smmuv3/internal/smmuv3.jsonl";
    private static final String SEQUENCES = "/io/faultline/smmuv3/internal/smmuv3-sequences.jsonl";
    private static final String VTD = "/io/faultline/vtd/internal/vtd.jsonl";
    private static final String AMDVI = "/io/faultline/amdvi/internal/amdvi.jsonl";
    private static final String RISCV = "/io/faultline/riscv/internal/riscv.jsonl";
    private static final String VIRTIO = "/io/faultline/virtio/internal/virtio.jsonl";
    private static final String IOMMUFD = "/io/faultline/iommufd/internal/iommufd.jsonl";

    @TestFactory
    Stream<DynamicTest> decodesEveryEvent() {
        return decoded("smmuv3", "evtq", SMMUV3);
    }

    @TestFactory
    Stream<DynamicTest> decodesEveryPriRecord() {
        return decoded("smmuv3", "priq", SMMUV3);
    }

    @TestFactory
    Stream<DynamicTest> decodesEveryRecordingRegister() {
        return decoded("vtd", "frcd", VTD);
    }

    @TestFactory
    Stream<DynamicTest> decodesEveryPageRequestDescriptor() {
        return decoded("vtd", "prq", VTD);
    }

    @TestFactory
    Stream<DynamicTest> decodesEveryOldPageRequestDescriptor() {
        return decoded("vtd", "prq16", VTD);
    }

    @TestFactory
    Stream<DynamicTest> decodesEveryAmdEvent() {
        return decoded("amdvi", "event", AMDVI);
    }

    @TestFactory
    Stream<DynamicTest> decodesEveryAmdPageRequest() {
        return decoded("amdvi", "ppr", AMDVI);
    }

    @TestFactory
    Stream<DynamicTest> decodesEveryRiscvFault() {
        return decoded("riscv", "fq", RISCV);
    }

    @TestFactory
    Stream<DynamicTest> decodesEveryRiscvPageRequest() {
        return decoded("riscv", "pq", RISCV);
    }

    @TestFactory
    Stream<DynamicTest> decodesEveryVirtioFault() {
        return decoded("virtio", "fault", VIRTIO);
    }

    @TestFactory
    Stream<DynamicTest> decodesEveryPageRequestOfIommufd() {
        return decoded("iommufd", "fault", IOMMUFD);
    }

    @TestFactory
    Stream<DynamicTest> decodesEveryAnswerToIommufd() {
        return decoded("iommufd", "response", IOMMUFD);
    }

    @TestFactory
    Stream<DynamicTest> decodesEveryVirtualEvent() {
        return decoded("iommufd", "veventq", IOMMUFD);
    }

    @TestFactory
    Stream<DynamicTest> encodesEverySmmuCommand() {
        return encoded("smmuv3", "cmdq", SMMUV3);
    }

    @TestFactory
    Stream<DynamicTest> encodesEveryPageGroupResponse() {
        return encoded("vtd", "qi", VTD);
    }

    @TestFactory
    Stream<DynamicTest> encodesEveryAmdCommand() {
        return encoded("amdvi", "cmd", AMDVI);
    }

    @TestFactory
    Stream<DynamicTest> encodesEveryRiscvCommand() {
        return encoded("riscv", "cmd", RISCV);
    }

    /** What decodes as an answer encodes to the same bytes. */
    @TestFactory
    Stream<DynamicTest> encodesEveryIommufdResponse() {
        List<Vector> answers =
                VectorFile.read(VectorsIT.class, IOMMUFD)
                        .queue("response")
                        .filter(vector -> vector.expect().get("kind").equals("page_response"))
                        .toList();
        return encoded(
                "iommufd",
                answers,
                vector ->
                        Map.of(
                                "to",
                                "page_request_group",
                                "code",
                                vector.expect().get("code"),
                                "cookie",
                                vector.expect().get("cookie")));
    }

    static Stream<Vector> sequences() {
        return VectorFile.read(VectorsIT.class, SEQUENCES).all();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("sequences")
    void collectsEverySequenceIntoGroups(Vector sequence) {
        String records = sequence.hex().replaceAll("(.{32})", "$1\n");

        Program.Result result =
                Program.runOn(records, "decode", "--raw", "smmuv3:priq", "--hex", "--groups");

        List<Object> complete = new ArrayList<>();
        List<Object> incomplete = new ArrayList<>();
        for (Map<String, Object> group : result.json("page_request_group")) {
            (Boolean.TRUE.equals(group.get("complete")) ? complete : incomplete)
                    .add(members(group));
        }
        assertEquals(members(sequence.expect().get("groups")), complete);
        List<Object> never = new ArrayList<>();
        never.addAll(members(sequence.expect().getOrDefault("discarded", List.of())));
        never.addAll(members(sequence.expect().get("partial")));
        assertEquals(never, incomplete);
        List<?> stops =
                result.json("page_request_stop").stream()
                        .map(stop -> List.of(stop.get("stream"), stop.get("pasid")))
                        .toList();
        assertEquals(
                ((List<?>) sequence.expect().get("stops"))
                        .stream()
                                .map(stop -> (Map<?, ?>) stop)
                                .map(stop -> List.of(stop.get("stream"), stop.get("pasid")))
                                .toList(),
                stops);
    }

    private static List<Object> members(Object expectedGroups) {
        List<Object> members = new ArrayList<>();
        for (Object group : (List<?>) expectedGroups) {
            Map<?, ?> keys = (Map<?, ?>) group;
            members.add(key(keys, (List<?>) keys.get("addrs")));
        }
        return members;
    }

    private static Object members(Map<String, Object> group) {
        List<?> requests = (List<?>) group.get("requests");
        return key(group, requests.stream().map(r -> ((Map<?, ?>) r).get("addr")).toList());
    }

    private static String key(Map<?, ?> group, List<?> addresses) {
        return group.get("stream")
                + " "
                + group.get("pasid")
                + " "
                + group.get("grpid")
                + addresses;
    }

    /** All vectors of a queue go through one process: a record a line, blank ones aside. */
    private static Stream<DynamicTest> decoded(String arch, String queue, String file) {
        List<Vector> vectors =
                VectorFile.read(VectorsIT.class, file)
                        .queue(queue)
                        .filter(vector -> !vector.hex().isEmpty())
                        .toList();
        String records = vectors.stream().map(Vector::hex).collect(Collectors.joining("\n"));

        Program.Result result =
                Program.runOn(records, "decode", "--raw", arch + ":" + queue, "--hex");

        assertEquals("", result.err());
        Map<Object, Map<String, Object>> byRecord =
                result.json().stream()
                        .collect(Collectors.toMap(line -> line.get("record"), Function.identity()));
        return Stream.iterate(0, i -> i < vectors.size(), i -> i + 1)
                .map(
                        i ->
                                dynamicTest(
                                        vectors.get(i).id(),
                                        () -> check(vectors.get(i), byRecord.get(i + 1L))));
    }

    private static void check(Vector vector, Map<String, Object> line) {
        if (vector.expect().get("kind").equals("none")) {
            assertEquals(null, line, "a register whose F is clear reports nothing");
        } else {
            assertNotNull(line, () -> "no line for " + vector.hex());
            vector.assertExpected(line);
            assertFalse(line.get("description").toString().isBlank());
        }
    }

    private static Stream<DynamicTest> encoded(String arch, String queue, String file) {
        List<Vector> vectors =
                VectorFile.read(VectorsIT.class, file)
                        .queue(queue)
                        .filter(vector -> vector.response() != null)
                        .toList();
        return encoded(arch, vectors, Vector::response);
    }

    private static Stream<DynamicTest> encoded(
            String arch, List<Vector> vectors, Function<Vector, Map<String, Object>> response) {
        String responses =
                vectors.stream()
                        .map(v -> Program.json(response.apply(v)))
                        .collect(Collectors.joining("\n"));

        Program.Result result = Program.runOn(responses, "encode", arch);

        List<String> commands = result.out().lines().toList();
        assertEquals(vectors.size(), commands.size(), result::err);
        assertEquals(0, result.exitCode());
        return Stream.iterate(0, i -> i < vectors.size(), i -> i + 1)
                .map(
                        i ->
                                dynamicTest(
                                        vectors.get(i).id(),
                                        () -> assertEquals(vectors.get(i).hex(), commands.get(i))));
    }
}
