package io.faultline.vtd.internal;

import io.faultline.fault.Unit;
import io.faultline.handler.Ticker;
import io.faultline.hardware.CommandPort;
import io.faultline.hardware.HardwareUnit;
import io.faultline.hardware.HardwareWindow;
import io.faultline.hardware.RecordQueue;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A live unit behind a window: its fault recording registers and, if it takes page requests and the
 * window gives memory, its page request queue and its invalidation queue for the responses.
 *
 * <p>Root tables and translation are none of our business.
 *
 * <p>Source: Intel VT-d, "Capability Register", "Extended Capability Register".
 */
final class LiveUnit implements HardwareUnit {
    static final String POLL_MICROS = "poll.us";
    static final String PAGES_LOG2 = "prq.pages.log2";

    private static final long ECAP_PAGE_REQUESTS = 1L << 29;
    private static final int PAGE_BYTES = 4096;
    private static final int PAGES_LOG2_MAX = 7;
    private static final int PAGES_LOG2_PRESET = 4;
    private static final int COMMAND_PAGES_LOG2 = 2;
    private static final int DESCRIPTORS_OF_32 = 1 << 11;

    private final HardwareWindow window;
    private final UnitRegisters registers;
    private final Unit unit;
    private final List<RecordQueue> queues;
    private final InvalidationRing commands;
    private final boolean takesPageRequests;

    /**
     * Sets the unit up.
     *
     * @throws IllegalArgumentException if a setting is out of range
     * @throws IllegalStateException if the unit is stuck or gone
     */
    LiveUnit(HardwareWindow window, Ticker ticker, Consumer<String> log) {
        this.window = window;
        this.registers = new UnitRegisters(window);
        this.unit = new Unit(RecordingRegister.ARCH, window.name());
        long pollNanos = TimeUnit.MICROSECONDS.toNanos(setting(POLL_MICROS, 200, 1_000_000));
        int pagesLog2 = setting(PAGES_LOG2, PAGES_LOG2_PRESET, PAGES_LOG2_MAX);
        long ring = ringAddress();
        this.takesPageRequests = ring != HardwareWindow.NO_MEMORY;
        this.commands = takesPageRequests ? openCommands(ring, log) : noCommands(log);
        List<RecordQueue> all = new ArrayList<>();
        Wake faults = new Wake(window, RecordingRegister.QUEUE, ticker, pollNanos);
        all.add(new FaultRegisters(registers, commands, faults));
        unmask(UnitRegisters.FECTL, faults);
        if (takesPageRequests) {
            Wake requests = new Wake(window, PageRequestDescriptor.QUEUE, ticker, pollNanos);
            all.add(new PageRequestRing(registers, requests, openRequests(pagesLog2)));
            unmask(UnitRegisters.PECTL, requests);
        }
        this.queues = List.copyOf(all);
        if (registers.isGone()) {
            throw new IllegalStateException("the unit is gone");
        }
    }

    private int setting(String key, int preset, int most) {
        String value = window.settings().get(key);
        if (value == null) {
            return preset;
        }
        try {
            int number = Integer.parseInt(value);
            if (number >= 0 && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // refused like a number out of range
        }
        throw new IllegalArgumentException(
                key + "=" + value + " is out of range; allowed are 0 to " + most);
    }

    private long ringAddress() {
        boolean can = (registers.read64(UnitRegisters.ECAP) & ECAP_PAGE_REQUESTS) != 0;
        return can
                ? window.memoryFor("iq", PAGE_BYTES << COMMAND_PAGES_LOG2)
                : HardwareWindow.NO_MEMORY;
    }

    private InvalidationRing noCommands(Consumer<String> log) {
        return new InvalidationRing(registers, null, 0, log);
    }

    private InvalidationRing openCommands(long address, Consumer<String> log) {
        ByteBuffer memory = window.memory(address, PAGE_BYTES << COMMAND_PAGES_LOG2);
        registers.turn(UnitRegisters.QUEUED_INVALIDATION, false);
        registers.write64(UnitRegisters.IQT, 0);
        registers.write64(UnitRegisters.IQA, address | DESCRIPTORS_OF_32 | COMMAND_PAGES_LOG2);
        registers.turn(UnitRegisters.QUEUED_INVALIDATION, true);
        long status = window.memoryFor("iq-status", PAGE_BYTES);
        return new InvalidationRing(registers, memory, status, log);
    }

    private ByteBuffer openRequests(int pagesLog2) {
        int bytes = PAGE_BYTES << pagesLog2;
        long address = window.memoryFor(PageRequestDescriptor.QUEUE, bytes);
        registers.write64(UnitRegisters.PQH, 0);
        registers.write64(UnitRegisters.PQT, 0);
        registers.write64(UnitRegisters.PQA, address | pagesLog2);
        return window.memory(address, bytes);
    }

    private void unmask(long control, Wake wake) {
        if (wake.isInterrupted()) {
            registers.write32(control, 0);
        }
    }

    /** Lets go of the unit. To be called when nobody uses queues and port any more. */
    void close() {
        commands.close();
        window.onInterrupt(RecordingRegister.QUEUE, null);
        window.onInterrupt(PageRequestDescriptor.QUEUE, null);
        if (takesPageRequests && !registers.isGone()) {
            registers.turn(UnitRegisters.QUEUED_INVALIDATION, false);
        }
    }

    @Override
    public Unit unit() {
        return unit;
    }

    @Override
    public List<RecordQueue> queues() {
        return queues;
    }

    @Override
    public CommandPort port() {
        return commands;
    }

    @Override
    public boolean isGone() {
        return registers.isGone();
    }
}
