package io.faultline.amdvi.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.faultline.testkit.LineReport;
import io.faultline.testkit.RecordingLineSink;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Logs of real kernels, beside what was done to make them fault. QEMU's model reports an event for
 * each 4 bytes, no addresses, and 00:00.0 for each device that is not on the first bus.
 */
class KernelLogTest {
    private static final String ELSEWHERE = "0000:00:00.0";

    /** The flags by which the model tells reads from writes; the architecture has others. */
    private static final String READ = "9";

    private static final String WRITE = "10";

    @ParameterizedTest
    @ValueSource(strings = {"amdvi-basic-6.12", "amdvi-vfio-7.2"})
    void tellEachAccessThatWasRefused(String name) throws IOException {
        JsonNode truth = new ObjectMapper().readTree(open(name + ".truth.json"));

        List<LineReport> reports = RecordingLineSink.read(new DriverLines(), log(name));

        assertEquals(truth.get("observed").get("amdvi_events").asInt(), reports.size());
        assertEquals(refused(truth), reports.stream().map(KernelLogTest::said).toList());
        assertTrue(reports.stream().noneMatch(LineReport::truncated));
    }

    private static List<String> refused(JsonNode truth) {
        List<String> refused = new ArrayList<>();
        for (JsonNode trigger : truth.get("triggers")) {
            String device = trigger.get("bdf").asText();
            String model = device.startsWith("0000:00:") ? device : ELSEWHERE;
            String flags = trigger.get("op").asText().equals("read") ? READ : WRITE;
            int events = trigger.get("faults").asBoolean() ? trigger.get("len").asInt() / 4 : 0;
            for (int i = 0; i < events; i++) {
                refused.add(model + " flags " + flags);
            }
        }
        return refused;
    }

    private static String said(LineReport report) {
        assertEquals(EventType.IO_PAGE_FAULT.code(), report.fault().code());
        return report.device() + " flags " + AmdVi.flags(report.fault().raw(0));
    }

    /** Messages, with {@code driver device:} in front of them. */
    private static String[] log(String name) throws IOException {
        return new String(open(name + ".dmesg").readAllBytes(), StandardCharsets.ISO_8859_1)
                .lines()
                .map(line -> line.replaceFirst("^\\[ *\\d+\\.\\d+] ", ""))
                .toArray(String[]::new);
    }

    private static InputStream open(String file) {
        return KernelLogTest.class.getResourceAsStream("kernel/" + file);
    }
}
