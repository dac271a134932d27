package io.faultline.guest.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.faultline.fault.Response;
import io.faultline.guest.GuestView;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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

    /**
     * Claim, pause, detach, a session taken back, a raw queue: what the script calls is named in
     * it.
     */
    @Test
    void doesAllThatThePythonClientCanAsk() throws Exception {
        assumeTrue(isThere("python3"), "no python3");
        Path script = folder.resolve("every_call.py");
        try (InputStream text = getClass().getResourceAsStream("every_call.py")) {
            Files.copy(text, script);
        }
        ProcessBuilder builder =
                new ProcessBuilder("python3", "-B", script.toString()).redirectErrorStream(true);
        builder.environment().put("PYTHONPATH", EXAMPLES.resolve("guest-client-python").toString());
        try (Rig rig = new Rig(Map.of("pause.limit.ms", 300_000, "reconnect.ms", 600_000))) {
            builder.command().add(socket(rig));
            Process client = builder.start();
            try (BufferedReader said = client.inputReader();
                    Writer told = client.outputWriter()) {
                assertEquals("paused 300000", said.readLine());
                rig.offer(rig.group(1));
                told.write("a group waits\n");
                told.flush();
                assertEquals("answered 1 group behind the pause", said.readLine());
                rig.until("answer", () -> rig.lane.responses().size() == 1);
                assertEquals("gone", said.readLine());
                rig.until("away", () -> rig.view().state().equals("away"));
                told.write("its end is seen\n");
                told.flush();
                assertEquals("taken back", said.readLine());
                rig.offer(rig.group(2));
                assertEquals("answered another", said.readLine());
                rig.until("answer", () -> rig.lane.responses().size() == 2);
                assertEquals("detached", said.readLine());
                assertEquals("wrote 4 records of 32 bytes, 2 lost", said.readLine());
                RawUnit unit = (RawUnit) rig.units.get(0);
                assertTrue(unit.submit(Frame.buffer(16).putLong(0x44).putLong(7).flip()));
                assertEquals("command 44000000000000000700000000000000", said.readLine());
                assertEquals(null, said.readLine());
                assertTrue(client.waitFor(20, TimeUnit.SECONDS), "it does not end");
            } finally {
                client.destroyForcibly();
            }
            assertEquals(List.of(Response.SUCCESS, Response.INVALID), rig.lane.responses());
            assertEquals(List.of(2L, 2L, 1L), counts(rig.view()), "one error: the overlap");
        }
    }

    private static List<Long> counts(GuestView view) {
        return List.of(view.read(), view.answered(), view.errors());
    }

    /** The bundle is updated: the session waits, the client connects again by itself. */
    @Test
    void takesTheSessionOfTheClientInCBackAfterAnUpdate() throws Exception {
        String program = compiled();
        File output = folder.resolve("output").toFile();
        try (Rig rig = new Rig()) {
            Process client =
                    start(output, program, "-n", "4", "-e", "2", socket(rig), Rig.UNIT, "0x100");
            try {
                rig.until("claim", () -> rig.lane.platform().handlers().size() == 1);
                rig.offer(rig.group(1));
                rig.until("answer", () -> rig.lane.responses().size() == 1);
                rig.restart();
                rig.until("return", () -> rig.view().state().equals("connected"));
                rig.offer(rig.event(0x5000));
                rig.offer(rig.group(2));
                rig.offer(rig.group(3));
                rig.until("answers", () -> rig.lane.responses().size() == 3);
                assertTrue(client.waitFor(20, TimeUnit.SECONDS), "it does not end");
            } finally {
                client.destroyForcibly();
            }
            String text = Files.readString(output.toPath());
            assertTrue(text.contains("3 requests, 3 groups, 3 answered, 1 events"), text);
            assertEquals(List.of(4L, 3L, 0L), counts(rig.view()), "through both of them");
        }
    }

    /** What it answers while it leaves is counted the same on both sides, as answered or late. */
    @Test
    void countsAsTheClientInCDoesThatLeavesInTheMiddle() throws Exception {
        String program = compiled();
        File output = folder.resolve("output").toFile();
        try (Rig rig = new Rig()) {
            Process client =
                    start(output, program, "-q", "-n", "300", socket(rig), Rig.UNIT, "0x100");
            try {
                rig.until("claim", () -> rig.lane.platform().handlers().size() == 1);
                for (int i = 0; client.isAlive() && i < 200_000; i++) {
                    rig.offer(rig.group(i & 0x1ff));
                    if (i % 97 == 0) {
                        rig.advance(Duration.ofSeconds(11)); // some expire: answers come too late
                    }
                }
                assertTrue(client.waitFor(20, TimeUnit.SECONDS), "it does not end");
            } finally {
                client.destroyForcibly();
            }
            Matcher said =
                    Pattern.compile(
                                    "(\\d+) requests, \\d+ groups, (\\d+) answered, .* (\\d+) late, 0 errors")
                            .matcher(Files.readString(output.toPath()));
            assertTrue(said.find(), () -> said.toString());
            long read = Long.parseLong(said.group(1));
            long answered = Long.parseLong(said.group(2));
            long late = Long.parseLong(said.group(3));
            rig.until("its end", () -> rig.view().state().equals("away"));
            assertEquals(List.of(read, answered - late, late), counts(rig.view()));
        }
    }

    private String compiled() throws Exception {
        assumeTrue(isThere("cc"), "no C compiler");
        Path program = folder.resolve("faultline-guest");
        String source = EXAMPLES.resolve("guest-client-c/faultline-guest.c").toString();
        assertEquals(
                "",
                run("cc", "-O2", "-Wall", "-Wextra", "-Werror", "-o", program.toString(), source));
        return program.toString();
    }

    @Test
    void answersTheClientInC() throws Exception {
        String program = compiled();
        try (Rig rig = new Rig()) {
            String text =
                    serve(rig, program, "-n", "4", "-e", "2", socket(rig), Rig.UNIT, "01:00.0");

            assertTrue(text.contains("3 requests, 3 groups, 3 answered, 1 events"), text);
        }
    }

    private static String socket(Rig rig) {
        return rig.socket.toString();
    }

    private static Process start(File output, String... command) throws IOException {
        return new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output).start();
    }

    private String serve(Rig rig, String... command) throws Exception {
        File output = folder.resolve("output").toFile();
        Process client = start(output, command);
        try {
            rig.until("claim", () -> rig.lane.platform().handlers().size() == 1);
            rig.offer(rig.event(0x5000));
            rig.until("event", () -> rig.view().read() == 1); // groups would overtake it
            for (int i = 0; i < 3; i++) {
                rig.offer(rig.group(i));
            }
            rig.until("answers", () -> rig.lane.responses().size() == 3);
            assertEquals(Collections.nCopies(3, Response.SUCCESS), rig.lane.responses());
            assertTrue(client.waitFor(20, TimeUnit.SECONDS), "it does not end");
            assertEquals(0, client.exitValue(), Files.readString(output.toPath()));
            rig.until("count", () -> rig.view().read() == 4); // both count the same
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
