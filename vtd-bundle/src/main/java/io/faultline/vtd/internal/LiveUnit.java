package io.faultline.vtd.internal;

import io.faultline.fault.Unit;
import io.faultline.handler.Ticker;
import io.faultline.hardware.CommandPort;
import io.faultline.hardware.HardwareWindow;
import io.faultline.hardware.RecordQueue;
import io.faultline.live.Attention;
import io.faultline.live.DrivenUnit;
import io.faultline.live.WindowSettings;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * A live unit behind a window: its fault recording registers and, if it takes page requests and the
 * window gives memory, its page request queue and its invalidation queue for the responses.
 *
 * <p>Root tables and translation are none of our business.
 *
 * <p>Source: Intel VT-d, "Capability Register", "Extended Capability Register".
 */
final class LiveUnit implements DrivenUnit {
    static final String PAGES_LOG2 = "prq.pages.log2";

    private static final long ECAP_PAGE_REQUESTS = 1L << 29;
    private static final long ECAP_PASID = 1L << 40;
    private static final long ECAP_FIRST_STAGE = 1L << 47;

    /** Second-stage pages of 2 MB and 1 GB. */
    private static final long CAP_SECOND_STAGE_2M = 1L << 34;

    private static final long CAP_SECOND_STAGE_1G = 1L << 35;

    /** First-stage pages of 1 GB; those of 2 MB are always there. */
    private static final long CAP_FIRST_STAGE_1G = 1L << 56;

    private static final long PAGE_2M = 1L << 21;
    private static final long PAGE_1G = 1L << 30;

    /** One less than the width of PASIDs; 20 bits at most. */
    private static final int ECAP_PSS_SHIFT = 35;

    private static final int ECAP_PSS_MASK = 0x1f;
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
    private final int pasidBits;
    private final long pageSizes;

    /**
     * Sets the unit up; if that fails, what was begun is undone.
     *
     * @throws IllegalArgumentException if a setting is out of range
     * @throws IllegalStateException if the unit is stuck or gone
     */
    LiveUnit(HardwareWindow window, Ticker ticker, Consumer<String> log) {
        this.window = window;
        this.registers = new UnitRegisters(window);
        this.unit = new Unit(RecordingRegister.ARCH, window.name());
        WindowSettings settings = new WindowSettings(window.settings());
        long pollNanos = settings.pollNanos();
        int pagesLog2 = settings.number(PAGES_LOG2, PAGES_LOG2_PRESET, 0, PAGES_LOG2_MAX);
        long ecap = registers.read64(UnitRegisters.ECAP);
        this.pasidBits = pasidBits(ecap);
        this.pageSizes = pageSizes(registers.read64(UnitRegisters.CAP), ecap);
        long ring = ringAddress(ecap);
        this.takesPageRequests = ring != HardwareWindow.NO_MEMORY;
        try {
            this.commands = takesPageRequests ? openCommands(ring, log) : noCommands(log);
            List<RecordQueue> all = new ArrayList<>();
            Attention faults = Attention.to(window, RecordingRegister.QUEUE, ticker, pollNanos);
            all.add(new FaultRegisters(registers, commands, faults));
            unmask(UnitRegisters.FECTL, faults);
            if (takesPageRequests) {
                Attention requests =
                        Attention.to(window, PageRequestDescriptor.QUEUE, ticker, pollNanos);
                all.add(new PageRequestRing(registers, requests, openRequests(pagesLog2)));
                unmask(UnitRegisters.PECTL, requests);
            }
            this.queues = List.copyOf(all);
            if (registers.isGone()) {
                throw new IllegalStateException("the unit is gone");
            }
        } catch (RuntimeException e) {
            undo();
            throw e;
        }
    }

    private static int pasidBits(long ecap) {
        int width = (int) (ecap >>> ECAP_PSS_SHIFT & ECAP_PSS_MASK) + 1;
        return (ecap & ECAP_PASID) == 0 ? 0 : Math.min(PCIE_PASID_BITS, width);
    }

    /** Of the first stage, whose tables a guest may own; of the second where there is no first. */
    private static long pageSizes(long cap, long ecap) {
        boolean first = (ecap & ECAP_FIRST_STAGE) != 0;
        long large = first || (cap & CAP_SECOND_STAGE_2M) != 0 ? PAGE_2M : 0;
        large |= (cap & (first ? CAP_FIRST_STAGE_1G : CAP_SECOND_STAGE_1G)) != 0 ? PAGE_1G : 0;
        return PAGE_BYTES | large;
    }

    private long ringAddress(long ecap) {
        return (ecap & ECAP_PAGE_REQUESTS) != 0
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

    private void unmask(long control, Attention attention) {
        if (attention.isInterrupted()) {
            registers.write32(control, 0);
        }
    }

    @Override
    public void close() {
        commands.close();
        undo();
    }

    private void undo() {
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
    public int pasidBits() {
        return pasidBits;
    }

    @Override
    public long pageSizes() {
        return pageSizes;
    }

    @Override
    public boolean isGone() {
        return registers.isGone();
    }
}
