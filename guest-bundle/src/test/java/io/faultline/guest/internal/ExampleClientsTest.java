package io.faultline.guest.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.faultline.fault.Reason;
import io.faultline.fault.Response;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The clients in examples/, as they are. Skipped where there is no Python or C compiler. */
class ExampleClientsTest {
    private static final Path EXAMPLES = Path.of("..", "examples").toAbsolutePath().normalize();

    /** As a client sees it: the virtual id in place of the StreamID. */
    private static final String RECORD =
            "1000000001000000" + "0".repeat(16) + "0050" + "0".repeat(28);

    @TempDir private Path folder;

    @Test
    void answersThePythonClientsGroups() throws Exception {
        assumeTrue(isThere("python3"), "no python3");
        String script = EXAMPLES.resolve("guest-client-python/faultline_guest.py").toString();
        try (Rig rig = new Rig()) {
            String text =
                    serve(
                            rig,
                            "python3",
                            "-B",
                            script,
                            "--groups",
                            "3",
                            "--events",
                            "2",
                            socket(rig),
                            Rig.UNIT,
                            "0x100");

            assertTrue(text.contains("3 requests, 3 groups answered, 1 events"), text);
            assertTrue(text.contains("event 0 " + RECORD), text);
        }
    }

    @Test
    void answersTheClientInC() throws Exception {
        assumeTrue(isThere("cc"), "no C compiler");
        Path program = folder.resolve("faultline-guest");
        String source = EXAMPLES.resolve("guest-client-c/faultline-guest.c").toString();
        assertEquals(
                "",
                run("cc", "-O2", "-Wall", "-Wextra", "-Werror", "-o", program.toString(), source));
        try (Rig rig = new Rig()) {
            String text =
                    serve(
                            rig,
                            program.toString(),
                            "-n",
                            "4",
                            "-e",
                            "2",
                            socket(rig),
                            Rig.UNIT,
                            "01:00.0");

            assertTrue(text.contains("3 requests, 3 groups, 1 events"), text);
        }
    }

    private static String socket(Rig rig) {
        return rig.socket.toString();
    }

    private String serve(Rig rig, String... command) throws Exception {
        File output = folder.resolve("output").toFile();
        Process client =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(output)
                        .start();
        try {
            rig.until("claim", () -> rig.lane.platform().handlers().size() == 1);
            rig.offer(
                    rig.fault()
                            .queue("evtq")
                            .stage(1)
                            .code(0x10)
                            .raw(0x100_0000_0010L, 0, 0x5000, 0)
                            .unrecoverable(Reason.NOT_PRESENT));
            for (int i = 0; i < 3; i++) {
                rig.offer(rig.group(i));
            }
            rig.until("answers", () -> rig.lane.responses().size() == 3);
            assertEquals(Collections.nCopies(3, Response.SUCCESS), rig.lane.responses());
            assertTrue(client.waitFor(20, TimeUnit.SECONDS), "it does not end");
            assertEquals(0, client.exitValue(), Files.readString(output.toPath()));
            assertEquals(4, rig.view().read(), "both count the same");
            return Files.readString(output.toPath());
        } finally {
            client.destroyForcibly();
        }
    }

    private static boolean isThere(String program) {
        return List.of(System.getenv("PATH").split(File.pathSeparator)).stream()
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }

    private static String run(String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), text);
        return text;
    }
}
