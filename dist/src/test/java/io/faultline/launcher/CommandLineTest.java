package io.faultline.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class CommandLineTest {
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void passesOptionsOnAsTypesOfTheJdk() {
        Map<String, Object> arguments =
                arguments(
                        "decode --raw smmuv3:evtq --hex --prod 0x80000011 --cons 17 --groups"
                                + " --format summary --device 3b:00.0 --device 41 --allow rules a -");

        assertEquals("smmuv3:evtq", arguments.get("raw"));
        assertEquals(true, arguments.get("hex"));
        assertEquals(0x8000_0011L, arguments.get("prod"));
        assertEquals(17L, arguments.get("cons"));
        assertEquals(true, arguments.get("groups"));
        assertEquals("summary", arguments.get("format"));
        assertEquals(List.of("3b:00.0", "41"), arguments.get("devices"));
        assertEquals("rules", arguments.get("allow"));
        assertEquals(List.of("a", "-"), arguments.get("files"));
    }

    @Test
    void writesATableOnATerminalAndJsonElsewhere() {
        assertEquals("json", arguments("decode").get("format"));
        assertEquals("table", arguments(surroundings("out"), "decode").get("format"));
    }

    @Test
    void readsTimesAsSecondsOrAsPointsOfTheCalendar() {
        Map<String, Object> arguments =
                arguments("decode --since 12.5 --until 2023-11-03T10:22:31Z");

        assertEquals(new BigDecimal("12.5"), arguments.get("since"));
        assertEquals(Instant.parse("2023-11-03T10:22:31Z"), arguments.get("until"));
    }

    @ParameterizedTest
    @CsvSource({
        "2023-11-03T10:22:31+01:00, 2023-11-03T09:22:31Z",
        "2023-11-03 10:22:31, 2023-11-03T10:22:31Z",
        "2023-11-03T10:22:31.25, 2023-11-03T10:22:31.250Z",
        "2023-11-03T10:22, 2023-11-03T10:22:00Z",
        "2023-11-03, 2023-11-03T00:00:00Z"
    })
    void readsDatesWithAndWithoutAZone(String text, Instant instant) {
        PointInTime.Converter converter = new PointInTime.Converter(ZoneId.of("UTC"));

        assertEquals(instant, converter.convert(text).instant());
    }

    @ParameterizedTest
    @ValueSource(strings = {"yesterday", "-5", "2023-13-01", "10:22", "1.2.3", ""})
    void refusesWhatIsNoTime(String text) {
        PointInTime.Converter converter = new PointInTime.Converter(ZoneId.of("UTC"));

        assertThrows(TypeConversionException.class, () -> converter.convert(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "decrypt",
                "--verbose",
                "decode --verbose",
                "decode --format xml",
                "decode --raw smmuv3",
                "decode --raw",
                "decode --hex",
                "decode --prod 1 --cons 2",
                "decode --raw smmuv3:evtq --prod 1",
                "decode --raw smmuv3:evtq --prod one --cons 2",
                "decode --raw smmuv3:evtq --since 5",
                "decode --since tomorrow",
                "encode",
                "encode smmuv3 a b",
                "run --rate fast",
                "run --rate 0",
                "run --rate 1000000001",
                "run --then-stop",
                "run --responses r.jsonl",
                "run --replay /nonexistent",
                "run --qemu /usr/bin/qemu-system-aarch64",
                "run --live --then-stop --replay /nonexistent",
                "run file"
            })
    void refusesWrongUseInOneLineAndAHint(String line) {
        int exitCode = Main.run(surroundings(""), words(line));

        assertEquals(ExitCode.WRONG_USE, exitCode);
        List<String> told = err.toString(StandardCharsets.UTF_8).lines().toList();
        assertEquals(2, told.size(), told::toString);
        assertTrue(told.get(0).startsWith("faultline"), told::toString);
        assertTrue(told.get(1).startsWith("Try 'faultline"), told::toString);
    }

    @ParameterizedTest
    @ValueSource(strings = {"--help", "--version", "decode --help", "encode -h", "run --version"})
    void helpsWithoutAFramework(String line) {
        assertEquals(ExitCode.OK, Main.run(surroundings(""), words(line)));
    }

    @Test
    void knowsWhenColoursAreWelcome() {
        assertTrue(surroundings("out").colours());
        assertEquals(false, surroundings("in").colours());
        assertEquals(false, surroundings("out", Map.of("NO_COLOR", "1")).colours());
        assertEquals(true, surroundings("out", Map.of("NO_COLOR", "")).colours());
        assertEquals(false, surroundings("out", Map.of("TERM", "dumb")).colours());
    }

    @Test
    void keepsStateWhereTheXdgSpecificationSays() {
        Surroundings told = surroundings("", Map.of("XDG_STATE_HOME", "/var/tmp"));
        Surroundings relative = surroundings("", Map.of("XDG_STATE_HOME", "tmp"));

        assertEquals("/var/tmp/faultline", told.stateFolder().toString());
        assertTrue(relative.stateFolder().endsWith(".local/state/faultline"));
    }

    private Map<String, Object> arguments(String line) {
        return arguments(surroundings(""), line);
    }

    private static Map<String, Object> arguments(Surroundings surroundings, String line) {
        Object command =
                Main.commandLine(surroundings)
                        .parseArgs(words(line))
                        .subcommand()
                        .commandSpec()
                        .userObject();
        return ((BundleCommand) command).arguments();
    }

    private static String[] words(String line) {
        return line.isEmpty() ? new String[0] : line.split(" ", -1);
    }

    private Surroundings surroundings(String terminals) {
        return surroundings(terminals, Map.of());
    }

    private Surroundings surroundings(String terminals, Map<String, String> environment) {
        return new Surroundings(
                InputStream.nullInputStream(),
                new CommandOutput(OutputStream.nullOutputStream()),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                environment,
                terminals,
                0);
    }
}
