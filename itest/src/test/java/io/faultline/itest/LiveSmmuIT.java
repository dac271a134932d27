package io.faultline.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;
import static org.ops4j.pax.exam.CoreOptions.options;

import io.faultline.exam.Bundles;
import io.faultline.exam.NeedsProgram;
import io.faultline.fault.Access;
import io.faultline.fault.Response;
import io.faultline.fault.Unit;
import io.faultline.handler.Deferral;
import io.faultline.handler.FaultHandler;
import io.faultline.handler.Handles;
import io.faultline.handler.Notice;
import io.faultline.handler.Verdict;
import io.faultline.hardware.HardwareWindow;
import io.faultline.mm.AddressSpace;
import io.faultline.mm.AddressSpaces;
import io.faultline.mm.FaultInResult;
import io.faultline.testkit.RecordingHandler;
import java.io.File;
import java.io.FileInputStream;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongPredicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.osgi.framework.Bundle;

/** The driver of SMMUv3 against a model that somebody else wrote: QEMU's. */
@NeedsProgram(value = "qemu-system-aarch64", debianPackage = "qemu-system-arm")
class LiveSmmuIT extends InScene {
    private static final String UNIT = "live0";
    private static final int TRIGGERS = 500;
    private static final int STALLS = 600;

    /** 1,024 commands. */
    private static final int RING_FOR_STALLS_LOG2 = 10;

    private static final int BAD_STREAM_ENTRY = 3;
    private static final int BAD_CONTEXT = 4;
    private static final int WRITER = 5;
    private static final int READER = 6;
    private static final int STORM = 7;
    private static final int BAD_STREAM = 8;

    private static final int C_BAD_STREAMID = 0x02;
    private static final int C_BAD_STE = 0x04;
    private static final int C_BAD_CD = 0x0a;
    private static final int F_TRANSLATION = 0x10;
    private static final int F_PERMISSION = 0x13;

    private final RecordingHandler handler = new RecordingHandler(Verdict.HANDLED);

    @Configuration
    static Option[] live() {
        return options(Bundles.core(), Bundles.named("iopf-bundle", "shell-bundle", "qemu-bundle"));
    }

    private LiveScene start(Map<String, ?> settings) throws Exception {
        LiveScene live = new LiveScene(scene, UNIT);
        live.start(settings);
        scene.register(
                FaultHandler.class,
                handler,
                Map.of(Handles.NAME, "recorder", Handles.KINDS, "unrecoverable"));
        scene.until("chain", scene::chain, chain -> chain.contains("recorder"));
        return live;
    }

    private void awaitFaults(int count) {
        scene.until("faults", () -> handler.faults().size(), n -> n >= count);
    }

    @Test
    void seesEveryFaultOfRandomAccessesInOrder() throws Exception {
        LiveScene live = start(Map.of());
        long seed = System.nanoTime();
        Random random = new Random(seed);

        List<String> truth = new ArrayList<>();
        for (int i = 0; i < TRIGGERS; i++) {
            trigger(live, random, truth);
        }

        awaitFaults(truth.size());
        assertEquals(truth, LiveScene.inShort(handler.faults()), () -> "seed " + seed);
        assertTrue(truth.size() > TRIGGERS / 2, "some must fault");
        assertTrue(truth.size() < TRIGGERS, "some must not");
        scene.awaitCounts(UNIT, counts -> counts.handled() == truth.size());
        assertEquals(0, scene.counts(UNIT).lost());
    }

