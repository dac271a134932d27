package io.faultline.smmuv3.internal;

import io.faultline.hardware.HardwareWindow;
import io.faultline.live.WindowRegisters;

/**
 * The registers that all queues of an SMMU share.
 *
 * <p>Source: Arm IHI 0070, 6.3.
 */
final class Registers extends WindowRegisters {
    static final long IDR0 = 0x0;
    static final long IDR1 = 0x4;
    static final long IDR5 = 0x14;
    static final long GERROR = 0x60;
    static final long GERRORN = 0x64;

    /** IRQ_CTRL: the interrupt for GERROR. */
    static final int GERROR_INTERRUPT = 1;

    private static final long CR0 = 0x20;
    private static final long IRQ_CTRL = 0x50;

    /** From a control register to the one that acknowledges it. */
    private static final long TO_ACK = 4;

    /** What IRQ_CTRL is but for what is held back: bits of it. */
    private int interruptControl;

    private int heldBack;

    /** Nobody has waited yet until the last change of IRQ_CTRL was complete. */
    private boolean settling;

    Registers(HardwareWindow window) {
        super(window);
    }

    long readBase(QueueLayout queue) {
        return read64(queue.base);
    }

    void writeBase(QueueLayout queue, long address, int log2Size) {
        write64(queue.base, address | log2Size);
    }

    boolean isEnabled(QueueLayout queue) {
        return (read32(CR0) & queue.enable) != 0;
    }

    /** Enables queues, by their bits in CR0. */
    void enable(int queues) {
        update(CR0, read32(CR0) | queues);
    }

    /** Disables queues: once acknowledged, the SMMU touches their memory no more. */
    void disable(int queues) {
        update(CR0, read32(CR0) & ~queues);
    }

    /** Enables interrupts, by their bits in IRQ_CTRL; says which of them were not enabled. */
    synchronized int enableInterrupts(int interrupts) {
        settle();
        int before = read32(IRQ_CTRL) | heldBack;
        interruptControl = before | interrupts;
        update(IRQ_CTRL, interruptControl & ~heldBack);
        return interrupts & ~before;
    }

    /** Disables interrupts; others are not held back any more. */
    synchronized void disableInterrupts(int interrupts) {
        settle();
        interruptControl = (read32(IRQ_CTRL) | heldBack) & ~interrupts;
        heldBack = 0;
        update(IRQ_CTRL, interruptControl);
    }

    /**
     * Holds interrupts back that are enabled, or lets them through again: what becomes visible
     * after that interrupts, what was before may not have.
     */
    synchronized void letThrough(int interrupts, boolean open) {
        settle();
        if (open) {
            heldBack &= ~interrupts;
            update(IRQ_CTRL, interruptControl & ~heldBack);
        } else {
            heldBack |= interrupts;
            settling = true; // one that still comes does no harm
            write32(IRQ_CTRL, interruptControl & ~heldBack);
        }
    }

    /** No change before the last one is complete (6.3.9, 6.3.16). */
    private void settle() {
        if (settling) {
            settling = false;
            awaitAcknowledgement(IRQ_CTRL + TO_ACK, -1, interruptControl & ~heldBack);
        }
    }

    /** A change is complete when the register that acknowledges it says so. */
    private void update(long control, int value) {
        write32(control, value);
        awaitAcknowledgement(control + TO_ACK, -1, value);
    }
}
