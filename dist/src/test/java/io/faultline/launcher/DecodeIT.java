package io.faultline.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.faultline.hardware.RecordDecoder;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What scripts rely on: exit codes, promptness, and what becomes of a program that is cut off. */
class DecodeIT {
    /** A build in the background ignores Ctrl-C, and its children would with it. */
    private static final List<String> HEEDS_CTRL_C = List.of("env", "--default-signal=INT");

    private static final String FAULT =
            "[    5.000000] DMAR: [DMA Write NO_PASID] Request device [3b:00.0] fault addr 0x1000"
                    + " [fault reason 0x05] PTE Write access is not set\n";
    private static final String EVENT =
            "1000000000010000000000000002000040f00000090000000000000000000000\n";

    @TempDir Path folder;

    @Test
    void endsWith0WhenAllIsDone() {
        Program.Result result = Program.runOn("boot\n" + FAULT, "decode");

        assertEquals(0, result.exitCode());
        Map<String, Object> line = result.json().get(0);
        assertEquals("3b:00.0", line.get("device"));
        assertEquals(2L, line.get("line"));
        assertEquals(5L, ((Number) line.get("time")).longValue());
        assertEquals("boot", line.get("time_base"));
        assertFalse(line.containsKey("unit"));
        assertFalse(line.containsKey("file"));
    }

    /** trace-cmd 3: tasks are aligned right, and what a ring lost stands before the next event. */
    @Test
    void readsWhatTraceCmdReports() throws IOException {
        Path report =
                Files.writeString(
                        folder.resolve("report.txt"),
                        """
                        cpus=4
                                  <idle>-0     [002]   345.678901: io_page_fault:        IOMMU:nvme 0000:02:00.0 iova=0x00000000fff00000 flags=0x0001
                        CPU:1 [17 EVENTS DROPPED]
                             irq/31-dmar0-412   [001]   345.678990: prq_report:           dmar0/0000:6a:01.0 seq# 12: rid=0x6a08 addr=0x7f12 r---l pasid=0x1 index=0x3
                                 fio-2210  [000]   345.700000: map:                  IOMMU: iova=0x1000 - 0x2000 paddr=0x5000 size=4096
                        """);

        Program.Result result = Program.run("decode", report.toString());

        assertEquals(0, result.exitCode(), result::err);
        List<Map<String, Object>> lines = result.json();
        assertEquals(
                List.of("unrecoverable", "lost", "page_request"),
                lines.stream().map(line -> line.get("kind")).toList(),
                result::out);
        assertEquals("0000:02:00.0", lines.get(0).get("device"));
        assertEquals("0xfff00000", lines.get(0).get("addr"));
        assertEquals(2L, lines.get(0).get("line"));
        assertEquals(345.678901, ((Number) lines.get(0).get("time")).doubleValue(), 1e-6);
        assertEquals(17L, lines.get(1).get("count"));
        assertEquals("0x7f12000", lines.get(2).get("addr"));
        assertEquals(1L, lines.get(2).get("pasid"));
    }

    @Test
    void endsWith1WhenARecordIsMalformed() {
        Program.Result result =
                Program.runOn(EVENT + "00\n", "decode", "--raw", "smmuv3:evtq", "--hex");

        assertEquals(1, result.exitCode());
        assertEquals("short_record", result.json("malformed").get(0).get("malformed"));
    }

    @Test
    void endsWith2WhenAFileCannotBeReadAndReadsTheOthers() throws IOException {
        Path log = Files.writeString(folder.resolve("a.log"), FAULT);

        Program.Result result = Program.run("decode", "/nonexistent", log.toString());

        assertEquals(2, result.exitCode());
        assertEquals("faultline decode: /nonexistent: does not exist\n", result.err());
        assertEquals(log.toString(), result.json().get(0).get("file"));
    }

    @Test
    void endsWith3WhenAFaultIsNotAllowed() throws IOException {
        Path rules = Files.writeString(folder.resolve("rules"), "device=3b:00.0 max=1\n");

        Program.Result allowed = Program.runOn(FAULT, "decode", "--allow", rules.toString());
        Program.Result twice = Program.runOn(FAULT + FAULT, "decode", "--allow", rules.toString());

        assertEquals(0, allowed.exitCode(), allowed::err);
        assertEquals("", allowed.out());
        assertEquals(3, twice.exitCode());
        assertEquals(1, twice.json().size());
    }

    @Test
    void endsQuietlyWhenNobodyReadsAnyMore() throws IOException {
        Path log = Files.writeString(folder.resolve("a.log"), FAULT.repeat(20_000));
        Process process =
                Program.start(
                                List.of(
                                        "bash",
                                        "-c",
                                        "\"$@\" | head -1; exit ${PIPESTATUS[0]}",
                                        "-"),
                                "decode",
                                log.toString())
                        .start();

        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);

