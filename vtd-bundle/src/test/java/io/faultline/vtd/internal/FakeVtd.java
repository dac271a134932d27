package io.faultline.vtd.internal;

import io.faultline.hardware.HardwareWindow;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** A unit as a window shows it, with two recording registers, and hardware's side of its queues. */
final class FakeVtd implements HardwareWindow {
    static final int PFO = 1;
    static final int PPF = 2;
    static final int IQE = 16;
    static final int PRO = 2;

    private static final long FRCD = 0x220;
    private static final int REGISTERS = 2;
    private static final long MEMORY = 0x10_0000;
    private static final int MEMORY_BYTES = 1 << 20;

    private final ByteBuffer registers = ByteBuffer.allocate(0x400).order(ByteOrder.LITTLE_ENDIAN);
    private final ByteBuffer memory =
            ByteBuffer.allocateDirect(MEMORY_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private final Map<String, Long> given = new HashMap<>();
    private final Map<String, String> settings = new HashMap<>();
    private final Map<String, Runnable> wakes = new HashMap<>();
    private final List<String> executed = new ArrayList<>();
    private long free = MEMORY;
    private int nextRegister;
    private boolean gone;

    FakeVtd() {
        registers.putLong((int) UnitRegisters.CAP, (FRCD >> 4) << 24 | (REGISTERS - 1L) << 40);
        settings.put(LiveUnit.PAGES_LOG2, "0");
    }

    FakeVtd withPageRequests() {
        registers.putLong((int) UnitRegisters.ECAP, 1L << 29);
        return this;
    }

    FakeVtd setting(String key, String value) {
        settings.put(key, value);
        return this;
    }

    void die() {
        gone = true;
        List.copyOf(wakes.values()).forEach(Runnable::run);
    }

    int status() {
        return registers.getInt((int) UnitRegisters.FSTS);
    }

    private void status(int value) {
        registers.putInt((int) UnitRegisters.FSTS, value);
    }

    /** Hardware records a write that was refused; false: it was lost. */
    boolean record(int source, long page) {
        int at = (int) FRCD + nextRegister * 16;
        if ((status() & PFO) != 0 || registers.getLong(at + 8) < 0) {
            status(status() | PFO);
            return false;
        }
        registers.putLong(at, page);
        registers.putLong(at + 8, 1L << 63 | 5L << 32 | source);
        nextRegister = (nextRegister + 1) % REGISTERS;
        updatePending();
        wake("frcd");
        return true;
    }

    /** PPF and FRI follow from the F bits. */
    private void updatePending() {
        int status = status() & ~(PPF | 0xff00);
        for (int i = 0; i < REGISTERS; i++) {
            int slot = (nextRegister + i) % REGISTERS;
            if (registers.getLong((int) FRCD + slot * 16 + 8) < 0) {
                status(status | PPF | slot << 8);
                return;
            }
        }
        status(status);
    }

    /** Hardware writes a page request; false: it was lost. */
    boolean request(long w0, long w1) {
        long base = registers.getLong((int) UnitRegisters.PQA);
        int bytes = 4096 << (base & 7);
        int tail = registers.getInt((int) UnitRegisters.PQT);
        int next = (tail + 32) % bytes;
        int prs = registers.getInt((int) UnitRegisters.PRS);
        if ((prs & PRO) != 0 || next == registers.getInt((int) UnitRegisters.PQH)) {
            registers.putInt((int) UnitRegisters.PRS, prs | PRO);
            return false;
        }
        int at = (int) ((base & -4096L) - MEMORY) + tail;
        memory.putLong(at, w0).putLong(at + 8, w1);
        registers.putLong((int) UnitRegisters.PQT, next);
        registers.putInt((int) UnitRegisters.PRS, prs | 1);
        wake("prq");
        return true;
    }

    /** Hardware takes descriptors until there are none left, or refuses one. */
    void execute() {
        long base = registers.getLong((int) UnitRegisters.IQA);
        int bytes = 4096 << (base & 7);
        int head = registers.getInt((int) UnitRegisters.IQH);
        while ((status() & IQE) == 0 && head != registers.getInt((int) UnitRegisters.IQT)) {
            byte[] descriptor = new byte[32];
            memory.get((int) ((base & -4096L) - MEMORY) + head, descriptor);
            int type = descriptor[0] & 0xf;
            if (type != 9 && type != 5) {
                status(status() | IQE);
            } else {
                executed.add(HexFormat.of().formatHex(descriptor));
                head = (head + 32) % bytes;
                registers.putLong((int) UnitRegisters.IQH, head);
            }
        }
    }

    List<String> executed() {
        return executed;
    }

    private void wake(String which) {
        Runnable wake = wakes.get(which);
        if (wake != null) {
            wake.run();
        }
    }

    @Override
    public String arch() {
        return "vtd";
    }

    @Override
    public String name() {
        return "fake0";
    }

    private void refuseIfGone() {
        if (gone) {
            throw new IllegalStateException("gone");
        }
    }

    @Override
    public int read32(long offset) {
        refuseIfGone();
        return registers.getInt((int) offset);
    }

    @Override
    public long read64(long offset) {
        refuseIfGone();
        return registers.getLong((int) offset);
    }

    @Override
    public void write32(long offset, int value) {
        refuseIfGone();
        int at = (int) offset;
        if (offset == UnitRegisters.FSTS || offset == UnitRegisters.PRS) {
            registers.putInt(at, registers.getInt(at) & ~((value & ~PPF) | (value & PRO)));
        } else if (offset >= FRCD) {
            registers.putInt(at, registers.getInt(at) & ~value);
            updatePending();
        } else {
            registers.putInt(at, value);
            if (offset == 0x18) { // GSTS follows GCMD
                registers.putInt(0x1c, value);
            }
        }
    }

    @Override
    public void write64(long offset, long value) {
        refuseIfGone();
        registers.putLong((int) offset, value);
    }

    @Override
    public ByteBuffer memory(long physicalAddress, int lengthBytes) {
        int from = Math.toIntExact(physicalAddress - MEMORY);
        Objects.checkFromIndexSize(from, lengthBytes, MEMORY_BYTES);
        return memory.slice(from, lengthBytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    @Override
    public long memoryFor(String purpose, int lengthBytes) {
        return given.computeIfAbsent(
                purpose,
                word -> {
                    long at = (free + lengthBytes - 1) / lengthBytes * lengthBytes;
                    free = at + lengthBytes;
                    return at;
                });
    }

    @Override
    public boolean isGone() {
        return gone;
    }

    @Override
    public boolean onInterrupt(String which, Runnable wake) {
        wakes.put(which, wake);
        return true;
    }

    @Override
    public Map<String, String> settings() {
        return Map.copyOf(settings);
    }
}
