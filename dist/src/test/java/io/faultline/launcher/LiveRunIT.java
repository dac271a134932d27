package io.faultline.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Emulated units as users start them: one fault within the start, and no emulator left behind. */
class LiveRunIT {
    private static final String ARM = "qemu-system-aarch64";
    private static final String X86 = "qemu-system-x86_64";
    private static final Pattern PROCESS = Pattern.compile(": process (\\d+)");
    private static final long LIMIT_SECONDS = 60;

    @TempDir Path folder;

    @Test
    void showsOneFaultOfAnEmulatedSmmu() {
        need(ARM, "qemu-system-arm");

        Program.Result result = run("--live", "--then-stop");

        assertEquals(0, result.exitCode(), result::err);
        assertTrue(result.out().contains("made 1 write at 0x12345000"), result::out);
        assertTrue(
                result.out().contains("UnrecoverableFault requester=0x28 iova=0x12345000 W"),
                result::out);
    }

    @Test
    void showsOneFaultOfAnEmulatedVtd() {
        Path qemu = need(X86, "qemu-system-x86");

        Program.Result result = run("--live", "--qemu", qemu.toString(), "--then-stop");

        assertEquals(0, result.exitCode(), result::err);
        assertTrue(
                result.out().contains("qemu-vtd frcd #1 UnrecoverableFault requester=0x28"),
                result::out);
    }

    @Test
    void endsWith2AndNamesThePackageWhenQemuIsMissing() {
        String missing = folder.resolve(ARM).toString();

        Program.Result result = run("--live", "--qemu", missing, "--then-stop");

        assertEquals(2, result.exitCode(), result::err);
        assertTrue(
                result.err()
                        .contains(
                                "there is no program "
                                        + missing
                                        + "; on Debian: apt-get install qemu-system-arm"),
                result::err);
    }

    @Test
    void givesUpAnEmulatorThatDoesNotConnect() throws IOException {
        Path pid = folder.resolve("pid");
        Path hangs = folder.resolve("hangs");
        Files.writeString(hangs, "#!/bin/sh\necho $$ > " + pid + "\nexec sleep 1000\n");
        Files.setPosixFilePermissions(hangs, PosixFilePermissions.fromString("rwx------"));

        Program.Result result =
                run("--exec", "faultline:qemu start start.ms=5000 qemu=" + hangs, "--then-stop");

        assertEquals(2, result.exitCode(), result::err);
        String said = result.out() + result.err();
        assertTrue(
                said.contains("qemu-smmuv3: QEMU has not connected within 5000 ms (start.ms)"),
                said);
        long process = Long.parseLong(Files.readString(pid).strip());
        assertFalse(
                ProcessHandle.of(process).map(ProcessHandle::isAlive).orElse(false),
                "the one that hung is ended");
    }

    /** Nobody can tidy up after SIGKILL: the kernel has to. */
    @Test
    void leavesNoEmulatorBehindWhenItIsKilled() throws Exception {
        need(ARM, "qemu-system-arm");
        Assumptions.assumeTrue(
                Files.isExecutable(Path.of("/usr/bin/setpriv")),
                "setpriv is missing: apt-get install util-linux");
        Process program =
                Program.start(
                                List.of(),
                                "run",
                                "--state",
                                state(),
                                "--no-kmsg",
                                "--live",
                                "--exec",
                                "faultline:qemu")
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
        try (BufferedReader out =
                new BufferedReader(
                        new InputStreamReader(program.getInputStream(), StandardCharsets.UTF_8))) {
            ProcessHandle emulator = emulator(out);
            assertTrue(emulator.isAlive());

            program.destroyForcibly();

            emulator.onExit().get(LIMIT_SECONDS, TimeUnit.SECONDS);
        } finally {
            program.destroyForcibly();
        }
    }

    private static ProcessHandle emulator(BufferedReader out) throws IOException {
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            Matcher process = PROCESS.matcher(line);
            if (process.find()) {
                return ProcessHandle.of(Long.parseLong(process.group(1))).orElseThrow();
            }
        }
        throw new AssertionError("the program has ended");
    }

    /** Skips the test where a program is missing, and says what brings it. */
    private static Path need(String program, String debianPackage) {
        String path = System.getenv().getOrDefault("PATH", "");
        List<Path> found =
                Stream.of(path.split(File.pathSeparator, -1))
                        .map(each -> Path.of(each, program))
                        .filter(Files::isExecutable)
                        .toList();
        Assumptions.assumeFalse(
                found.isEmpty(), program + " is missing: apt-get install " + debianPackage);
        return found.get(0);
    }

    private Program.Result run(String... more) {
        return Program.run(
                Stream.concat(Stream.of("run", "--state", state(), "--no-kmsg"), Stream.of(more))
                        .toArray(String[]::new));
    }

    private String state() {
        return folder.resolve("state").toString();
    }
}
