package io.faultline.amdvi.internal;

import io.faultline.hardware.HardwareWindow;
import io.faultline.live.WindowRegisters;

/**
 * The registers of a live unit. The control register is changed by one thread at a time.
 *
 * <p>Source: AMD IOMMU specification (48882), "IOMMU MMIO Registers".
 */
final class UnitRegisters extends WindowRegisters {
    static final long COMMAND_BASE = 0x8;
    static final long CONTROL = 0x18;
    static final long FEATURES = 0x30;
    static final long COMMAND_HEAD = 0x2000;
    static final long COMMAND_TAIL = 0x2008;
    static final long STATUS = 0x2020;

    /** CONTROL: the command buffer; page requests, beside their log. */
    static final long COMMANDS = 1 << 12;

    static final long PAGE_REQUESTS = 1 << 15;

    UnitRegisters(HardwareWindow window) {
        super(window);
    }

    /** Sets bits of the control register; says which of them were not set. */
    synchronized long enable(long bits) {
        long before = read64(CONTROL);
        write64(CONTROL, before | bits);
        return bits & ~before;
    }

    /** Clears bits of the control register. */
    synchronized void disable(long bits) {
        write64(CONTROL, read64(CONTROL) & ~bits);
    }
}