    /** One access, and what has to come of it. */
    private static void trigger(LiveScene live, Random random, List<String> truth) {
        long mapped = LiveScene.inPages(random, 0, LiveScene.WRITABLE_PAGES);
        long readable =
                LiveScene.inPages(random, LiveScene.WRITABLE_PAGES, LiveScene.READABLE_PAGES);
        long unmapped = LiveScene.unmapped(random);
        boolean write = random.nextBoolean();
        int device = write ? WRITER : READER;
        switch (random.nextInt(7)) {
            case 0 -> {
                live.touch(BAD_STREAM_ENTRY, unmapped);
                truth.add(LiveScene.inShort(BAD_STREAM_ENTRY << 3, C_BAD_STE));
            }
            case 1 -> {
                live.touch(BAD_CONTEXT, unmapped);
                truth.add(LiveScene.inShort(BAD_CONTEXT << 3, C_BAD_CD));
            }
            case 2 -> {
                live.touch(BAD_STREAM, unmapped);
                truth.add(LiveScene.inShort(BAD_STREAM << 3, C_BAD_STREAMID));
            }
            case 3 -> {
                live.touch(device, readable);
                if (write) {
                    truth.add(LiveScene.inShort(device << 3, F_PERMISSION, readable, true));
                }
            }
            case 4 -> live.touch(device, mapped);
            default -> {
                live.touch(device, unmapped);
                truth.add(LiveScene.inShort(device << 3, F_TRANSLATION, unmapped, write));
            }
        }
    }

    /** Records of each burst lie on both sides of the end of the ring, or of its second half. */
    @Test
    void seesEveryRecordRightWhileTheQueueWraps() throws Exception {
        int slots = 512;
        int rounds = 12;
        LiveScene live = start(Map.of("driver.evtq.log2size", 9));

        List<String> truth = new ArrayList<>();
        for (int round = 1; round <= rounds; round++) {
            long address = 0x1000_0000L * round;
            int accesses = live.touch(STORM, address);
            truth.add(LiveScene.inShort(STORM << 3, F_TRANSLATION, address, true));
            for (int i = 1; i < accesses; i++) {
                long word = address + (i - 1) * 4L;
                truth.add(LiveScene.inShort(STORM << 3, F_TRANSLATION, word, true));
            }
            awaitFaults(truth.size());
        }

        assertTrue(truth.size() > 6 * slots, "it wraps often");
        assertEquals(truth, LiveScene.inShort(handler.faults()));
        assertEquals(0, scene.counts(UNIT).lost());
        assertEquals(
                truth.size() & 2 * slots - 1,
                live.window().read32(StallingSmmu.EVENTQ_PROD),
                "index and wrap bit");
    }

    /** The model raises EVENTQ_ABT_ERR for a full queue, and its entries are valid. */
    @Test
    void reportsAnOverflowAndGoesOn() throws Exception {
        int slots = 64;
        LiveScene live = start(Map.of("driver.evtq.log2size", 6));

        for (int round = 1; round <= 3; round++) {
            int overflows = round;
            int before = handler.faults().size();
            long address = 0x1000_0000L * round;

            int accesses = live.touch(STORM, address);

            // it is counted before handlers are told
            scene.until("notices", () -> notices(Notice.Kind.OVERFLOW), n -> n == overflows);
            assertEquals(257, accesses);
            assertEquals(overflows, scene.unit(UNIT).queues().get(0).overflows());
            assertEquals(overflows, scene.counts(UNIT).lost(), "losses, nobody knows of how many");

            // The records that lay before the overflow are still on their way to the handler when
            // the unit shows it; what comes behind it is behind all of them.
            long next = address + 0x1000;
            live.touch(WRITER, next);
            String behind = LiveScene.inShort(WRITER << 3, F_TRANSLATION, next, true);
            scene.until(
                    "the fault behind the overflow",
                    () -> LiveScene.inShort(handler.faults()),
                    all -> all.size() > before && all.get(all.size() - 1).equals(behind));
            int recorded = handler.faults().size() - before - 1;
            assertTrue(
                    recorded >= slots && recorded <= slots + 1,
                    () -> "recorded " + recorded + ": " + scene.counts(UNIT));
        }
    }

    @Test
    void makesDevicesFaultAsTheShellIsTold() throws Exception {
        start(Map.of());

        String one = Shell.run(scene.context(), "faultline:qemu fault 00:05.0 write 0x5000");
        String storm = Shell.run(scene.context(), "faultline:qemu storm 300");

        assertTrue(one.contains("requester 0x28) made 1 write at 0x5000"), one);
        assertTrue(one.contains("what became of it: handled"), one);
        assertTrue(storm.contains(UNIT + ": 300 accesses"), storm);
        awaitFaults(301);
        assertEquals(
                LiveScene.inShort(WRITER << 3, F_TRANSLATION, 0x5000, true),
                LiveScene.inShort(handler.faults().get(0)));
        scene.awaitCounts(UNIT, counts -> counts.handled() == 301);
    }

