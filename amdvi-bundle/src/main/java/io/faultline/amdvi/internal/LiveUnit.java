package io.faultline.amdvi.internal;

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

/**
 * A live unit behind a window: its event log and, if it takes page requests and the window gives
 * memory, its PPR log and its command buffer for the completions.
 *
 * <p>Where the window gives no memory the event log is taken as somebody has set it up. Device
 * tables and translation are none of our business.
 *
 * <p>Source: AMD IOMMU specification (48882), "IOMMU MMIO Registers", "Extended Feature Register".
 */
final class LiveUnit implements DrivenUnit {
    static final String EVENT_LOG2 = "event.log2size";
    static final String PPR_LOG2 = "ppr.log2size";

    /** Linux' choice for both. */
    private static final int LOG2_PRESET = 9;

    private static final String COMMANDS = "commands";
    private static final int COMMAND_LOG2 = 8;

    /** Extended features: page requests, PASIDs, and one less than their width. */
    private static final long PAGE_REQUESTS = 1 << 1;

    private static final long GUEST_TRANSLATION = 1 << 4;
    private static final int PASID_MAX_SHIFT = 32;
    private static final int PASID_MAX_MASK = 0x1f;

    private final HardwareWindow window;
    private final UnitRegisters registers;
    private final Ticker ticker;
    private final Unit unit;
    private final long pollNanos;
    private final int pasidBits;
    private final List<RecordQueue> queues = new ArrayList<>();
    private final CommandRing commands;

    /** What was enabled here, and is disabled again: bits of the control register. */
    private long enabled;

    /**
     * Sets the unit up; if that fails, what was begun is undone.
     *
     * @throws IllegalArgumentException if a setting is out of range
     * @throws IllegalStateException if the unit is gone, or has no event log that can be taken
     */
    LiveUnit(HardwareWindow window, Ticker ticker) {
        this.window = window;
        this.registers = new UnitRegisters(window);
        this.ticker = ticker;
        this.unit = new Unit(AmdVi.ARCH, window.name());
        WindowSettings settings = new WindowSettings(window.settings());
        this.pollNanos = settings.pollNanos();
        int eventLog2 = log2(settings, EVENT_LOG2);
        int pprLog2 = log2(settings, PPR_LOG2);
        long features = registers.read64(UnitRegisters.FEATURES);
        this.pasidBits = pasidBits(features);
        long buffer =
                (features & PAGE_REQUESTS) == 0
                        ? HardwareWindow.NO_MEMORY
                        : window.memoryFor(COMMANDS, AmdVi.ENTRY_BYTES << COMMAND_LOG2);
        boolean answers = buffer != HardwareWindow.NO_MEMORY;
        this.commands = new CommandRing(registers, answers ? openCommands(buffer) : null);
        try {
            openLog(LogLayout.EVENT, eventLog2);
            if (answers) {
                openLog(LogLayout.PPR, pprLog2);
                enabled |= registers.enable(UnitRegisters.PAGE_REQUESTS);
            }
            if (registers.isGone()) {
                throw new IllegalStateException("the unit is gone");
            }
        } catch (RuntimeException e) {
            undo();
            throw e;
        }
    }

    private static int log2(WindowSettings settings, String key) {
        return settings.number(key, LOG2_PRESET, LogLayout.LOG2_MIN, LogLayout.LOG2_MAX);
    }

    private static int pasidBits(long features) {
        int width = (int) (features >>> PASID_MAX_SHIFT & PASID_MAX_MASK) + 1;
        return (features & GUEST_TRANSLATION) == 0 ? 0 : Math.min(PCIE_PASID_BITS, width);
    }

    private ByteBuffer openCommands(long address) {
        registers.disable(UnitRegisters.COMMANDS);
        registers.write64(UnitRegisters.COMMAND_BASE, LogLayout.baseOf(address, COMMAND_LOG2));
        registers.write64(UnitRegisters.COMMAND_HEAD, 0);
        registers.write64(UnitRegisters.COMMAND_TAIL, 0);
        enabled |= registers.enable(UnitRegisters.COMMANDS);
        return window.memory(address, AmdVi.ENTRY_BYTES << COMMAND_LOG2);
    }

    private void openLog(LogLayout layout, int log2) {
        int bytes = AmdVi.ENTRY_BYTES << log2;
        long address = window.memoryFor(layout.kind, bytes);
        Attention attention = Attention.to(window, layout.kind, ticker, pollNanos);
        if (address == HardwareWindow.NO_MEMORY) {
            long head = registers.read64(layout.head);
            queues.add(new LogRing(layout, registers, attention, taken(layout), head));
        } else {
            registers.disable(layout.enable | layout.enableInterrupt);
            ByteBuffer memory = window.memory(address, bytes);
            for (int at = 0; at < bytes; at += Long.BYTES) {
                memory.putLong(at, 0); // an earlier driver's entries are not to be taken for new
            }
            registers.write64(layout.base, LogLayout.baseOf(address, log2));
            registers.write64(layout.head, 0);
            registers.write64(layout.tail, 0);
            registers.write64(UnitRegisters.STATUS, layout.overflow | layout.interrupt);
            queues.add(new LogRing(layout, registers, attention, memory, 0));
            enabled |= registers.enable(layout.enable);
        }
        if (attention.isInterrupted()) {
            enabled |= registers.enable(layout.enableInterrupt);
        }
    }

    /** The memory of a log that somebody else has set up. */
    private ByteBuffer taken(LogLayout layout) {
        if ((registers.read64(UnitRegisters.CONTROL) & layout.enable) == 0) {
            throw new IllegalStateException(
                    "the %s log is not enabled, and the window has no memory in which it could be set up"
                            .formatted(layout.kind));
        }
        long base = registers.read64(layout.base);
        int log2 = LogLayout.log2(base);
        if (log2 < LogLayout.LOG2_MIN) {
            throw new IllegalStateException(
                    "%s log: length %d in its base register 0x%x; allowed are %d to %d"
                            .formatted(
                                    layout.kind,
                                    log2,
                                    base,
                                    LogLayout.LOG2_MIN,
                                    LogLayout.LOG2_MAX));
        }
        return window.memory(LogLayout.address(base), AmdVi.ENTRY_BYTES << log2);
    }

    @Override
    public void close() {
        commands.close();
        undo();
    }

    private void undo() {
        for (LogLayout layout : LogLayout.values()) {
            window.onInterrupt(layout.kind, null);
        }
        if (!registers.isGone()) {
            registers.disable(enabled);
        }
    }

    @Override
    public Unit unit() {
        return unit;
    }

    @Override
    public List<RecordQueue> queues() {
        return List.copyOf(queues);
    }

    @Override
    public CommandPort port() {
        return commands;
    }

    @Override
    public boolean isGone() {
        return registers.isGone();
    }

    @Override
    public int pasidBits() {
        return pasidBits;
    }
}
