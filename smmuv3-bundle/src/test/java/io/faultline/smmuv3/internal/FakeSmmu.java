package io.faultline.smmuv3.internal;

import io.faultline.testkit.FakeWindow;
import java.nio.ByteBuffer;

/**
 * An SMMUv3 as a window shows it: registers, memory, and hardware's side of its queues (Arm IHI
 * 0070, 3.5, 6.3, 7, 8). An aborted write and, as an emulated model does it, a full queue raise
 * GERROR.EVENTQ_ABT_ERR.
 */
final class FakeSmmu extends FakeWindow {
    static final int OVFLG = 1 << 31;
    static final int EVENTQ_ABT_ERR = 1 << 2;
    static final int CMDQ_ERR = 1;
    static final int SFM_ERR = 1 << 8;
    static final long CR0 = 0x20;
    static final long IRQ_CTRL = 0x50;

    private static final int REGISTER_BYTES = 0x1_0100;
    private static final int ILLEGAL = 0xff;
    private static final int CERROR_ILL = 1 << 24;

    private boolean stuck;

    /** What a full queue does: an architected unit toggles OVFLG, a model raises GERROR. */
    private boolean overflowIsAbort;

    FakeSmmu(int eventLog2) {
        super(Smmu.ARCH, REGISTER_BYTES, 1 << 16);
        setRegister32(Registers.IDR1, 19 << 21 | 19 << 16 | 19 << 11);
        setting(UnitSettings.EVENT_LOG2, eventLog2);
        setting(UnitSettings.COMMAND_LOG2, 2);
    }

    FakeSmmu setting(String key, Object value) {
        set(key, value);
        return this;
    }

    FakeSmmu overflowIsAbort() {
        overflowIsAbort = true;
        return this;
    }

    FakeSmmu withPri(int log2) {
        setRegister32(Registers.IDR0, 1 << 16);
        return setting(UnitSettings.PRI_LOG2, log2);
    }

    FakeSmmu stalls(int most) {
        setRegister32(Registers.IDR5, most << 16);
        return this;
    }

    /** IDR1.SSIDSIZE, and IDR5.GRAN4K and GRAN64K. */
    FakeSmmu pasids(int bits) {
        setRegister32(Registers.IDR1, register(Registers.IDR1) | bits << 6);
        setRegister32(Registers.IDR5, 1 << 4 | 1 << 6);
        return this;
    }

    FakeSmmu withoutInterrupts() {
        keepInterrupts();
        return this;
    }

    FakeSmmu withoutMemory() {
        keepMemory();
        return this;
    }

    FakeSmmu stuck() {
        stuck = true;
        return this;
    }

    /** Sets a queue up as somebody before us would. */
    void setUp(QueueLayout queue, long address, int log2Size) {
        write64(queue.base, address | log2Size);
        setRegister32(CR0, register(CR0) | queue.enable);
    }

    /** Both indices, as after 2^n records have passed. */
    void indices(QueueLayout queue, int prod, int cons) {
        setRegister32(queue.prod, prod);
        setRegister32(queue.cons, cons);
    }

    int register(long offset) {
        return register32(offset);
    }

    private int log2Size(QueueLayout queue) {
        return QueueLayout.log2Size(register(queue.base));
    }

    private long slot(QueueLayout queue, int index) {
        int slot = index & (1 << log2Size(queue)) - 1;
        return QueueLayout.address(register64(queue.base)) + (long) slot * queue.entryBytes;
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
        ByteBuffer record = memory(slot(queue, prod), queue.entryBytes);
        for (long word : words) {
            record.putLong(word);
        }
        setRegister32(queue.prod, (prod & OVFLG) | ((prod + 1) & counterMask));
        if (waiting == 0 && (register(IRQ_CTRL) & queue.interrupt) != 0) {
            interrupt(queue.kind);
        }
        return true;
    }

    /** A second loss before the first is acknowledged cannot be seen. */
    private void overflow(QueueLayout queue, int prod, boolean overflow) {
        if (overflowIsAbort) {
            error(queue.error);
        } else if (!overflow) {
            setRegister32(queue.prod, prod ^ OVFLG);
        }
    }

    /** Hardware toggles an error, and only if it is not active. */
    void error(int bit) {
        if (((register(Registers.GERROR) ^ register(Registers.GERRORN)) & bit) == 0) {
            setRegister32(Registers.GERROR, register(Registers.GERROR) ^ bit);
            if ((register(IRQ_CTRL) & Registers.GERROR_INTERRUPT) != 0) {
                interrupt("gerror");
            }
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
            byte[] command = fetch(slot(queue, cons), queue.entryBytes);
            if ((command[0] & 0xff) == ILLEGAL) {
                setRegister32(queue.cons, cons | CERROR_ILL);
                error(CMDQ_ERR);
                return;
            }
            addExecuted(command);
            setRegister32(queue.cons, cons + 1 & counterMask);
        }
    }

    @Override
    protected void stored32(long offset, int value) {
        setRegister32(offset, value);
        if ((offset == CR0 || offset == IRQ_CTRL) && !stuck) {
            setRegister32(offset + 4, value);
        }
        if (offset == Registers.GERRORN) {
            execute();
        }
    }
}
