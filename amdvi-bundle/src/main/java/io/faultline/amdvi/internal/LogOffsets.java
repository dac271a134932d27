package io.faultline.amdvi.internal;

import io.faultline.hardware.QueueState;

/**
 * What tail and head of a log say together: byte offsets in bits 18:4, without a wrap bit. Hardware
 * never lets the tail reach the head, so one entry is always unused. Whether entries were lost is
 * not in them but in the status register.
 *
 * <p>Source: AMD IOMMU specification (48882), "Event Log Registers" and "PPR Log Registers": a log
 * has 2^8 to 2^15 entries.
 */
final class LogOffsets {
    private static final int SLOTS_MAX = 1 << 15;

    private LogOffsets() {}

    /**
     * The state of a log.
     *
     * @param tail the tail register
     * @param head the head register
     * @param slots entries that the log holds; fewer than 256 of them are a part of a log that
     *     somebody saved, and taken too
     * @throws IllegalArgumentException if no log has that many entries
     */
    static QueueState state(long tail, long head, int slots) {
        if (slots < 2 || slots > SLOTS_MAX || Integer.bitCount(slots) != 1) {
            throw new IllegalArgumentException(
                    "slots=" + slots + "; allowed are powers of two from 2 to " + SLOTS_MAX);
        }
        if (!isOffset(tail, slots) || !isOffset(head, slots)) {
            return QueueState.INCONSISTENT;
        }
        int first = (int) head / AmdVi.ENTRY_BYTES;
        int count = (int) tail / AmdVi.ENTRY_BYTES - first & slots - 1;
        return new QueueState(count, first, count == slots - 1, false, false, tail);
    }

    private static boolean isOffset(long register, int slots) {
        return register >= 0
                && register < (long) slots * AmdVi.ENTRY_BYTES
                && register % AmdVi.ENTRY_BYTES == 0;
    }
}
