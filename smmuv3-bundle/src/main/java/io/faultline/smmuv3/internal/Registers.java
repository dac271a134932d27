package io.faultline.smmuv3.internal;

import io.faultline.hardware.HardwareWindow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The registers that all queues of an SMMU share, and accesses that are safe at any time: an SMMU
 * that is gone reads as all ones and ignores writes, as hardware does behind a bus.
 *
 * <p>Source: Arm IHI 0070, 6.3.
 */
final class Registers {
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

    private static final int GONE = -1;
    private static final long ACKNOWLEDGE_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long LOOK_NANOS = 100_000;

    private final HardwareWindow window;

    Registers(HardwareWindow window) {
        this.window = window;
    }

    boolean isGone() {
        return window.isGone();
    }

    String unitName() {
        return window.name();
    }

    int read(long offset) {
        try {
            return window.read32(offset);
        } catch (IllegalStateException e) {
            if (window.isGone()) {
                return GONE;
            }
            throw e;
        }
    }

    long readBase(QueueLayout queue) {
        return window.read64(queue.base);
    }

    void write(long offset, int value) {
        try {
            window.write32(offset, value);
        } catch (IllegalStateException e) {
            if (!window.isGone()) {
                throw e;
            }
        }
    }

    void writeBase(QueueLayout queue, long address, int log2Size) {
        window.write64(queue.base, address | log2Size);
    }

    boolean isEnabled(QueueLayout queue) {
        return (read(CR0) & queue.enable) != 0;
    }

    /** Enables queues, by their bits in CR0. */
    void enable(int queues) {
        update(CR0, read(CR0) | queues);
    }

    /** Disables queues: once acknowledged, the SMMU touches their memory no more. */
    void disable(int queues) {
        update(CR0, read(CR0) & ~queues);
    }

    /** Enables interrupts, by their bits in IRQ_CTRL; says which of them were not enabled. */
    int enableInterrupts(int interrupts) {
        int before = read(IRQ_CTRL);
        update(IRQ_CTRL, before | interrupts);
        return interrupts & ~before;
    }

    void disableInterrupts(int interrupts) {
        update(IRQ_CTRL, read(IRQ_CTRL) & ~interrupts);
    }

    /** A change is complete when the register that acknowledges it says so. */
    private void update(long control, int value) {
        write(control, value);
        long since = System.nanoTime();
        while (read(control + TO_ACK) != value && !isGone()) {
            if (System.nanoTime() - since > ACKNOWLEDGE_NANOS) {
                throw new IllegalStateException(
                        "register 0x%x=0x%x does not acknowledge 0x%x within a second: it is stuck"
                                .formatted(control + TO_ACK, read(control + TO_ACK), value));
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }
}
