package io.faultline.live;

import io.faultline.hardware.HardwareWindow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The registers behind a window, with accesses that are safe at any time: a unit that is gone reads
 * as all ones and ignores writes, as hardware does behind a bus. A subclass has the architecture's
 * names for them.
 *
 * <p><b>Threads.</b> Safe for any number of threads at once.
 */
public class WindowRegisters {
    private static final int GONE = -1;
    private static final long ACKNOWLEDGE_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long LOOK_NANOS = 100_000;

    private final HardwareWindow window;

    /**
     * The registers of a unit.
     *
     * @param window onto it
     */
    public WindowRegisters(HardwareWindow window) {
        this.window = window;
    }

    /**
     * Whether the unit is not there any more.
     *
     * @return {@link HardwareWindow#isGone()}
     */
    public final boolean isGone() {
        return window.isGone();
    }

    /**
     * The unit's name, for messages.
     *
     * @return {@link HardwareWindow#name()}
     */
    public final String unitName() {
        return window.name();
    }

    /**
     * Reads a 32-bit register.
     *
     * @param offset byte offset from the unit's base, a multiple of 4
     * @return its value, or -1 if the unit is gone
     */
    public final int read32(long offset) {
        try {
            return window.read32(offset);
        } catch (IllegalStateException e) {
            refuseUnlessGone(e);
            return GONE;
        }
    }

    /**
     * Reads a 64-bit register.
     *
     * @param offset byte offset from the unit's base, a multiple of 8
     * @return its value, or -1 if the unit is gone
     */
    public final long read64(long offset) {
        try {
            return window.read64(offset);
        } catch (IllegalStateException e) {
            refuseUnlessGone(e);
            return GONE;
        }
    }

    /**
     * Writes a 32-bit register.
     *
     * @param offset byte offset from the unit's base, a multiple of 4
     * @param value the value
     */
    public final void write32(long offset, int value) {
        try {
            window.write32(offset, value);
        } catch (IllegalStateException e) {
            refuseUnlessGone(e);
        }
    }

    /**
     * Writes a 64-bit register.
     *
     * @param offset byte offset from the unit's base, a multiple of 8
     * @param value the value
     */
    public final void write64(long offset, long value) {
        try {
            window.write64(offset, value);
        } catch (IllegalStateException e) {
            refuseUnlessGone(e);
        }
    }

    /** An access that fails for another reason is a defect of the window. */
    private void refuseUnlessGone(IllegalStateException e) {
        if (!window.isGone()) {
            throw e;
        }
    }

    /**
     * Waits until a register acknowledges what another one was told, or the unit is gone.
     *
     * @param offset of the 32-bit register that acknowledges
     * @param bits which of its bits do
     * @param value what these become
     * @throws IllegalStateException if that takes more than a second
     */
    protected final void awaitAcknowledgement(long offset, int bits, int value) {
        long since = System.nanoTime();
        while ((read32(offset) & bits) != value && !isGone()) {
            if (System.nanoTime() - since > ACKNOWLEDGE_NANOS) {
                throw new IllegalStateException(
                        "register 0x%x=0x%x does not acknowledge 0x%x (of 0x%x) within a second: it is stuck"
                                .formatted(offset, read32(offset), value, bits));
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }
}
