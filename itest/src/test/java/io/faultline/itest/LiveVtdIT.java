package io.faultline.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.ops4j.pax.exam.CoreOptions.options;

import io.faultline.exam.Bundles;
import io.faultline.exam.NeedsProgram;
import io.faultline.fault.Response;
import io.faultline.handler.FaultHandler;
import io.faultline.handler.Handles;
import io.faultline.handler.Notice;
import io.faultline.handler.Verdict;
import io.faultline.hardware.CommandPort;
import io.faultline.hardware.HardwareWindow;
import io.faultline.testkit.RecordingHandler;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;

/** The driver of VT-d against QEMU's model. It has one recording register, and no interrupt. */
@NeedsProgram(value = "qemu-system-x86_64", debianPackage = "qemu-system-x86")
class LiveVtdIT extends InScene {
    private static final String UNIT = "live1";

    /** A QEMU whose model takes page requests: version 10 or later. */
    private static final String NEWER_QEMU = "FAULTLINE_QEMU_X86";

    private static final int NO_CONTEXT = 3;
    private static final int WRITER = 5;
    private static final int READER = 6;
    private static final int TRIGGERS = 100;

    /** Fault status register, and its primary pending fault bit. */
    private static final long FSTS = 0x34;

    private static final int PPF = 1 << 1;
    private static final int REQUESTS = 60;

    private final RecordingHandler handler =
            RecordingHandler.doing(
                    (fault, context) ->
                            fault instanceof io.faultline.fault.PageRequestGroup
                                    ? Verdict.handled(Response.SUCCESS)
                                    : Verdict.HANDLED);

    @Configuration
    static Option[] live() {
        return options(Bundles.core(), Bundles.named("vtd-bundle", "shell-bundle", "qemu-bundle"));
    }

    private LiveScene start(Map<String, ?> settings) throws Exception {
        LiveScene live = new LiveScene(scene, UNIT);
        live.start(settings);
        register();
        return live;
    }

    private void register() {
        scene.register(
                FaultHandler.class,
                handler,
                Map.of(
                        Handles.NAME,
                        "recorder",
                        Handles.KINDS,
                        new String[] {"unrecoverable", "page_request"}));
        scene.until("chain", scene::chain, chain -> chain.contains("recorder"));
    }

    /** One at a time: the model drops what a device does before its last fault is taken. */
    @Test
    void seesEveryFaultOfRandomAccessesInOrder() throws Exception {
        LiveScene live = start(Map.of("machine", "vtd"));
        long seed = System.nanoTime();
        Random random = new Random(seed);

        List<String> truth = new ArrayList<>();
        for (int i = 0; i < TRIGGERS; i++) {
            trigger(live, random, truth);
            int wanted = truth.size();
            scene.until("faults", () -> handler.faults().size(), n -> n >= wanted);
            awaitTaken(live);
        }

        assertEquals(truth, LiveScene.inShort(handler.faults()), () -> "seed " + seed);
    }

    /**
     * Until no register holds a fault: a handler sees it before its slot is given back (VT-d
     * 11.4.7.1, PPF is the OR of all F bits).
     */
    private void awaitTaken(LiveScene live) {
        HardwareWindow window = live.window();
        scene.until("faults not taken", () -> window.read32(FSTS) & PPF, n -> n == 0);
    }

    /** Reason 2: no context entry; 5: a write, 6: a read that no page table allows. */
    private static void trigger(LiveScene live, Random random, List<String> truth) {
        long unmapped = LiveScene.unmapped(random);
        long page = unmapped & -LiveScene.PAGE;
        boolean write = random.nextBoolean();
        int device = write ? WRITER : READER;
        switch (random.nextInt(4)) {
            case 0 -> {
                live.touch(NO_CONTEXT, unmapped);
                truth.add(LiveScene.inShort(NO_CONTEXT << 3, 2, page, true));
            }
            case 1 -> live.touch(device, LiveScene.inPages(random, 0, LiveScene.WRITABLE_PAGES));
            default -> {
                live.touch(device, unmapped);
                truth.add(LiveScene.inShort(device << 3, write ? 5 : 6, page, write));
            }
        }
    }

