package io.faultline.smmuv3.internal;

import io.faultline.hardware.HardwareWindow;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * An SMMUv3 as a window shows it: registers, memory, and hardware's side of its queues (Arm IHI
 * 0070, 3.5, 6.3, 7, 8). An aborted write and, as an emulated model does it, a full queue raise
 * GERROR.EVENTQ_ABT_ERR.
 */
final class FakeSmmu implements HardwareWindow {
    static final int OVFLG = 1 << 31;
    static final int EVENTQ_ABT_ERR = 1 << 2;
    static final int CMDQ_ERR = 1;
    static final int SFM_ERR = 1 << 8;
    static final long CR0 = 0x20;
    static final long IRQ_CTRL = 0x50;

    private static final long MEMORY = 0x4000_0000L;
    private static final int MEMORY_BYTES = 1 << 16;
    private static final int ILLEGAL = 0xff;
    private static final int CERROR_ILL = 1 << 24;

    private final Map<Long, Integer> registers = new HashMap<>();
    private final Map<String, Runnable> interrupts = new HashMap<>();
    private final Map<String, Long> given = new HashMap<>();
    private final Map<String, String> settings = new HashMap<>();
    private final List<String> executed = new ArrayList<>();
    private final ByteBuffer memory =
            ByteBuffer.allocateDirect(MEMORY_BYTES).order(ByteOrder.LITTLE_ENDIAN);

    private long free = MEMORY;
    private boolean gives = true;
    private boolean hasInterrupts = true;
    private boolean stuck;
    private boolean gone;
    private int reads;

    /** What a full queue does: an architected unit toggles OVFLG, a model raises GERROR. */
    private boolean overflowIsAbort;

    FakeSmmu(int eventLog2) {
        registers.put(Registers.IDR1, 19 << 21 | 19 << 16 | 19 << 11);
        setting(UnitSettings.EVENT_LOG2, eventLog2);
        setting(UnitSettings.COMMAND_LOG2, 2);
    }

    FakeSmmu setting(String key, Object value) {
        settings.put(key, value.toString());
        return this;
    }

    FakeSmmu overflowIsAbort() {
        overflowIsAbort = true;
        return this;
    }

    FakeSmmu withPri(int log2) {
        registers.put(Registers.IDR0, 1 << 16);
        return setting(UnitSettings.PRI_LOG2, log2);
    }

    FakeSmmu stalls(int most) {
        registers.put(Registers.IDR5, most << 16);
        return this;
    }

    FakeSmmu withoutInterrupts() {
        hasInterrupts = false;
        return this;
    }

    FakeSmmu withoutMemory() {
        gives = false;
        return this;
    }

    FakeSmmu stuck() {
        stuck = true;
        return this;
    }

    /** The emulator dies. */
    void die() {
        gone = true;
        List.copyOf(interrupts.values()).forEach(Runnable::run);
    }

    int reads() {
        return reads;
    }

    /** Sets a queue up as somebody before us would. */
    void setUp(QueueLayout queue, long address, int log2Size) {
        write64(queue.base, address | log2Size);
        registers.merge(CR0, queue.enable, (a, b) -> a | b);
    }

    /** Both indices, as after 2^n records have passed. */
    void indices(QueueLayout queue, int prod, int cons) {
        registers.put(queue.prod, prod);
        registers.put(queue.cons, cons);
    }

    int register(long offset) {
        return registers.getOrDefault(offset, 0);
    }

    private int log2Size(QueueLayout queue) {
        return QueueLayout.log2Size(register(queue.base));
    }

    private int slot(QueueLayout queue, int index) {
        long address = Integer.toUnsignedLong(register(queue.base)) & ~0x1fL;
        int slot = index & (1 << log2Size(queue)) - 1;
        return (int) (address - MEMORY) + slot * queue.entryBytes;
    }

