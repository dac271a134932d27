package io.faultline.qemu.internal;

import io.faultline.hardware.HardwareWindow;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Registers, shared RAM and interrupts of one IOMMU model. */
final class QemuWindow implements HardwareWindow {
    private final String arch;
    private final String name;
    private final long base;
    private final Map<String, Integer> lines;
    private final GuestRam ram;
    private final Map<String, String> settings;
    private final Map<Integer, Runnable> wakes = new ConcurrentHashMap<>();
    private final Map<String, Runnable> others = new ConcurrentHashMap<>();
    private volatile Qtest qtest;

    /**
     * @param base where its registers are
     * @param lines the number of the interrupt line for each word of the driver; a word that is not
     *     there has none
     */
    QemuWindow(
            String arch,
            String name,
            long base,
            Map<String, Integer> lines,
            GuestRam ram,
            Map<String, String> settings) {
        this.arch = arch;
        this.name = name;
        this.base = base;
        this.lines = Map.copyOf(lines);
        this.ram = ram;
        this.settings = Map.copyOf(settings);
    }

    /** To be called before anybody else uses the window. */
    void connect(Qtest connected) {
        qtest = connected;
    }

    /** An interrupt line was raised. */
    void raised(int line) {
        Runnable wake = wakes.get(line);
        if (wake != null) {
            wake.run();
        }
    }

    /** The unit is gone: wakes everybody, so that they see it. */
    void ended() {
        wakes.values().forEach(Runnable::run);
        others.values().forEach(Runnable::run);
    }

    @Override
    public String arch() {
        return arch;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public int read32(long offset) {
        return qtest.read32(base + offset);
    }

    @Override
    public long read64(long offset) {
        return qtest.read64(base + offset);
    }

    @Override
    public void write32(long offset, int value) {
        qtest.write32(base + offset, value);
    }

    @Override
    public void write64(long offset, long value) {
        qtest.write64(base + offset, value);
    }

    @Override
    public ByteBuffer memory(long physicalAddress, int lengthBytes) {
        return ram.memory(physicalAddress, lengthBytes);
    }

    @Override
    public long memoryFor(String purpose, int lengthBytes) {
        return ram.forDriver(purpose, lengthBytes);
    }

    @Override
    public boolean isGone() {
        return qtest.over() != null;
    }

    @Override
    public boolean onInterrupt(String which, Runnable wake) {
        Integer line = lines.get(which);
        if (line == null) {
            put(others, which, wake);
            return false;
        }
        put(wakes, line, wake);
        return true;
    }

    private static <K> void put(Map<K, Runnable> map, K key, Runnable wake) {
        if (wake == null) {
            map.remove(key);
        } else {
            map.put(key, wake);
        }
    }

    @Override
    public Map<String, String> settings() {
        return settings;
    }
}