    private long notices(Notice.Kind kind) {
        return handler.notices().stream().filter(notice -> notice.kind() == kind).count();
    }

    /** Pages can be brought in at even page numbers; keeps which were. */
    private static final class EvenPages implements AddressSpaces, AddressSpace {
        private final Set<Long> resident = ConcurrentHashMap.newKeySet();

        boolean isResident(long address) {
            return resident.contains(address >>> 12);
        }

        @Override
        public AddressSpace find(Unit unit, int requester, int pasid, int stage) {
            return this;
        }

        @Override
        public String name() {
            return "even pages";
        }

        @Override
        public FaultInResult faultIn(long address, Access access) {
            FaultInResult result = probe(address, access);
            if (result == FaultInResult.RESIDENT) {
                resident.add(address >>> 12);
            }
            return result;
        }

        @Override
        public FaultInResult probe(long address, Access access) {
            return isEven(address) ? FaultInResult.RESIDENT : FaultInResult.NO_AREA;
        }

        static boolean isEven(long address) {
            return (address >>> 12 & 1) == 0;
        }

        @Override
        public boolean mayBlock() {
            return true;
        }
    }

    /**
     * No model stalls: the test is the hardware that writes the record and moves PROD, and tries an
     * access again that is told to RETRY. What is answered is read from the command queue that the
     * model has consumed. While io-pgfault is away more stalls than a device may have wait; those
     * are told to try again though no page came (R8), and stall again.
     */
    @Test
    void answersEachStallOnceWhileIoPgfaultIsReplaced() throws Exception {
        scene.configure(Scene.DISPATCHER, Map.of("stall.deadline.ms", 600_000));
        scene.configure("io.faultline.iopf", Map.of(Handles.HANDOVER_MS, 60_000));
        // answers are read after the model took them: a ring for all that may come at once
        LiveScene live =
                start(
                        Map.of(
                                "interrupts",
                                false,
                                "driver.poll.us",
                                50,
                                "driver.cmdq.log2size",
                                RING_FOR_STALLS_LOG2));
        EvenPages pages = new EvenPages();
        scene.register(AddressSpaces.class, pages, Map.of());
        StallingSmmu smmu = new StallingSmmu(live.window(), pages::isResident);
        Bundle iopf = scene.bundle("io.faultline.iopf");
        AtomicBoolean over = new AtomicBoolean();
        AtomicInteger swaps = new AtomicInteger();
        FutureTask<Integer> swapper = new FutureTask<>(() -> replace(iopf, over, swaps));

        new Thread(swapper, "swapper").start();
        int duringAccesses;
        try {
            for (int i = 0; i < STALLS; i++) {
                smmu.access(WRITER << 3, 0x7000_0000L + i * 0x1000L);
                smmu.takeAnswers();
                if (i % (STALLS / 3) == 0) { // a fast machine would be through before the first one
                    int before = swaps.get();
                    scene.until("replacement", swaps::get, n -> n > before);
                }
            }
            scene.until("accesses that are over", smmu::takeAnswers, n -> n >= STALLS);
            duringAccesses = swaps.get();
        } finally {
            over.set(true);
            swapper.get(); // what went wrong in there is thrown here
        }

        assertTrue(duringAccesses > 0, "io-pgfault was not replaced while accesses were made");
        assertEquals(STALLS / 2, smmu.done.size(), () -> "even pages only: " + smmu.done);
        assertTrue(smmu.done.stream().allMatch(EvenPages::isEven), () -> "done: " + smmu.done);
        assertEquals(STALLS / 2, smmu.aborted.size());
        assertTrue(smmu.aborted.stream().noneMatch(EvenPages::isEven), () -> "" + smmu.aborted);
        scene.awaitCounts(UNIT, counts -> counts.pending() == 0);
        assertEquals(smmu.triedInVain, scene.counts(UNIT).shed(), "RETRY without a page: R8 only");
        assertEquals(smmu.commands(), smmu.consumed(), "the model has taken all, without an error");
        assertEquals(0, scene.counts(UNIT).undeliverable());
    }

