package io.faultline.vtd.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.faultline.fault.Fault;
import io.faultline.fault.UnrecoverableFault;
import io.faultline.testkit.LineReport;
import io.faultline.testkit.RecordingLineSink;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Logs of real kernels, beside what was done to make them fault. */
class KernelLogTest {
    private static final long PAGE = ~0xfffL;

    /** The bridge of the one conventional device answers for it; the model loses other ids. */
    private static final String CONVENTIONAL = "0000:03:03.0";

    private static final String BRIDGE_ALIAS = "03:00.0";
    private static final String NO_SOURCE = "ff:1f.7";

    static Stream<String> logs() {
        return Stream.of(
                "vtd-basic-6.1",
                "vtd-intremap-7.2",
                "vtd-intremap-nosource-6.1",
                "vtd-intremap-nosource-7.2",
                "vtd-scalable-7.2",
                "vtd-storm-6.12",
                "vtd-vfio-6.12");
    }

    /** In a storm the one recording register loses faults before anybody can print them. */
    static Stream<String> calmLogs() {
        return logs().filter(name -> !name.contains("storm"));
    }

    @ParameterizedTest
    @MethodSource("logs")
    void agreesWithTheTruth(String name) throws IOException {
        List<LineReport> reports =
                RecordingLineSink.read(new DmarLines(), LogText.lines(log(name)));
        JsonNode truth = truth(name);
        JsonNode observed = truth.get("observed");

        assertEquals(observed.get("dmar_faults").asInt(), count(reports, LineReport.Kind.FAULT));
        assertEquals(
                observed.get("dmar_status_lines").asInt(), count(reports, LineReport.Kind.STATUS));
        assertEquals(
                observed.path("suppressed").path("dmar_fault").asLong(),
                reports.stream().mapToLong(LineReport::count).sum());
        assertEquals(0, count(reports, LineReport.Kind.DETAIL));
        List<JsonNode> triggers = faultingTriggers(truth);
        for (LineReport report : reports) {
            if (report.fault() != null) {
                JsonNode trigger =
                        triggers.stream()
                                .filter(t -> isOf(t, report.fault()))
                                .findFirst()
                                .orElseThrow(() -> new AssertionError(report));
                triggers.remove(trigger);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("calmLogs")
    void findsEveryFaultInPrintOrAmongTheSuppressed(String name) throws IOException {
        List<LineReport> reports =
                RecordingLineSink.read(new DmarLines(), LogText.lines(log(name)));

        long suppressed = reports.stream().mapToLong(LineReport::atLeast).sum();
        assertEquals(suppressed, reports.stream().mapToLong(LineReport::atMost).sum());
        assertEquals(
                faultingTriggers(truth(name)).size(),
                count(reports, LineReport.Kind.FAULT) + suppressed);
    }

    private static boolean isOf(JsonNode trigger, Fault fault) {
        String device = trigger.get("bdf").asText();
        String expected =
                device.equals(CONVENTIONAL)
                        ? BRIDGE_ALIAS
                        : device.substring(device.indexOf(':') + 1);
        String logged = fault.deviceName();
        boolean sameDevice = logged.endsWith(expected) || logged.endsWith(NO_SOURCE);
        long address = Long.parseUnsignedLong(trigger.get("addr").asText().substring(2), 16);
        if (fault instanceof UnrecoverableFault interrupt && interrupt.hasInterruptIndex()) {
            return sameDevice && interrupt.interruptIndex() == interruptIndex(address);
        }
        String direction = fault.access().isRead() ? "read" : "write";
        return sameDevice
                && trigger.get("op").asText().equals(direction)
                && (address & PAGE) == fault.iova();
    }

    /** Remappable format: index bits 14:0 in address bits 19:5, bit 15 in bit 2. */
    private static long interruptIndex(long address) {
        return (address >> 5 & 0x7fff) | (address >> 2 & 1) << 15;
    }

    private static List<JsonNode> faultingTriggers(JsonNode truth) {
        List<JsonNode> triggers = new ArrayList<>();
        truth.get("triggers")
                .forEach(
                        trigger -> {
                            if (trigger.get("faults").asBoolean()) {
                                triggers.add(trigger);
                            }
                        });
        return triggers;
    }

    private static long count(List<LineReport> reports, LineReport.Kind kind) {
        return reports.stream().filter(r -> r.kind() == kind).count();
    }

    private static List<String> log(String name) throws IOException {
        try (BufferedReader lines =
                new BufferedReader(
                        new InputStreamReader(
                                open(name, "dmesg.txt"), StandardCharsets.ISO_8859_1))) {
            return lines.lines().toList();
        }
    }

    private static JsonNode truth(String name) throws IOException {
        try (InputStream in = open(name, "truth.json")) {
            return new ObjectMapper().readTree(in);
        }
    }

    private static InputStream open(String name, String file) {
        return KernelLogTest.class.getResourceAsStream("kernel/" + name + "/" + file);
    }
}
