package io.faultline.amdvi.internal;

import io.faultline.testkit.FakeWindow;
import java.nio.ByteBuffer;

/** A unit as a window shows it, and hardware's side of its logs and its command buffer. */
final class FakeAmd extends FakeWindow {
    private static final int CLEARED_BY_ONES = 1 | 1 << 1 | 1 << 5 | 1 << 6;
    private static final int MEMORY_BYTES = 1 << 20;
    private static final int BYTES = 16;

    FakeAmd() {
        super(AmdVi.ARCH, 0x3000, MEMORY_BYTES);
        set(LiveUnit.EVENT_LOG2, 8);
        set(LiveUnit.PPR_LOG2, 8);
        ByteBuffer memory = memory(MEMORY, MEMORY_BYTES);
        while (memory.hasRemaining()) {
            memory.putLong(0x2020_000d_0000_0400L); // an event, from somebody before us
        }
    }

    /** With page requests, and PASIDs of 20 bits. */
    FakeAmd withPageRequests() {
        setRegister64(UnitRegisters.FEATURES, 1 << 1 | 1 << 4 | 0x13L << 32);
        return this;
    }

    /** The event log is set up already, and there is no memory for another one. */
    FakeAmd setUpBySomebody() {
        keepMemory();
        setRegister64(LogLayout.EVENT.base, LogLayout.baseOf(MEMORY, 8));
        setRegister64(LogLayout.EVENT.head, 0x20);
        setRegister64(LogLayout.EVENT.tail, 0x20);
        write64(UnitRegisters.CONTROL, LogLayout.EVENT.enable);
        return this;
    }

    long register(long offset) {
        return register64(offset);
    }

    /** Hardware logs an entry; false: it was lost. */
    boolean log(LogLayout layout, long q0, long q1) {
        int slot = announce(layout);
        if (slot >= 0) {
            write(layout, slot, q0, q1);
        }
        return slot >= 0;
    }

    /**
     * Hardware moves the tail, and has not written the entry yet.
     *
     * @return its slot; -1 if it was lost
     */
    int announce(LogLayout layout) {
        long tail = register(layout.tail);
        long next = (tail + BYTES) % (BYTES << LogLayout.log2(register(layout.base)));
        if ((register(UnitRegisters.STATUS) & layout.running) == 0) {
            return -1;
        }
        if (next == register(layout.head)) {
            setStatus((register(UnitRegisters.STATUS) | layout.overflow) & ~layout.running);
            return -1;
        }
        setRegister64(layout.tail, next);
        setStatus(register(UnitRegisters.STATUS) | layout.interrupt);
        if ((register(UnitRegisters.CONTROL) & layout.enableInterrupt) != 0) {
            interrupt(layout.kind);
        }
        return (int) tail / BYTES;
    }

    void write(LogLayout layout, int slot, long q0, long q1) {
        entryAt(layout, slot).putLong(8, q1).putLong(0, q0);
    }

    /** The first quadword of an entry. */
    long entry(LogLayout layout, int slot) {
        return entryAt(layout, slot).getLong(0);
    }

    private ByteBuffer entryAt(LogLayout layout, int slot) {
        return memory(LogLayout.address(register(layout.base)) + (long) slot * BYTES, BYTES);
    }

    private void setStatus(long status) {
        setRegister64(UnitRegisters.STATUS, status);
    }

    /** Hardware takes all commands. */
    void execute() {
        long base = register(UnitRegisters.COMMAND_BASE);
        long head = register(UnitRegisters.COMMAND_HEAD);
        while (head != register(UnitRegisters.COMMAND_TAIL)) {
            addExecuted(fetch(LogLayout.address(base) + head, BYTES));
            head = (head + BYTES) % (BYTES << LogLayout.log2(base));
            setRegister64(UnitRegisters.COMMAND_HEAD, head);
        }
    }

    @Override
    protected void stored32(long offset, int value) {
        throw new UnsupportedOperationException("these registers have 64 bits");
    }

    @Override
    protected void stored64(long offset, long value) {
        if (offset == UnitRegisters.STATUS) {
            setStatus(register(offset) & ~(value & CLEARED_BY_ONES));
            return;
        }
        setRegister64(offset, value);
        if (offset == UnitRegisters.CONTROL) {
            for (LogLayout layout : LogLayout.values()) {
                long status = register(UnitRegisters.STATUS) & ~layout.running;
                boolean runs = (value & layout.enable) != 0 && (status & layout.overflow) == 0;
                setStatus(runs ? status | layout.running : status);
            }
        }
    }
}