    private static int replace(Bundle bundle, AtomicBoolean over, AtomicInteger swaps)
            throws Exception {
        File jar = Bundles.jar("iopf-bundle");
        while (!over.get()) {
            try (InputStream content = new FileInputStream(jar)) {
                bundle.update(content);
            }
            swaps.incrementAndGet();
        }
        return swaps.get();
    }

    /**
     * The model stops at a command that is none, with CERROR_ILL in CMDQ_CONS and CMDQ_ERR in
     * GERROR (Arm IHI 0070, 7.1): before it an answer was taken, behind it more wait.
     */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void goesOnBehindACommandThatIsIllegal(boolean interrupts) throws Exception {
        LiveScene live = start(Map.of("interrupts", interrupts, "driver.poll.us", 50));
        EvenPages pages = new EvenPages();
        scene.register(AddressSpaces.class, pages, Map.of());
        StallingSmmu smmu = new StallingSmmu(live.window(), pages::isResident);
        smmu.access(WRITER << 3, 0x7000_0000L);
        scene.until("accesses that are over", smmu::takeAnswers, n -> n == 1);

        for (int round = 1; round <= 3; round++) {
            int before = smmu.commands();
            live.unit().port().submit(illegal(round));
            smmu.access(WRITER << 3, 0x7000_0000L + round * 0x2000L);

            scene.awaitMessage(UNIT, "ff0000000000000%d".formatted(round), "CERROR_ILL");
            smmu.skip(before);
            int over = 1 + round;
            scene.until("accesses that are over", smmu::takeAnswers, n -> n == over);
            scene.until("commands not taken", smmu::waiting, n -> n == 0);
            assertEquals(0, smmu.errors() & 1, "CMDQ_ERR is acknowledged");
        }

        assertEquals(4, smmu.done.size());
        live.touch(WRITER, 0x5000);
        awaitFaults(1);
        assertEquals(0x5000, handler.faults().get(0).iova());
        assertEquals(0, scene.counts(UNIT).undeliverable());
        scene.awaitCounts(UNIT, counts -> counts.pending() == 0);
    }

    private static ByteBuffer illegal(int mark) {
        ByteBuffer command = ByteBuffer.allocate(16);
        return command.put(0, (byte) 0xff).put(7, (byte) mark);
    }

    /** Hardware's side of a queue and the other side of the command queue, as the manual has it. */
    private static final class StallingSmmu {
        private static final long GERROR = 0x60;
        private static final long GERRORN = 0x64;
        private static final long EVENTQ_BASE = 0xa0;
        private static final long EVENTQ_PROD = 0x100a8;
        private static final long EVENTQ_CONS = 0x100ac;
        private static final long CMDQ_BASE = 0x90;
        private static final long CMDQ_PROD = 0x98;
        private static final long CMDQ_CONS = 0x9c;
        private static final long STALL = 1L << 31;
        private static final long ADDRESS = 0xff_ffff_ffff_ffe0L;
        private static final int TAGS = 1 << 16;
        private static final int RETRY = 1;
        private static final int ABORT = 2;

        private final HardwareWindow window;
        private final LongPredicate isResident;
        private final ByteBuffer events;
        private final ByteBuffer ring;
        private int read;
        private int nextTag;

        /** The address of the access that has stalled, by tag. */
        private final Map<Integer, Long> stalled = new HashMap<>();

        private final List<Long> done = new ArrayList<>();
        private final List<Long> aborted = new ArrayList<>();
        private int triedInVain;

        StallingSmmu(HardwareWindow window, LongPredicate isResident) {
            this.window = window;
            this.isResident = isResident;
            this.events = memory(EVENTQ_BASE, 32);
            this.ring = memory(CMDQ_BASE, 16);
            this.read = commands();
        }