    @Test
    void survivesTheDeathOfTheEmulatorAndItsRestart() throws Exception {
        LiveScene live = start(Map.of("machine", "vtd"));
        live.touch(WRITER, 0x1000);
        scene.until("faults", () -> handler.faults().size(), n -> n == 1);

        live.process().destroyForcibly();

        live.awaitGone();
        scene.awaitMessage(UNIT, "has ended with exit code 137", "faultline:qemu start");
        Shell.run(scene.context(), "faultline:qemu start machine=vtd name=" + UNIT);
        live.awaitUp();
        live.touch(READER, 0x2000);
        scene.until("faults", () -> handler.faults().size(), n -> n == 2);
        assertEquals(
                LiveScene.inShort(READER << 3, 6, 0x2000, false),
                LiveScene.inShort(handler.faults().get(1)));
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
        register();
        try (OtherEmulator other = OtherEmulator.startVtd()) {
            scene.until("socket", () -> Files.exists(other.socket()), there -> there);
            for (int round = 1; round <= 2; round++) {
                String said =
                        Shell.run(
                                scene.context(),
                                "faultline:qemu start machine=vtd name=%s socket=%s ram=%s"
                                        .formatted(UNIT, other.socket(), other.ram()));
                assertTrue(said.contains("attached to " + other.socket()), said);
                live.awaitUp();
                int seen = round;
                live.touch(WRITER, 0x1000L * round);
                scene.until("faults", () -> handler.faults().size(), n -> n == seen);
                assertEquals(
                        LiveScene.inShort(WRITER << 3, 5, 0x1000L * round, true),
                        LiveScene.inShort(handler.faults().get(round - 1)));

                Shell.run(scene.context(), "faultline:qemu stop name=" + UNIT);
                live.awaitGone();
                assertTrue(other.process().isAlive(), "who has not started it does not end it");
            }
        }
    }

    /** With one register the second device's fault has no place until the first is taken. */
    @Test
    void reportsAnOverflowAndGoesOn() throws Exception {
        LiveScene live = start(Map.of("machine", "vtd", "driver.poll.us", 1_000_000));
        live.touch(WRITER, 0x1000);
        scene.until("faults", () -> handler.faults().size(), n -> n == 1);
        awaitTaken(live);

        // the driver looks once more after what it took: that may come between the two
        long met = 1;
        for (int round = 0; round < 50 && scene.counts(UNIT).lost() == 0; round++) {
            live.touch(WRITER, 0x2000);
            live.touch(READER, 0x3000);
            met += 2;
            long both = met;
            scene.until("faults", this::met, n -> n == both);
            awaitTaken(live);
        }

        // it is counted before handlers are told
        scene.until(
                "notices",
                handler::notices,
                all -> all.stream().anyMatch(n -> n.kind() == Notice.Kind.OVERFLOW));
        assertEquals(1, scene.counts(UNIT).lost());
        int seen = handler.faults().size();
        live.touch(READER, 0x4000);
        scene.until("faults", () -> handler.faults().size(), n -> n == seen + 1);
        assertEquals(0x4000, handler.faults().get(seen).iova());
    }

    /** How many faults were seen or lost. */
    private long met() {
        return handler.faults().size() + scene.counts(UNIT).lost();
    }

    /** The test is the device; the model checks the responses, and refuses one that is wrong. */
    @Test
    void answersPageRequestsWithDescriptorsThatTheModelTakes() throws Exception {
        String qemu = System.getenv(NEWER_QEMU);
        Assumptions.assumeTrue(
                qemu != null && Files.isExecutable(Path.of(qemu)),
                NEWER_QEMU + " names no QEMU that takes page requests: skipped");
        LiveScene live = start(Map.of("machine", "vtd", "qemu", qemu));
        HardwareWindow window = live.window();
        long base = window.read64(0xd0);
        int bytes = 4096 << (base & 7);
        ByteBuffer ring = window.memory(base & -4096L, bytes);

        for (int i = 0; i < REQUESTS; i++) {
            int tail = (int) window.read64(0xc8);
            ring.putLong(tail, 1 | 1 << 8 | (long) (WRITER << 3) << 16 | 7L << 32)
                    .putLong(tail + 8, 0x7000L | (long) i << 3 | 4 | 1);
            window.write64(0xc8, (tail + 32) % bytes);
        }

        scene.until("requests", () -> handler.faults().size(), n -> n == REQUESTS);
        scene.until("IQH", () -> window.read64(0x80), head -> head == REQUESTS * 32L);
        assertEquals(0, window.read32(0x34) & 0x10, "FSTS.IQE: the model refuses none");

        CommandPort port = live.unit().port();
        port.submit(descriptor(0x9 | 1 << 5)); // a reserved bit, and no PASID
        scene.awaitMessage(UNIT, "refuses the descriptor 29");
        port.submit(descriptor(0x9 | 1 << 4));
        scene.until("IQH", () -> window.read64(0x80), head -> head == (REQUESTS + 2) * 32L);
    }

    private static ByteBuffer descriptor(long word) {
        return ByteBuffer.allocate(32).order(ByteOrder.LITTLE_ENDIAN).putLong(0, word);
    }
}
