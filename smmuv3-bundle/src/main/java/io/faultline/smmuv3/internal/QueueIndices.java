package io.faultline.smmuv3.internal;

import io.faultline.hardware.QueueState;

/**
 * What PROD and CONS of a queue of 2<sup>QS</sup> entries say.
 *
 * <pre>
 *       31     30      20 19   QS+1  QS   QS-1     0
 *      +------+----------+---------+------+---------+
 * PROD | OVFLG|   RES0   |    0    |WRWRAP|   WR    |
 * CONS |OVACK |   RES0   |    0    |RDWRAP|   RD    |
 *      +------+----------+---------+------+---------+
 * </pre>
 *
 * <p>Index and wrap bit together count modulo 2<sup>QS+1</sup>, so every entry of the queue can be
 * used; with QS = 0 only the wrap bit is left. An overflow is pending while the flags differ.
 *
 * <p>Source: Arm IHI 0070, 3.5.1, 6.3.29 to 6.3.36, 7.4, 8.1.
 */
final class QueueIndices {
    /** The overflow flag in PROD, its acknowledgement in CONS. */
    static final long OVERFLOW_FLAG = 1L << 31;

    private static final int MAX_SLOTS = 1 << 19;

    private QueueIndices() {}

    /**
     * Compares both registers.
     *
     * @throws IllegalArgumentException if {@code slots} is no power of two up to 2<sup>19</sup>
     */
    static QueueState state(long producer, long consumer, int slots) {
        if (slots < 1 || slots > MAX_SLOTS || Integer.bitCount(slots) != 1) {
            throw new IllegalArgumentException(
                    "slots=" + slots + ": a queue has a power of two up to " + MAX_SLOTS);
        }
        long countMask = 2L * slots - 1;
        int waiting = (int) ((producer - consumer) & countMask);
        if (waiting > slots) {
            return QueueState.INCONSISTENT;
        }
        return new QueueState(
                waiting,
                (int) (consumer & (slots - 1)),
                waiting == slots,
                ((producer ^ consumer) & OVERFLOW_FLAG) != 0,
                false,
                producer & (OVERFLOW_FLAG | countMask));
    }
}