        private ByteBuffer memory(long register, int entryBytes) {
            long base = window.read64(register);
            return window.memory(base & ADDRESS, entryBytes << (base & 0x1f));
        }

        /** A write that stalls: its record is written, when there is room. */
        void access(int stream, long address) {
            int tag = nextTag++ & TAGS - 1;
            assertNull(stalled.put(tag, address), "a tag that nothing stalls with");
            int slots = events.capacity() / 32;
            int prod = window.read32(EVENTQ_PROD);
            while ((prod - window.read32(EVENTQ_CONS) & 2 * slots - 1) == slots) {
                Thread.onSpinWait();
            }
            int at = (prod & slots - 1) * 32;
            events.putLong(at, F_TRANSLATION | (long) stream << 32)
                    .putLong(at + 8, STALL | tag)
                    .putLong(at + 16, address)
                    .putLong(at + 24, 0);
            window.write32(EVENTQ_PROD, (prod & 1 << 31) | (prod + 1 & 2 * slots - 1));
        }

        int commands() {
            return window.read32(CMDQ_PROD);
        }

        /** CONS, with the error code in its upper half. */
        int consumed() {
            return window.read32(CMDQ_CONS);
        }

        /** How many commands the model has not taken. */
        int waiting() {
            return commands() - consumed() & 2 * (ring.capacity() / 16) - 1;
        }

        /** Which errors are active. */
        int errors() {
            return window.read32(GERROR) ^ window.read32(GERRORN);
        }

        /** Passes over a command that is no answer. */
        void skip(int index) {
            assertEquals(index, read, "all before it have been read");
            read = read + 1 & 2 * (ring.capacity() / 16) - 1;
        }

        /** Reads the answers that have been put into the ring; says how many accesses are over. */
        int takeAnswers() {
            int slots = ring.capacity() / 16;
            int prod = commands();
            for (; read != prod; read = read + 1 & 2 * slots - 1) {
                int at = (read & slots - 1) * 16;
                long command = ring.getLong(at);
                assertEquals(0x44, command & 0xff, "CMD_RESUME");
                int tag = (int) ring.getLong(at + 8);
                Long address = stalled.remove(tag);
                assertNotNull(address, () -> "answered twice, or never asked: " + tag);
                end((int) (command >>> 32), address, (int) command >>> 12 & 3);
            }
            return done.size() + aborted.size();
        }

        private void end(int stream, long address, int action) {
            switch (action) {
                case RETRY -> {
                    if (isResident.test(address)) {
                        done.add(address);
                    } else {
                        triedInVain++;
                        access(stream, address);
                    }
                }
                case ABORT -> aborted.add(address);
                default -> fail("neither retry nor abort: " + action);
            }
        }
    }

    @Test
    void survivesTheDeathOfTheEmulatorAndItsRestart() throws Exception {
        scene.configure(Scene.DISPATCHER, Map.of("stall.deadline.ms", 600_000));
        scene.until("deadline", () -> scene.setting("stall.deadline.ms"), "600000"::equals);
        LiveScene live = start(Map.of("interrupts", false));
        Semaphore taken = new Semaphore(0);
        List<Deferral> deferrals = new ArrayList<>();
        RecordingHandler holder =
                RecordingHandler.doing(
                        (fault, context) -> {
                            deferrals.add(context.defer());
                            taken.release();
                            return Verdict.DEFERRED;
                        });
        scene.register(
                FaultHandler.class,
                holder,
                Map.of(
                        Handles.NAME,
                        "holder",
                        Handles.KINDS,
                        "page_request",
                        org.osgi.framework.Constants.SERVICE_RANKING,
                        2000));
        scene.until("chain", scene::chain, chain -> chain.contains("holder"));
        new StallingSmmu(live.window(), address -> false).access(WRITER << 3, 0x7000_0000L);
        taken.acquire();

        live.process().destroyForcibly();

        live.awaitGone();
        scene.awaitMessage(UNIT, "has ended with exit code 137", "faultline:qemu start");
        scene.until(
                "notices",
                holder::notices,
                all -> all.stream().anyMatch(n -> n.kind() == Notice.Kind.GROUP_WITHDRAWN));
        assertFalse(deferrals.get(0).conclude(Verdict.handled(Response.SUCCESS)), "too late");

        Shell.run(scene.context(), "faultline:qemu start name=" + UNIT);
        live.awaitUp();
        live.touch(WRITER, 0x5000);
        awaitFaults(1);
        assertEquals(0x5000, handler.faults().get(0).iova());
        ProcessHandle process = live.process();
        Shell.run(scene.context(), "faultline:qemu stop name=" + UNIT);
        live.awaitGone();
        assertFalse(process.isAlive(), "stopped means stopped");
    }

