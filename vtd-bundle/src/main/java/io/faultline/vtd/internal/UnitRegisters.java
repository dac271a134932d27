package io.faultline.vtd.internal;

import io.faultline.hardware.HardwareWindow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The registers of a live unit. One that is gone reads as all ones and ignores writes, as hardware
 * does behind a bus.
 *
 * <p>Source: Intel VT-d, "Register Descriptions".
 */
final class UnitRegisters {
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

    private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long LOOK_NANOS = 100_000;

    private final HardwareWindow window;

    UnitRegisters(HardwareWindow window) {
        this.window = window;
    }

    boolean isGone() {
        return window.isGone();
    }

    String unitName() {
        return window.name();
    }

    int read32(long offset) {
        try {
            return window.read32(offset);
        } catch (IllegalStateException e) {
            if (window.isGone()) {
                return -1;
            }
            throw e;
        }
    }

    long read64(long offset) {
        try {
            return window.read64(offset);
        } catch (IllegalStateException e) {
            if (window.isGone()) {
                return -1;
            }
            throw e;
        }
    }

    void write32(long offset, int value) {
        try {
            window.write32(offset, value);
        } catch (IllegalStateException e) {
            if (!window.isGone()) {
                throw e;
            }
        }
    }

    void write64(long offset, long value) {
        try {
            window.write64(offset, value);
        } catch (IllegalStateException e) {
            if (!window.isGone()) {
                throw e;
            }
        }
    }

    /** Turns something on or off that GCMD and GSTS have at the same bit; waits until it is so. */
    void turn(int bit, boolean on) {
        int lasting = read32(GSTS) & LASTING;
        write32(GCMD, on ? lasting | bit : lasting & ~bit);
        long since = System.nanoTime();
        while (((read32(GSTS) & bit) != 0) != on && !isGone()) {
            if (System.nanoTime() - since > LIMIT_NANOS) {
                throw new IllegalStateException(
                        "GSTS=0x%x does not acknowledge bit 0x%x of GCMD within a second"
                                .formatted(read32(GSTS), bit));
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }
}
