package io.faultline.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.ops4j.pax.exam.CoreOptions.options;

import io.faultline.exam.Bundles;
import io.faultline.exam.NeedsProgram;
import io.faultline.mm.ManagedSpace;
import io.faultline.mm.SpaceControl;
import io.faultline.testkit.RecordingPort;
import io.faultline.testkit.RecordingQueue;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;

/**
 * From bytes to bytes: records of an SMMUv3 that io-pgfault alone decides about, and the commands
 * that the hardware is given.
 */
class PageAnswersIT extends InScene {
    private static final int STREAM = 0x100;
    private static final int PASID = 7;
    private static final int SUCCESS = 2;
    private static final int INVALID = 1;

    /** F_TRANSLATION of a table walk at stage 2, stalled, with bits set that are RES0. */
    private static final long[] STAGE_2_STALL = {
        0xfc1f_c6d1_c20e_7e10L,
        0xef86_ed93_94dc_66baL,
        0x9ac5_60a2_cfac_ca40L,
        0x7cec_5cf6_1285_f66aL
    };

    private static final String STAGE_2_PAGE = "ec5cf61285f000-ec5cf612860000";

    private RecordingQueue requests;
    private RecordingQueue events;
    private RecordingPort port;

    @Configuration
    static Option[] core() {
        return options(Bundles.core(), Bundles.named("iopf-bundle", "mm-bundle", "shell-bundle"));
    }

    @BeforeEach
    void plugIn() {
        // a space that was configured goes some time after its configuration
        scene.until("spaces", scene.service(SpaceControl.class)::spaces, List::isEmpty);
        requests = Smmu.pageRequests(1024);
        events = Smmu.events(64);
        port = scene.smmu("smmu0", requests, events).port();
        scene.until("chain", scene::chain, List.of("io-pgfault")::equals);
    }

    private ManagedSpace modelled(String name, boolean blocks, String binding, String area)
            throws Exception {
        scene.configureOneMore(
                "io.faultline.mm.modelled",
                Map.of("name", name, "bindings", binding, "areas", area, "may.block", blocks));
        return awaitBound(name);
    }

    private ManagedSpace awaitBound(String name) {
        return scene.until(
                "space",
                () -> {
                    ManagedSpace space = scene.service(SpaceControl.class).space(name);
                    return space == null || space.bindings().isEmpty() ? null : space;
                },
                Objects::nonNull);
    }

    private ManagedSpace process(boolean blocks) throws Exception {
        return modelled(
                "pid 4711", blocks, "unit=smmu0 requester=0x100 pasid=7", "1000-400000 rw-p");
    }

    private void ask(int pasid, int index, long page) {
        requests.write(Smmu.request(STREAM, pasid, index, true, page));
    }

    /** CMD_PRI_RESP with SSV set (Arm IHI 0070, 4.5.2). */
    private static String answer(int pasid, int index, int code) {
        return Smmu.hex(
                0x41 | 1L << 11 | (long) pasid << 12 | (long) STREAM << 32,
                (long) code << 12 | index);
    }

    /** CMD_RESUME: retry, or abort (Arm IHI 0070, 4.7.1). */
    private static String resume(int stream, int tag, boolean retry) {
        return Smmu.hex(0x44 | (retry ? 1L << 12 : 1L << 13) | (long) stream << 32, tag);
    }

    private void assertAnswered(String... commands) {
        scene.until("commands", port::commands, all -> all.size() >= commands.length);
        assertEquals(List.of(commands), port.commands());
    }

    @Test
    void areInvalidForAnUnknownPasid() throws Exception {
        ManagedSpace space = process(false);

        ask(PASID + 1, 1, 0x1000);

        assertAnswered(answer(PASID + 1, 1, INVALID));
        assertEquals(0, space.counts().calls());
    }

    @Test
    void areInvalidForAnAddressThatIsNotCanonical() throws Exception {
        ManagedSpace space = process(false);

        ask(PASID, 2, 1L << 60);

        assertAnswered(answer(PASID, 2, INVALID));
        assertEquals(0, space.counts().calls());
    }

