package io.faultline.vtd.internal;

import io.faultline.hardware.QueueState;

/**
 * What PQT and PQH say together: byte offsets into the queue, without a wrap bit. Hardware never
 * lets the tail reach the head, so one slot is always unused. Whether requests were lost is not in
 * them but in PRS.PRO.
 *
 * <p>Source: Intel VT-d, "Page Request Queue"; PQA.PQS gives a queue 2^PQS pages, at most 128.
 */
final class PageRequestIndices {
    private static final int QUEUE_BYTES_MAX = 128 * 4096;

    private PageRequestIndices() {}

    /**
     * The state of a queue.
     *
     * @param tail PQT
     * @param head PQH
     * @param slots descriptors that the queue holds; less than a page of them is a part of a queue
     *     that somebody saved, and taken too
     * @param descriptorBytes 32, or 16 in the old layout
     * @throws IllegalArgumentException if no queue has that many slots
     */
    static QueueState state(long tail, long head, int slots, int descriptorBytes) {
        int slotsMax = QUEUE_BYTES_MAX / descriptorBytes;
        if (slots < 2 || slots > slotsMax || Integer.bitCount(slots) != 1) {
            throw new IllegalArgumentException(
                    "slots=" + slots + "; allowed are powers of two from 2 to " + slotsMax);
        }
        long bytes = (long) slots * descriptorBytes;
        if (!isOffset(tail, bytes, descriptorBytes) || !isOffset(head, bytes, descriptorBytes)) {
            return QueueState.INCONSISTENT;
        }
        int first = (int) head / descriptorBytes;
        int count = (int) tail / descriptorBytes - first & slots - 1;
        return new QueueState(count, first, count == slots - 1, false, false, tail);
    }

    private static boolean isOffset(long register, long bytes, int descriptorBytes) {
        return register >= 0 && register < bytes && register % descriptorBytes == 0;
    }
}
