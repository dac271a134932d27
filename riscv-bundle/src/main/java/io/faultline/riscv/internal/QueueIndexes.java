package io.faultline.riscv.internal;

import io.faultline.hardware.QueueState;

/**
 * What the tail and the head of a queue say together: indexes of records, without a wrap bit. The
 * tail never reaches the head, so one slot is always unused. Whether records were lost is not in
 * them but in fqcsr.fqof and pqcsr.pqof.
 *
 * <p>Source: RISC-V IOMMU 1.0, "Fault-queue tail (fqt)" and its neighbours; LOG2SZ-1 gives a queue
 * at least two records.
 */
final class QueueIndexes {
    private QueueIndexes() {}

    /**
     * The state of a queue.
     *
     * @param tail fqt or pqt
     * @param head fqh or pqh
     * @throws IllegalArgumentException if no queue has that many slots
     */
    static QueueState state(long tail, long head, int slots) {
        if (slots < 2 || Integer.bitCount(slots) != 1) {
            throw new IllegalArgumentException(
                    "slots=" + slots + "; allowed are powers of two from 2 on");
        }
        if (tail < 0 || tail >= slots || head < 0 || head >= slots) {
            return QueueState.INCONSISTENT;
        }
        int count = (int) (tail - head) & slots - 1;
        return new QueueState(count, (int) head, count == slots - 1, false, false, tail);
    }
}
