package io.faultline.vtd.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.faultline.testkit.Keys;
import io.faultline.testkit.LineReport;
import io.faultline.testkit.RecordingLineSink;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Lines from public bug reports, as people posted them. */
class BugReportTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    static Stream<Arguments> reports() throws IOException {
        List<Arguments> reports = new ArrayList<>();
        try (BufferedReader lines =
                new BufferedReader(
                        new InputStreamReader(
                                BugReportTest.class.getResourceAsStream("bugreports.jsonl"),
                                StandardCharsets.UTF_8))) {
            for (String line; (line = lines.readLine()) != null; ) {
                Map<String, Object> report = JSON.readValue(line, new TypeReference<>() {});
                reports.add(Arguments.of(report.get("line"), report.get("expect")));
            }
        }
        return reports.stream();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("reports")
    void isReadAsItWasMeant(String text, Map<String, Object> expect) {
        List<LineReport> reports =
                RecordingLineSink.read(new DmarLines(), LogText.lines(text.lines().toList()));

        assertEquals(1, reports.size(), reports::toString);
        Map<String, Object> actual = keys(reports.get(0));
        expect.forEach(
                (key, value) -> {
                    if (!key.equals("damage")) {
                        assertEquals(wide(value), actual.get(key), () -> key + " of " + actual);
                    }
                });
        assertEquals(
                expect.containsKey("reason_code") && expect.get("reason_code") == null,
                reports.get(0).truncated());
    }

    /**
     * The keys of a report under the names that the file uses; it calls the fault reason a code.
     */
    private static Map<String, Object> keys(LineReport report) {
        Map<String, Object> keys = new HashMap<>(report.keys());
        keys.put("arch", report.arch());
        switch (report.kind()) {
            case FAULT -> {
                keys.putAll(Keys.of(report.fault(), new RecordingRegister()));
                keys.put("reason_code", keys.get("arch_code"));
            }
            case SUPPRESSED -> {
                keys.put("function", report.text());
                keys.put("count", report.count());
            }
            default -> assertTrue(report.fault() == null);
        }
        keys.putIfAbsent("kind", report.kind().name().toLowerCase(Locale.ROOT));
        return keys;
    }

    private static Object wide(Object value) {
        return value instanceof Integer number ? (Object) number.longValue() : value;
    }
}