    /** The emulator is somebody else's: it lives on when we leave, and can be attached to again. */
    @Test
    void attachesToAnEmulatorThatRunsAndLetsItLive() throws Exception {
        LiveScene live = new LiveScene(scene, UNIT);
        live.awaitGone();
        scene.register(
                FaultHandler.class,
                handler,
                Map.of(Handles.NAME, "recorder", Handles.KINDS, "unrecoverable"));
        try (OtherEmulator other = OtherEmulator.start()) {
            scene.until("socket", () -> Files.exists(other.socket()), there -> there);
            String start =
                    "faultline:qemu start name=%s socket=%s ram=%s"
                            .formatted(UNIT, other.socket(), other.ram());
            for (int round = 1; round <= 2; round++) {
                String said = Shell.run(scene.context(), start);
                assertTrue(said.contains("attached to " + other.socket()), said);
                live.awaitUp();
                live.touch(WRITER, 0x1000L * round);
                awaitFaults(round);
                assertEquals(0x1000L * round, handler.faults().get(round - 1).iova());

                Shell.run(scene.context(), "faultline:qemu stop name=" + UNIT);
                live.awaitGone();
                assertTrue(other.process().isAlive(), "who has not started it does not end it");
            }
        }
    }

    /** R6, R7: the driver's bundle leaves and comes back while the emulator goes on. */
    @Test
    void isDrivenAnewAfterItsDriverWasRestarted() throws Exception {
        LiveScene live = start(Map.of());
        live.touch(WRITER, 0x1000);
        awaitFaults(1);

        scene.bundle(Scene.SMMUV3).stop();
        live.awaitGone();
        live.touch(WRITER, 0x2000);
        scene.bundle(Scene.SMMUV3).start();
        live.awaitUp();

        live.touch(WRITER, 0x3000);
        awaitFaults(2);
        assertEquals(0x3000, handler.faults().get(1).iova(), "no queue, no record in between");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "qemu=/nonexistent/qemu | apt-get install qemu-system-arm",
                "qemu=/tmp | there is no program /tmp; on Debian",
                "socket=/nonexistent/s ram=/nonexistent/ram | is no file of 64 MiB",
                "start.ms=soon | start.ms=soon: allowed are 100 to 600000"
            })
    void saysWhatIsMissing(String arguments, String wanted) throws Exception {
        String said = refusal("faultline:qemu start " + arguments);

        assertTrue(said.contains(wanted), said);
    }

    @Test
    void saysThatNobodyListensAtASocket() throws Exception {
        Path folder = Files.createTempDirectory("qemu");
        Path socket = folder.resolve("qtest");
        Path ram = folder.resolve("ram");
        try {
            try (RandomAccessFile file = new RandomAccessFile(ram.toFile(), "rw")) {
                file.setLength(64 << 20);
            }
            try (ServerSocketChannel server =
                    ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
                server.bind(UnixDomainSocketAddress.of(socket));
            }

            String said =
                    refusal(
                            "faultline:qemu start start.ms=100 socket=%s ram=%s"
                                    .formatted(socket, ram));

            assertTrue(said.contains("refused for 100 ms (start.ms)"), said);
            assertTrue(said.contains("-qtest unix:" + socket + ",server=on,wait=off"), said);
        } finally {
            Files.deleteIfExists(socket);
            Files.deleteIfExists(ram);
            Files.delete(folder);
        }
    }

    private String refusal(String command) {
        return assertThrows(AssertionError.class, () -> Shell.run(scene.context(), command))
                .getMessage();
    }
}