    /** Hardware records an event whose first word is {@code w0}; false: it was discarded. */
    boolean produce(long w0) {
        return produce(QueueLayout.EVENT, w0);
    }

    /** A PRI queue in overflow takes nothing until that is acknowledged (8.1). */
    boolean produce(QueueLayout queue, long... words) {
        int prod = register(queue.prod);
        int cons = register(queue.cons);
        int counterMask = (2 << log2Size(queue)) - 1;
        int waiting = prod - cons & counterMask;
        boolean overflow = ((prod ^ cons) & OVFLG) != 0;
        if (queue == QueueLayout.PRI && overflow) {
            return false;
        }
        if (waiting == 1 << log2Size(queue)) {
            overflow(queue, prod, overflow);
            return false;
        }
        for (int i = 0; i < words.length; i++) {
            memory.putLong(slot(queue, prod) + i * Long.BYTES, words[i]);
        }
        registers.put(queue.prod, (prod & OVFLG) | ((prod + 1) & counterMask));
        if (waiting == 0) {
            interrupt(queue.kind);
        }
        return true;
    }

    /** A second loss before the first is acknowledged cannot be seen. */
    private void overflow(QueueLayout queue, int prod, boolean overflow) {
        if (overflowIsAbort) {
            error(queue.error);
        } else if (!overflow) {
            registers.put(queue.prod, prod ^ OVFLG);
        }
    }

    /** Hardware toggles an error, and only if it is not active. */
    void error(int bit) {
        if (((register(Registers.GERROR) ^ register(Registers.GERRORN)) & bit) == 0) {
            registers.put(Registers.GERROR, register(Registers.GERROR) ^ bit);
            interrupt("gerror");
        }
    }

    /** Hardware executes commands until there are none left, or one is illegal. */
    void execute() {
        QueueLayout queue = QueueLayout.COMMAND;
        int counterMask = (2 << log2Size(queue)) - 1;
        boolean stopped =
                ((register(Registers.GERROR) ^ register(Registers.GERRORN)) & CMDQ_ERR) != 0;
        while (!stopped && register(queue.cons) != register(queue.prod)) {
            int cons = register(queue.cons) & counterMask;
            byte[] command = new byte[queue.entryBytes];
            memory.get(slot(queue, cons), command);
            if ((command[0] & 0xff) == ILLEGAL) {
                registers.put(queue.cons, cons | CERROR_ILL);
                error(CMDQ_ERR);
                return;
            }
            executed.add(HexFormat.of().formatHex(command));
            registers.put(queue.cons, cons + 1 & counterMask);
        }
    }

    /** The commands that were executed, in hex. */
    List<String> executed() {
        return executed;
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
        if (gone) {
            throw new IllegalStateException("gone");
        }
        reads++;
        return register(offset);
    }

    @Override
    public long read64(long offset) {
        return Integer.toUnsignedLong(read32(offset)) | (long) read32(offset + 4) << 32;
    }

    @Override
    public void write32(long offset, int value) {
        if (gone) {
            throw new IllegalStateException("gone");
        }
        registers.put(offset, value);
        if ((offset == CR0 || offset == IRQ_CTRL) && !stuck) {
            registers.put(offset + 4, value);
        }
        if (offset == Registers.GERRORN) {
            execute();
        }
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
    public long memoryFor(String purpose, int lengthBytes) {
        if (!gives) {
            return NO_MEMORY;
        }
        Long before = given.get(purpose);
        if (before == null) {
            before = (free + lengthBytes - 1) / lengthBytes * lengthBytes;
            free = before + Math.max(lengthBytes, 32);
            given.put(purpose, before);
        }
        return before;
    }

    @Override
    public boolean isGone() {
        return gone;
    }

    @Override
    public boolean onInterrupt(String which, Runnable wake) {
        interrupts.put(which, wake);
        return hasInterrupts;
    }

    @Override
    public Map<String, String> settings() {
        return Map.copyOf(settings);
    }
}