    @Test
    void areOneForAGroupOf512() throws Exception {
        ManagedSpace space = process(false);

        for (int i = 1; i <= 512; i++) {
            requests.write(Smmu.request(STREAM, PASID, 3, i == 512, 0x1000L * i));
        }

        assertAnswered(answer(PASID, 3, SUCCESS));
        assertEquals(512, space.counts().resident());
    }

    /** The older group is withdrawn: its device does not wait for it any more. */
    @Test
    void goToTheNewerGroupIfAnIndexIsUsedAgain() throws Exception {
        ManagedSpace space = process(true);
        Shell.run(scene.context(), "faultline:spaces script 'pid 4711' block 0x1000-0x1fff");
        ask(PASID, 4, 0x1000);
        scene.until("calls", () -> space.counts().calls(), n -> n == 1);

        ask(PASID, 4, 0x2000);
        scene.awaitCounts("smmu0", c -> c.withdrawn() == 1);
        assertEquals(List.of(), port.commands());
        Shell.run(scene.context(), "faultline:spaces script 'pid 4711'");
        ask(PASID, 5, 0x3000);

        assertAnswered(answer(PASID, 4, SUCCESS), answer(PASID, 5, SUCCESS));
    }

    /** A tag that is used again is the hardware's mistake: the record is malformed. */
    @Test
    void goToTheOlderStallIfATagIsUsedAgain() throws Exception {
        ManagedSpace space =
                modelled("dma", true, "unit=smmu0 requester=0x100 pasid=none", "1000-9000 r--p");
        scene.configure(Scene.DISPATCHER, Map.of("stall.deadline.ms", 600_000));
        scene.until("deadline", () -> scene.setting("stall.deadline.ms"), "600000"::equals);
        Shell.run(scene.context(), "faultline:spaces script dma block 0x1000-0x1fff");
        events.write(Smmu.stall(STREAM, 6, 0x1000));
        scene.until("calls", () -> space.counts().calls(), n -> n == 1);

        events.write(Smmu.stall(STREAM, 6, 0x2000));
        scene.awaitCounts("smmu0", c -> c.malformed() == 1);
        Shell.run(scene.context(), "faultline:spaces script dma");
        events.write(Smmu.stall(STREAM, 7, 0x3000));

        assertAnswered(resume(STREAM, 6, true), resume(STREAM, 7, true));
    }

    /** What faulted is the table walk, a read; the record's PASID and IOVA play no part. */
    @Test
    void retryAStage2StallOnceTheIpaIsThere() throws Exception {
        ManagedSpace space =
                modelled(
                        "guest",
                        false,
                        "unit=smmu0 requester=0xfc1fc6d1 stage=2",
                        STAGE_2_PAGE + " r--s");

        events.write(STAGE_2_STALL);

        assertAnswered("44100000d1c61ffcba66000000000000");
        assertEquals(0xec_5cf6_1285_f000L, space.log(1).get(0).address());
    }

    @Test
    void abortAStage2StallWhoseIpaIsNotThere() throws Exception {
        modelled(
                "process",
                false,
                "unit=smmu0 requester=0xfc1fc6d1 pasid=0xc20e7",
                "0-1000000000000 rw-p");

        events.write(STAGE_2_STALL);

        assertAnswered("44200000d1c61ffcba66000000000000");
    }