        assertEquals(0, Program.await(process));
        assertEquals(1, out.lines().count());
        assertEquals("", err);
    }

    @Test
    void showsALineAtOnceWhenALogIsFollowedAndStopsCleanlyOnCtrlC() throws Exception {
        Process process = Program.start(HEEDS_CTRL_C, "decode").start();
        try (OutputStream in = process.getOutputStream();
                BufferedReader out =
                        new BufferedReader(
                                new InputStreamReader(
                                        process.getInputStream(), StandardCharsets.UTF_8))) {
            in.write(FAULT.getBytes(StandardCharsets.UTF_8));
            in.flush();

            assertTrue(out.readLine().contains("\"device\":\"3b:00.0\""));

            interrupt(process);
            assertEquals(130, Program.await(process));
        }
    }

    @Test
    void writesTheSummaryOfWhatItHasOnCtrlC() throws Exception {
        String twoFaults = FAULT.repeat(2);
        Process process = Program.start(HEEDS_CTRL_C, "decode", "--format", "table").start();
        try (OutputStream in = process.getOutputStream();
                BufferedReader out =
                        new BufferedReader(
                                new InputStreamReader(
                                        process.getInputStream(), StandardCharsets.UTF_8))) {
            in.write(twoFaults.getBytes(StandardCharsets.UTF_8));
            in.flush();
            out.readLine();

            interrupt(process);

            List<String> rest = out.lines().toList();
            assertEquals("In all: 2 faults of 1 device", rest.get(rest.size() - 1));
            assertEquals(130, Program.await(process));
        }
    }

    private static void interrupt(Process process) throws Exception {
        Program.await(new ProcessBuilder("kill", "-INT", "" + process.pid()).start());
    }

    @Test
    void saysWhichPackageABundleLacksAndGoesOn() throws IOException {
        Path deploy = folder.resolve("deploy");
        Files.createDirectory(
                deploy,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        PlugIn.importing("io.faultline.fault;version=\"[9,10)\"", deploy.resolve("new.jar"));

        Program.Result result = Program.runOn(FAULT, "decode", "--deploy", deploy.toString());

        assertEquals(0, result.exitCode());
        assertTrue(
                result.err()
                        .contains(
                                "bundle com.example.plugin 0.0.0 lacks package io.faultline.fault"
                                        + " [9.0.0,10.0.0) (io.faultline.fault-api has version 1."),
                result::err);
    }

    @Test
    void saysWhichComponentOfAPlugInCannotBeActivatedAndGoesOn() throws IOException {
        Path deploy = folder.resolve("deploy");
        Files.createDirectory(
                deploy,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        PlugIn.component(BrokenDecoder.class, RecordDecoder.class, deploy.resolve("b.jar"));

        Program.Result result = Program.runOn(FAULT, "decode", "--deploy", deploy.toString());

        assertEquals(0, result.exitCode());
        assertEquals(1, result.json().size());
        assertEquals(
                "faultline decode: component BrokenDecoder (bundle com.example.plugin) cannot be"
                        + " activated: java.lang.IllegalStateException: its table is missing\n",
                result.err());
    }

    @Test
    void saysThatAJarInTheDeployFolderIsNoBundleAndGoesOn() throws IOException {
        Path deploy = folder.resolve("deploy");
        Files.createDirectory(
                deploy,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Files.writeString(deploy.resolve("broken.jar"), "no jar");

        Program.Result result = Program.runOn(FAULT, "decode", "--deploy", deploy.toString());

        assertEquals(0, result.exitCode());
        assertEquals(1, result.json().size());
        assertTrue(result.err().contains("broken.jar: is no bundle"), result::err);
        assertEquals(1, result.err().lines().count(), result::err);
    }

    @Test
    void refusesADeployFolderThatOthersCanWriteTo() throws IOException {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));

        Program.Result result = Program.runOn(FAULT, "decode", "--deploy", folder.toString());

        assertEquals(2, result.exitCode());
        assertEquals("", result.out());
    }

    @Test
    void leavesNothingBehind() throws IOException {
        Path temporary = Files.createDirectory(folder.resolve("tmp"));
        Path log = Files.writeString(folder.resolve("a.log"), FAULT);
        ProcessBuilder decode = Program.start(List.of(), "decode", log.toString());
        decode.environment().put("FAULTLINE_JAVA_OPTIONS", "-Djava.io.tmpdir=" + temporary);
        Path out = folder.resolve("out");

        int exitCode =
                Program.await(
                        decode.redirectErrorStream(true).redirectOutput(out.toFile()).start());

        assertEquals(0, exitCode);
        assertTrue(Files.readString(out).contains("3b:00.0"));
        try (Stream<Path> left = Files.list(temporary)) {
            assertEquals(List.of(), left.toList());
        }
    }

    @Test
    void listsTheQueuesThatTheInstalledDecodersKnow() {
        Program.Result result = Program.run("decode", "--raw", "help");

        assertEquals(0, result.exitCode());
        for (String queue :
                List.of(
                        "smmuv3:evtq",
                        "smmuv3:priq",
                        "vtd:frcd",
                        "vtd:prq",
                        "vtd:prq16",
                        "amdvi:event",
                        "amdvi:ppr",
                        "riscv:fq",
                        "riscv:pq",
                        "virtio:fault",
                        "iommufd:fault",
                        "iommufd:response",
                        "iommufd:veventq")) {
            assertTrue(result.out().contains(queue), result::out);
        }
    }

    @Test
    void namesWhatIsInstalledWhenAnotherQueueIsAskedFor() {
        Program.Result result = Program.run("decode", "--raw", "vax:uba");

        assertEquals(2, result.exitCode());
        assertTrue(result.err().contains("smmuv3:evtq"), result::err);
    }

    @Test
    void leavesALineEmptyForWhatTheHardwareCannotExpress() {
        String responses =
                "{\"to\":\"stall\",\"code\":\"SUCCESS\",\"stream\":1,\"grpid\":2}\n"
                        + "{\"to\":\"page_request_group\",\"code\":\"SUCCESS\",\"stream\":1,"
                        + "\"grpid\":2}\n";

        Program.Result result = Program.runOn(responses, "encode", "vtd");

        assertEquals(1, result.exitCode());
        List<String> lines = result.out().lines().toList();
        assertEquals("", lines.get(0));
        assertEquals(64, lines.get(1).length());
        assertEquals(1, result.err().lines().count());
    }
}
