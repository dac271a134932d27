package io.faultline.kernellog.internal;

/**
 * Tells the records that were in the kernel's buffer when the log was opened from those that came
 * later: Java cannot seek to the device's end, so they have to be read.
 *
 * <p>At the end a read waits. A read can take long for other reasons too, on a busy machine; such a
 * record is still old if its own time is. That time is of another clock than ours, one that is not
 * corrected, so they are compared with tolerance; and a read that waited really long was at the end
 * whatever the clocks say (a container can have a clock of its own).
 *
 * <p><b>Threads.</b> One.
 */
final class OldRecords {
    private static final long MILLI = 1_000_000;

    /** A read of the device takes a few microseconds. */
    private static final long SHORT_WAIT_NANOS = 5 * MILLI;

    private static final long LONG_WAIT_NANOS = 2000 * MILLI;

    /**
     * Crystals are off by up to 100 millionths; this allows for ten times as much, and a second.
     */
    private static final long DRIFT = 1000;

    private static final long TOLERANCE_NANOS = 1000 * MILLI;

    private final Cursor cursor = new Cursor();
    private final long openedNanos;
    private boolean passed;

    /**
     * @param openedNanos {@link System#nanoTime} then, which on Linux counts from boot
     */
    OldRecords(long openedNanos) {
        this.openedNanos = openedNanos;
    }

    /**
     * Whether a record was there before.
     *
     * @param waitedNanos how long it took to read it
     */
    boolean isOld(byte[] bytes, int length, long waitedNanos) {
        if (!passed) {
            passed =
                    waitedNanos >= LONG_WAIT_NANOS
                            || (waitedNanos >= SHORT_WAIT_NANOS && isRecent(bytes, length));
        }
        return !passed;
    }

    private boolean isRecent(byte[] bytes, int length) {
        cursor.on(bytes, 0, length);
        KmsgHead head = KmsgHead.read(cursor);
        long oldest = openedNanos - openedNanos / DRIFT - TOLERANCE_NANOS;
        return head == null || head.nanos() >= oldest;
    }
}