    @Test
    void followWhatIsTypedInTheShell() {
        shell("create typed blocking");
        shell("add typed 1000-3000 rw-p");
        shell("bind typed unit=smmu0 requester=01:00.0 pasid=9");
        ask(9, 1, 0x1000);
        assertAnswered(answer(9, 1, SUCCESS));
        shell("script typed fail 0x2000-0x2fff out_of_memory");
        ask(9, 2, 0x2000);
        assertAnswered(answer(9, 1, SUCCESS), answer(9, 2, INVALID));

        String shown = shell("");
        assertTrue(shown.matches("(?s).*typed +1 +1 +2 +1 +1 .*"), shown);
        assertTrue(shown.contains("unit=smmu0 requester=0x100 pasid=0x9 stage=1"), shown);
        assertTrue(shell("log typed").contains("1 pages brought in"), shell("log typed"));
        String counted = Shell.run(scene.context(), "faultline:iopf");
        assertTrue(
                counted.contains("smmu0 0x100 pasid 9: 2 groups, 2 requests, 1 pages, 1 failed"),
                counted);
        assertTrue(counted.matches("(?s).*failed\\.out_of_memory +1\\s.*"), counted);
        assertTrue(counted.matches("(?s).*time to answer, ns: p50 .* timed\\).*"), counted);
        assertEquals("typed: taken down", shell("destroy typed"));
        ask(9, 3, 0x1000);
        assertAnswered(answer(9, 1, SUCCESS), answer(9, 2, INVALID), answer(9, 3, INVALID));
    }

    private String shell(String spaces) {
        return Shell.run(scene.context(), "faultline:spaces " + spaces);
    }

    private ManagedSpace mapped(Path file) throws Exception {
        scene.configureOneMore(
                "io.faultline.mm.mapped",
                Map.of(
                        "name",
                        "ram",
                        "file",
                        file.toString(),
                        "bindings",
                        "unit=smmu0 requester=0x100 pasid=7",
                        "writable",
                        true));
        return awaitBound("ram");
    }

    /** A file truncated underneath is an answer like any other. */
    @Test
    void areInvalidForAPageThatAMappedFileHasLost(@TempDir Path folder) throws Exception {
        Path file = Files.write(folder.resolve("file"), new byte[0x4000]);
        ManagedSpace space = mapped(file);

        ask(PASID, 1, 0x3000);
        assertAnswered(answer(PASID, 1, SUCCESS));
        truncate(file, 0x2000);
        ask(PASID, 2, 0x3000);
        ask(PASID, 3, 0x1000);

        assertAnswered(
                answer(PASID, 1, SUCCESS), answer(PASID, 2, INVALID), answer(PASID, 3, SUCCESS));
        assertEquals(3, space.counts().calls());
    }

    /** The RAM of an emulator that runs: both have the same pages of it. */
    @Test
    @NeedsProgram(value = "qemu-system-aarch64", debianPackage = "qemu-system-arm")
    void bringInPagesOfARunningEmulator() throws Exception {
        long page = 0x2345_000;
        try (OtherEmulator other = OtherEmulator.start()) {
            Path emulators = Path.of("/proc/" + other.process().pid() + "/maps");
            scene.until("mapping", () -> sharedMappings(emulators, other.ram()), n -> n == 1);
            ManagedSpace space = mapped(other.ram());
            assertEquals(0, residentKibibytes(other.ram()));

            ask(PASID, 1, page);

            assertAnswered(answer(PASID, 1, SUCCESS));
            assertEquals(page, space.log(1).get(0).address());
            assertEquals(1, sharedMappings(Path.of("/proc/self/maps"), other.ram()));
            assertTrue(residentKibibytes(other.ram()) >= 4);
            assertTrue(other.process().isAlive());
        }
    }

    private static long sharedMappings(Path maps, Path file) {
        try (Stream<String> lines = Files.lines(maps)) {
            return lines.filter(line -> line.endsWith(file.toString()))
                    .filter(line -> line.matches("\\S+ r[w-]-s .*"))
                    .count();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** How much of the file this process has brought in, by what the kernel says. */
    private static long residentKibibytes(Path file) throws IOException {
        List<String> lines = Files.readAllLines(Path.of("/proc/self/smaps"));
        long sum = 0;
        boolean ours = false;
        for (String line : lines) {
            if (line.matches("[0-9a-f]+-[0-9a-f]+ .*")) {
                ours = line.endsWith(file.toString());
            } else if (ours && line.startsWith("Rss:")) {
                sum += Long.parseLong(line.replaceAll("\\D", ""));
            }
        }
        return sum;
    }

    private static void truncate(Path file, long bytes) throws IOException {
        try (RandomAccessFile shorter = new RandomAccessFile(file.toFile(), "rw")) {
            shorter.setLength(bytes);
        }
    }
}
