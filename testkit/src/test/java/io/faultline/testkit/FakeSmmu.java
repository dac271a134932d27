package io.faultline.testkit;

import io.faultline.hardware.HardwareWindow;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * The event queue half of an SMMUv3: registers, memory, and hardware's side of the queue (Arm IHI
 * 0070, 3.5, 6.3, 7.4). An aborted write and, as an emulated model does it, a full queue raise
 * GERROR.EVENTQ_ABT_ERR.
 */
final class FakeSmmu implements HardwareWindow {
    static final long GERROR = 0x60;
    static final long GERRORN = 0x64;
    static final long EVENTQ_BASE = 0xa0;
    static final long EVENTQ_PROD = 0x100a8;
    static final long EVENTQ_CONS = 0x100ac;
    static final int EVENTQ_ABT_ERR = 1 << 2;
    static final int OVFLG = 1 << 31;
    static final int RECORD_BYTES = 32;

    private static final long MEMORY = 0x4000_0000L;

    private final Map<Long, Integer> registers = new HashMap<>();
    private final Map<String, Runnable> interrupts = new HashMap<>();
    private final ByteBuffer memory;
    private final int log2Size;

    /** What a full queue does: an architected unit toggles OVFLG, a model raises GERROR. */
    private boolean overflowIsAbort;

    FakeSmmu(int log2Size) {
        this.log2Size = log2Size;
        this.memory = ByteBuffer.allocateDirect(RECORD_BYTES << log2Size);
        memory.order(ByteOrder.LITTLE_ENDIAN);
        write64(EVENTQ_BASE, MEMORY | log2Size);
    }

    FakeSmmu overflowIsAbort() {
        overflowIsAbort = true;
        return this;
    }

    /** Both indices, as after 2^n records have passed. */
    void indices(int prod, int cons) {
        write32(EVENTQ_PROD, prod);
        write32(EVENTQ_CONS, cons);
    }

    /** Hardware records an event whose first word is {@code w0}; false: it was discarded. */
    boolean produce(long w0) {
        int prod = read32(EVENTQ_PROD);
        int cons = read32(EVENTQ_CONS);
        int waiting = (prod - cons) & counterMask();
        if (waiting == 1 << log2Size) {
            overflow(prod, cons);
            return false;
        }
        int slot = prod & ((1 << log2Size) - 1);
        memory.putLong(slot * RECORD_BYTES, w0);
        write32(EVENTQ_PROD, (prod & OVFLG) | ((prod + 1) & counterMask()));
        if (waiting == 0) {
            interrupt("evtq");
        }
        return true;
    }

    /** A second loss before the first is acknowledged cannot be seen. */
    private void overflow(int prod, int cons) {
        if (overflowIsAbort) {
            abort();
        } else if (((prod ^ cons) & OVFLG) == 0) {
            write32(EVENTQ_PROD, prod ^ OVFLG);
        }
    }

    /** A write of a record aborted. Hardware toggles, and only if nothing is pending. */
    void abort() {
        if (((read32(GERROR) ^ read32(GERRORN)) & EVENTQ_ABT_ERR) == 0) {
            write32(GERROR, read32(GERROR) ^ EVENTQ_ABT_ERR);
            interrupt("gerror");
        }
    }

    /** Index and wrap bit; with LOG2SIZE 0 only the wrap bit. */
    private int counterMask() {
        return (2 << log2Size) - 1;
    }

    private void interrupt(String which) {
        Runnable wake = interrupts.get(which);
        if (wake != null) {
            wake.run();
        }
    }

    @Override
    public String arch() {
        return "smmuv3";
    }

    @Override
    public String name() {
        return "fake0";
    }

    @Override
    public int read32(long offset) {
        return registers.getOrDefault(offset, 0);
    }

    @Override
    public long read64(long offset) {
        return Integer.toUnsignedLong(read32(offset)) | (long) read32(offset + 4) << 32;
    }

    @Override
    public void write32(long offset, int value) {
        registers.put(offset, value);
    }

    @Override
    public void write64(long offset, long value) {
        write32(offset, (int) value);
        write32(offset + 4, (int) (value >>> 32));
    }

    @Override
    public ByteBuffer memory(long physicalAddress, int lengthBytes) {
        int from = Math.toIntExact(physicalAddress - MEMORY);
        Objects.checkFromIndexSize(from, lengthBytes, memory.capacity());
        return memory.slice(from, lengthBytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    @Override
    public boolean onInterrupt(String which, Runnable wake) {
        interrupts.put(which, wake);
        return true;
    }
}
