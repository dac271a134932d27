package io.faultline.vtd.internal;

import io.faultline.hardware.HardwareWindow;
import io.faultline.live.WindowRegisters;

/**
 * The registers of a live unit.
 *
 * <p>Source: Intel VT-d, "Register Descriptions".
 */
final class UnitRegisters extends WindowRegisters {
    static final long CAP = 0x8;
    static final long ECAP = 0x10;
    static final long FSTS = 0x34;
    static final long FECTL = 0x38;
    static final long IQH = 0x80;
    static final long IQT = 0x88;
    static final long IQA = 0x90;
    static final long PQH = 0xc0;
    static final long PQT = 0xc8;
    static final long PQA = 0xd0;
    static final long PRS = 0xdc;
    static final long PECTL = 0xe0;

    /** GCMD: queued invalidation. */
    static final int QUEUED_INVALIDATION = 1 << 26;

    private static final long GCMD = 0x18;
    private static final long GSTS = 0x1c;

    /** What of GSTS is written back with a command; the rest are commands that happen once. */
    private static final int LASTING = 0x96ff_ffff;

    UnitRegisters(HardwareWindow window) {
        super(window);
    }

    /** Turns something on or off that GCMD and GSTS have at the same bit; waits until it is so. */
    void turn(int bit, boolean on) {
        int lasting = read32(GSTS) & LASTING;
        write32(GCMD, on ? lasting | bit : lasting & ~bit);
        awaitAcknowledgement(GSTS, bit, on ? bit : 0);
    }
}
