package io.faultline.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The platform as a service: one instance a state folder, a clean stop, no terminal. */
class RunIT {
    private static final Path CAPTURES =
            Path.of("src", "test", "resources", "captures", "qtest").toAbsolutePath();

    private static final Path DEMO_REQUESTS =
            Path.of("src", "main", "demo", "smmuv3-page-requests-made-priq.hex");

    @TempDir Path folder;

    @Test
    void playsARecordingAndRunsCommandsOnceEverythingIsUp() {
        Program.Result result =
                run(
                        "--replay",
                        CAPTURES.resolve("smmuv3-wrap-qemu11.1.bin").toString(),
                        "--rate",
                        "1",
                        "--exec",
                        "faultline:units",
                        "--then-stop");

        assertEquals(0, result.exitCode(), result::err);
        assertTrue(result.out().contains("smmuv3-wrap-qemu11.1"), result::toString);
    }

    @Test
    void playsTheCapturesThatShip() {
        Program.Result result =
                run("--demo", "--rate", "1", "--exec", "faultline:units", "--then-stop");

        assertEquals(0, result.exitCode(), result::err);
        assertTrue(result.out().contains("priq"), result::toString);
    }

    @Test
    void showsPageRequestsAnsweredAndOneFailingOverToADriver() throws IOException {
        Path answers = folder.resolve("answers.jsonl");
        Program.Result result =
                run("--demo", "--responses", answers.toString(), "--exec", "iopf", "--then-stop");

        assertEquals(0, result.exitCode(), result::err);
        assertTrue(result.err().contains("io-pgfault brought in 3 pages, SUCCESS"), result::err);
        assertEquals(
                1,
                result.err()
                        .lines()
                        .filter(line -> line.contains("could not help (no_area"))
                        .count(),
                result::err);
        assertCommandsAnswer(demoGroups(), Files.readAllLines(answers));
    }

    /** Each group once, in order, with the bytes that the manual says (Arm IHI 0070, 4.5.2). */
    private static void assertCommandsAnswer(
            NavigableMap<Long, String> groups, List<String> lines) {
        long last = 0;
        for (String line : lines) {
            Map<String, Object> command = Program.object(line);
            Map<?, ?> answer = (Map<?, ?>) command.get("answers");
            long record = (Long) answer.get("record");

            assertEquals(groups.remove(record), command.get("hex"), line);
            assertEquals("SUCCESS", answer.get("code"), line);
            assertEquals("smmuv3-page-requests-made-priq", command.get("unit"));
            assertTrue(record > last, line);
            last = record;
        }
        // the index is used again by the next record: withdrawn, if nobody has answered it by then
        assertTrue(groups.isEmpty() || groups.keySet().equals(Set.of(178L)), groups::toString);
    }

    /** What has to be answered of the page requests that ship: commands by number of the record. */
    private static NavigableMap<Long, String> demoGroups() throws IOException {
        NavigableMap<Long, String> commands = new TreeMap<>();
        long record = 0;
        for (String line : Files.readAllLines(DEMO_REQUESTS)) {
            if (!line.startsWith("#")) {
                record++;
                ByteBuffer in = ByteBuffer.wrap(HexFormat.of().parseHex(line));
                long w0 = in.order(ByteOrder.LITTLE_ENDIAN).getLong(0);
                boolean ssv = (w0 & 1L << 63) != 0;
                boolean complete = (w0 & 1L << 62) != 0;
                boolean stopMarker = ssv && complete && (w0 & 3L << 60) == 0;
                if (complete && !stopMarker) {
                    long substream = ssv ? (w0 >>> 32 & 0xf_ffff) << 12 | 1L << 11 : 0;
                    long index = in.getLong(8) & 0x1ff;
                    ByteBuffer out = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
                    out.putLong(0x41 | substream | w0 << 32).putLong(2L << 12 | index);
                    commands.put(record, HexFormat.of().formatHex(out.array()));
                }
            }
        }
        return commands;
    }

    @Test
    void endsWith2WhenACommandOrARecordingIsWrong() throws IOException {
        Path noRecording = Files.writeString(folder.resolve("x.bin"), "?");

        Program.Result command = run("--exec", "nonsense", "--then-stop");
        Program.Result recording = run("--replay", noRecording.toString());

        assertEquals(2, command.exitCode(), command::err);
        assertEquals(2, recording.exitCode(), recording::err);
    }

    @Test
    void isRefusedWhileAnotherInstanceHoldsTheStateAndStopsOnTerm() throws Exception {
        Process first =
                Program.start(
                                List.of(),
                                "run",
                                "--state",
                                state(),
                                "--no-kmsg",
                                "--exec",
                                "echo up")
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
        try (BufferedReader out =
                new BufferedReader(
                        new InputStreamReader(first.getInputStream(), StandardCharsets.UTF_8))) {
            assertEquals("up", out.readLine());

            Program.Result second = run();
            Program.Result decode = Program.run("decode", "--raw", "help");

            assertEquals(4, second.exitCode());
            assertTrue(second.err().contains("(process " + first.pid() + ")"), second::err);
            assertEquals(0, decode.exitCode());
            first.destroy();
            assertEquals(143, Program.await(first));
        } finally {
            first.destroyForcibly();
        }
    }

    @Test
    void refusesAStateFolderThatOthersCanWriteTo() throws IOException {
        Path open = Files.createDirectory(folder.resolve("open"));
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));

        Program.Result result = Program.run("run", "--state", open.toString());

        assertEquals(2, result.exitCode());
        assertEquals(1, result.err().lines().count(), result::err);
    }

    @Test
    void goesOnWithoutABundleThatLacksAPackage() throws IOException {
        Path deploy = Files.createDirectory(folder.resolve("deploy"));
        Files.setPosixFilePermissions(deploy, PosixFilePermissions.fromString("rwx------"));
        PlugIn.importing("com.example.missing", deploy.resolve("lacking.jar"));

        Program.Result result =
                Program.run(
                        "run",
                        "--state",
                        state(),
                        "--deploy",
                        deploy.toString(),
                        "--no-kmsg",
                        "--exec",
                        "echo up",
                        "--then-stop");

        assertEquals(0, result.exitCode(), result::err);
        assertEquals("up\n", result.out());
        assertTrue(result.err().contains("lacks package com.example.missing"), result::err);
    }

    /** Runs the platform to its end, without the kernel log of the machine that tests it. */
    private Program.Result run(String... more) {
        return Program.run(
                Stream.concat(Stream.of("run", "--state", state(), "--no-kmsg"), Stream.of(more))
                        .toArray(String[]::new));
    }

    private String state() {
        return folder.resolve("state").toString();
    }
}
