package io.faultline.virtio.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.faultline.fault.Fault;
import io.faultline.testkit.Keys;
import io.faultline.testkit.LineReport;
import io.faultline.testkit.RecordingLineSink;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class DriverLinesTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String WHOLE =
            "virtio_iommu virtio12: page fault from EP 65544 at 0xfffff0001000 [RWX]";

    private static List<LineReport> read(String... lines) {
        return RecordingLineSink.read(new DriverLines(), lines);
    }

    private static LineReport one(String line) {
        List<LineReport> reports = read(line);
        assertEquals(1, reports.size(), reports::toString);
        return reports.get(0);
    }

    /** Unit, the text that Linux prints, and the number of the reason. */
    private static String said(LineReport report) {
        Fault fault = report.fault();
        Object log = Keys.of(fault, new FaultEvent()).get("log");
        return report.unit() + ": " + log + " " + fault.code();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "virtio_iommu virtio0: page fault from EP 8 at 0xfffff000 [W]; virtio0: page fault from EP 8 at 0xfffff000 [W] 2; false",
                "virtio_iommu virtio0: domain fault from EP 16 at 0x1000 []; virtio0: domain fault from EP 16 at 0x1000 [] 1; false",
                "virtio_iommu virtio0: unknown fault from EP 32; virtio0: unknown fault from EP 32 0; false",
                "page fault from EP 8 at ffffffffffffffff [RWX]; null: page fault from EP 8 at 0xffffffffffffffff [RWX] 2; false",
                "page fault from EP 4294967295 at 0x1 [RX] <-- this one; null: page fault from EP 4294967295 at 0x1 [RX] 2; false",
                "tio0: page fault from EP 8 at 0x1000 [R]; tio0: page fault from EP 8 at 0x1000 [R] 2; false",
                "virtio_iommu virtio0: page fault from EP 8 at 0xfff; virtio0: page fault from EP 8 at 0xfff [] 2; true",
                "virtio_iommu virtio0: page fault from EP 8 at 0x1000 [R; virtio0: page fault from EP 8 at 0x1000 [] 2; true",
                "virtio_iommu virtio0: page fault from EP 8 a; virtio0: page fault from EP 8 2; true",
                "virtio_iommu virtio0: page fault from EP 8 at 0xffxxxxxx [W]; virtio0: page fault from EP 8 2; true",
            })
    void readsFaultLines(String line, String expected, boolean truncated) {
        LineReport report = one(line);

        assertEquals(expected, said(report));
        assertEquals(truncated, report.truncated());
        assertEquals("virtio", report.arch());
        assertEquals("fault", report.queue());
    }

    @Test
    void doesNotKnowAnEndpointOfMoreThan32Bits() {
        LineReport report = one("page fault from EP 4294967296 at 0x1000 [R]");

        assertEquals(null, Keys.of(report.fault(), new FaultEvent()).get("stream"));
        assertEquals(0, report.fault().requester());
    }

    @ParameterizedTest
    @ValueSource(strings = {"invalid event buffer (len 16 != 24)", "could not add event buffer"})
    void tellsWhereEventsGetLost(String message) {
        LineReport report = one("virtio_iommu virtio0: " + message);

        assertEquals(LineReport.Kind.RECORDS_LOST, report.kind());
        assertEquals("virtio0", report.unit());
        assertTrue(report.text().startsWith(message), report.text());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "virtio_iommu virtio0: input address: 39 bits",
                "virtio_net virtio1: could not add buffer",
                "my page fault from EP eight",
                "webpage fault from EP 8",
                "viommu_fault_handler: many callbacks suppressed",
            })
    void saysNothingOfOtherLines(String line) {
        assertEquals(List.of(), read(line));
    }

    static Stream<JsonNode> posted() throws IOException {
        List<JsonNode> lines = new ArrayList<>();
        for (String line : resource("bugreports.jsonl").lines().toList()) {
            lines.add(JSON.readTree(line));
        }
        return lines.stream();
    }

    /** Lines from public bug reports, as people posted them. */
    @ParameterizedTest
    @MethodSource("posted")
    void readsWhatPeoplePosted(JsonNode posted) {
        LineReport report = one(posted.get("line").asText());

        Map<String, Object> actual = new HashMap<>();
        if (report.fault() != null) {
            actual.putAll(Keys.of(report.fault(), new FaultEvent()));
        } else {
            actual.put("function", report.text());
            actual.put("count", report.count());
            actual.put("kind", report.kind().name().toLowerCase(Locale.ROOT));
        }
        actual.put("arch", report.arch());
        posted.get("expect")
                .properties()
                .forEach(
                        key ->
                                assertEquals(
                                        key.getValue().toString(),
                                        JSON.valueToTree(actual.get(key.getKey())).toString(),
                                        key.getKey()));
    }

    /** The whole log of a guest: each trigger that the device noticed, and nothing else. */
    @Test
    void findsWhatWasTriggeredInABootLog() throws IOException {
        List<Fault> faults =
                read(resource("kernel/virtio-iommu-basic-6.12.dmesg").split("\n")).stream()
                        .map(LineReport::fault)
                        .toList();

        JsonNode truth = JSON.readTree(resource("kernel/virtio-iommu-basic-6.12.truth.json"));
        List<String> triggered = new ArrayList<>();
        for (JsonNode trigger : truth.get("triggers")) {
            if (trigger.get("faults").asBoolean()) {
                triggered.add(trigger.get("bdf").asText() + " " + trigger.get("addr").asText());
            }
        }
        assertEquals(truth.get("observed").get("virtio_iommu_faults").asInt(), faults.size());
        assertEquals(triggered, faults.stream().map(DriverLinesTest::place).toList());
    }

    private static String place(Fault fault) {
        int id = fault.requester();
        return String.format(
                "%04x:%02x:%02x.%d 0x%x",
                id >> 16, id >> 8 & 0xff, id >> 3 & 0x1f, id & 7, fault.iova());
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = DriverLinesTest.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** A line may be cut anywhere: it says less then, and nothing that is wrong. */
    @Property
    void saysNothingWrongOfALineThatWasCut(@ForAll @IntRange(max = 71) int length) {
        String line = WHOLE.substring(0, Math.min(length, WHOLE.length()));

        for (LineReport report : read(line)) {
            assertEquals(2, report.fault().code());
            assertEquals("virtio12", report.unit());
            boolean whole = line.length() == WHOLE.length();
            assertEquals(whole, report.fault().access().isExecute());
        }
    }

    @Property
    void readsAnyText(@ForAll String text) {
        read("page fault from EP " + text, text + " page fault from EP 8 at 0x" + text);
    }
}
