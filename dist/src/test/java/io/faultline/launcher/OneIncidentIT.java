package io.faultline.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * One incident as people have it: from the journal, from dmesg with both of its clocks, quoted and
 * wrapped in a forum, and off a serial console whose capture begins and ends within a line. Each
 * tells the same.
 */
class OneIncidentIT {
    private static final Path FOLDER = Path.of("src", "test", "resources", "incidents");

    private static final List<String> FORMS =
            List.of("journalctl-k", "dmesg", "dmesg-T", "forum", "serial");

    /** What a form does not share with others: its clock, and where a line stands in it. */
    private static final Pattern SEEN = Pattern.compile("(?m)^    seen .*\n");

    private static final Pattern LINE_NUMBER = Pattern.compile("(?m)^    line \\d+ +");

    @ParameterizedTest
    @ValueSource(strings = {"vtd", "smmuv3"})
    void hasTheSameSummaryInEachForm(String incident) throws IOException {
        String expected = Files.readString(FOLDER.resolve(incident).resolve("summary.txt"));
        for (String form : FORMS) {
            assertEquals(expected, summary(incident, form), form);
        }
    }

    private static String summary(String incident, String form) {
        Path log = FOLDER.resolve(incident).resolve(form + ".txt").toAbsolutePath();
        Program.Result result = Program.run("decode", "--format", "summary", log.toString());
        assertEquals(0, result.exitCode(), result::err);
        assertTrue(SEEN.matcher(result.out()).find(), result::out);
        String timeless = SEEN.matcher(result.out()).replaceAll("");
        return LINE_NUMBER.matcher(timeless).replaceAll("    line ");
    }
}
