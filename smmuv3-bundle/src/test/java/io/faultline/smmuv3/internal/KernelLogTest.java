package io.faultline.smmuv3.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.faultline.fault.Fault;
import io.faultline.fault.TimeBase;
import io.faultline.log.LogLine;
import io.faultline.testkit.Keys;
import io.faultline.testkit.LineReport;
import io.faultline.testkit.RecordingLineSink;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Logs that kernels 6.1 to 7.2 wrote about accesses that were made on purpose ({@code
 * kernel/NAME.log}; what was done is in {@code NAME.csv}), and lines as people posted them.
 */
class KernelLogTest {
    private static final Pattern TIME = Pattern.compile("^\\[ *(\\d+)\\.(\\d{6})] ");
    private static final Pattern QUOTE = Pattern.compile("^[> ]*");

    @ParameterizedTest
    @CsvSource({
        "smmuv3-badstream-6.1, 10, 0",
        "smmuv3-basic-6.1, 6, 0",
        "smmuv3-stage2-basic-6.12, 6, 0",
        "smmuv3-storm-7.2, 33, 2070",
        "smmuv3-vfio-6.12, 9, 0"
    })
    void tellsWhatWasDone(String name, int events, long suppressed) {
        List<LineReport> reports =
                RecordingLineSink.read(new DriverLog(), log(resource("kernel/" + name + ".log")));

        List<Trigger> triggers = Trigger.read(resource("kernel/" + name + ".csv"));
        List<Fault> faults =
                reports.stream().map(LineReport::fault).filter(f -> f != null).toList();
        assertEquals(events, faults.size());
        for (Fault fault : faults) {
            assertTrue(triggers.stream().anyMatch(t -> t.caused(fault)), fault::toString);
        }
        assertEquals(suppressed, reports.stream().mapToLong(LineReport::atMost).sum());
        long lines = suppressed == 0 ? events : events + 3;
        assertEquals(lines, reports.size(), "nothing but faults and what was suppressed");
    }

    /** In the storm the kernel printed each client's name, and one fault per four bytes. */
    @Test
    void accountsForEveryFaultOfAStorm() {
        List<LineReport> reports =
                RecordingLineSink.read(
                        new DriverLog(), log(resource("kernel/smmuv3-storm-7.2.log")));

        List<Trigger> triggers = Trigger.read(resource("kernel/smmuv3-storm-7.2.csv"));
        long told = reports.stream().filter(r -> r.fault() != null).count();
        long suppressed = reports.stream().mapToLong(LineReport::count).sum();
        assertEquals(triggers.stream().mapToLong(t -> t.length / 4).sum(), told + suppressed);
        for (LineReport report : reports) {
            if (report.fault() != null) {
                int stream = report.fault().requester();
                assertTrue(
                        triggers.stream()
                                .anyMatch(
                                        t ->
                                                t.stream == stream
                                                        && t.device.equals(report.device())),
                        report::toString);
            }
        }
    }

    static Stream<JsonNode> posts() {
        ObjectMapper json = new ObjectMapper();
        return resource("bugreports.jsonl").stream()
                .map(
                        line -> {
                            try {
                                return json.readTree(line);
                            } catch (IOException e) {
                                throw new UncheckedIOException(line, e);
                            }
                        });
    }

    @ParameterizedTest
    @MethodSource("posts")
    void readsWhatPeoplePost(JsonNode post) {
        List<String> lines =
                post.get("line")
                        .asText()
                        .lines()
                        .map(l -> QUOTE.matcher(l).replaceFirst(""))
                        .toList();

        List<LineReport> reports = RecordingLineSink.read(new DriverLog(), log(lines));

        assertEquals(1, reports.size(), reports::toString);
        Map<String, Object> keys =
                new HashMap<>(Keys.of(reports.get(0).fault(), new EventDecoder()));
        JsonNode expect = post.get("expect");
        expect.fieldNames()
                .forEachRemaining(
                        key -> {
                            if (!key.equals("damage") && !key.equals("note")) {
                                assertEquals(value(expect.get(key)), keys.get(key), key);
                            }
                        });
    }

    private static Object value(JsonNode node) {
        if (node.isArray()) {
            List<String> words = new ArrayList<>();
            node.forEach(n -> words.add(n.asText()));
            return words;
        }
        return node.isNull()
                ? null
                : node.isNumber()
                        ? (Object) node.asLong()
                        : node.isBoolean() ? (Object) node.asBoolean() : node.asText();
    }

    private static List<LogLine> log(List<String> lines) {
        List<LogLine> log = new ArrayList<>();
        for (String line : lines) {
            Matcher time = TIME.matcher(line);
            boolean timed = time.find();
            long micros =
                    timed
                            ? Long.parseLong(time.group(1)) * 1_000_000
                                    + Long.parseLong(time.group(2))
                            : 0;
            log.add(
                    new LogLine(
                            log.size() + 1,
                            timed ? line.substring(time.end()) : line,
                            micros * 1000,
                            timed ? TimeBase.BOOT : TimeBase.NONE,
                            null,
                            true,
                            timed));
        }
        return log;
    }

    private static List<String> resource(String name) {
        try (BufferedReader reader =
                new BufferedReader(
                        new InputStreamReader(
                                KernelLogTest.class.getResourceAsStream(name),
                                StandardCharsets.UTF_8))) {
            return reader.lines().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(name, e);
        }
    }

    /** An access that was made on purpose, or known to have happened. */
    private record Trigger(String device, int stream, boolean write, long address, long length) {
        static List<Trigger> read(List<String> lines) {
            return lines.stream()
                    .skip(1)
                    .map(line -> line.split(","))
                    .map(
                            row ->
                                    new Trigger(
                                            row[0],
                                            Integer.parseInt(row[1]),
                                            row[2].equals("write"),
                                            Long.decode(row[3]),
                                            Long.parseLong(row[4])))
                    .toList();
        }

        boolean caused(Fault fault) {
            boolean same = fault.requester() == stream;
            if (!fault.hasIova()) {
                return same;
            }
            return same
                    && fault.access().isWrite() == write
                    && fault.access().isRead() != write
                    && Long.compareUnsigned(fault.iova() - address, length) < 0;
        }
    }
}
