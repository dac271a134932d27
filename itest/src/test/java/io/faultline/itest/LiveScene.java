package io.faultline.itest;

import io.faultline.fault.Access;
import io.faultline.fault.Fault;
import io.faultline.hardware.HardwareUnit;
import io.faultline.hardware.HardwareWindow;
import io.faultline.platform.UnitView;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.osgi.service.cm.Configuration;

/** An emulated unit, with devices that a test makes fault. */
final class LiveScene {
    static final String PID = "io.faultline.qemu";
    static final int PAGE = 4096;
    static final long MAPPED = 0x40_0000_0000L;
    static final int WRITABLE_PAGES = 128;
    static final int READABLE_PAGES = 128;

    private final Scene scene;
    private final String name;

    LiveScene(Scene scene, String name) {
        this.scene = scene;
        this.name = name;
    }

    /**
     * Starts the emulator; the unit is there when this returns. The one of an earlier test goes
     * with its configuration, on another thread.
     */
    Configuration start(Map<String, ?> settings) throws IOException {
        awaitGone();
        Map<String, Object> all = new HashMap<>(settings);
        all.put("name", name);
        Configuration configuration = scene.configureOneMore(PID, all);
        awaitUp();
        return configuration;
    }

    void awaitUp() {
        scene.until("units", this::isUp, up -> up);
    }

    void awaitGone() {
        scene.until("units", this::isUp, up -> !up);
    }

    private boolean isUp() {
        return scene.service(io.faultline.platform.Platform.class).units().stream()
                .map(UnitView::name)
                .anyMatch(name::equals);
    }

    /** Returns how many accesses that were; they are over. */
    int touch(int device, long address) {
        return Shell.command(scene.context(), "touch")
                .applyAsInt(Map.of("unit", name, "requester", device << 3, "address", address));
    }

    HardwareWindow window() {
        return scene.service(HardwareWindow.class);
    }

    HardwareUnit unit() {
        return scene.service(HardwareUnit.class);
    }

    /** The process of the emulator, as the shell names it. */
    ProcessHandle process() {
        String text = Shell.run(scene.context(), "faultline:qemu");
        String pid = text.replaceFirst("(?s).*" + name + " \\(\\w+\\): process (\\d+).*", "$1");
        return ProcessHandle.of(Long.parseLong(pid)).orElseThrow(() -> new AssertionError(text));
    }

    /** An address that no page table maps, now and then beside one that is mapped. */
    static long unmapped(Random random) {
        if (random.nextInt(4) == 0) {
            int page = WRITABLE_PAGES + READABLE_PAGES + random.nextInt(256);
            return MAPPED + (long) page * PAGE + word(random);
        }
        long page = random.nextLong() >>> 28; // of 48 bits
        return page * PAGE / PAGE == MAPPED >>> 12 ? PAGE : page * PAGE + word(random);
    }

    static long inPages(Random random, int first, int count) {
        return MAPPED + (long) (first + random.nextInt(count)) * PAGE + word(random);
    }

    private static int word(Random random) {
        return random.nextInt(PAGE / 4) * 4;
    }

    static String inShort(int requester, int code, long address, boolean write) {
        return "%x %x %s %x".formatted(requester, code, write ? "W" : "R", address);
    }

    static String inShort(int requester, int code) {
        return "%x %x -".formatted(requester, code);
    }

    static String inShort(Fault fault) {
        return fault.hasIova()
                ? inShort(
                        fault.requester(),
                        fault.code(),
                        fault.iova(),
                        fault.access() == Access.WRITE)
                : inShort(fault.requester(), fault.code());
    }

    static List<String> inShort(List<Fault> faults) {
        return faults.stream().map(LiveScene::inShort).toList();
    }
}
