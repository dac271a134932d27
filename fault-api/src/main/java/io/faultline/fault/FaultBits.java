package io.faultline.fault;

/**
 * The bits of the {@code attributes} word by which a decoder says, in one primitive, what a record
 * carries. The low four bits are the access (values of Linux' {@code IOMMU_FAULT_PERM_*}).
 *
 * <pre>
 *  31   19  18    17      16     15      14      13   12  10    9    8    7     6    5    4   3    2   1   0
 * +------+-----+-------+-------+-------+-------+-----+-------+----+----+-----+-----+----+---+----+---+---+---+
 * |  0   |table| inter-|answer |private| stall | last| class | S2 | S1 |fetch| ipa |iova|req|PRIV| X | W | R |
 * |      |write| rupt  | PASID | data  |       |     |       |    |    |     |     |    |   |    |   |   |   |
 * +------+-----+-------+-------+-------+-------+-----+-------+----+----+-----+-----+----+---+----+---+---+---+
 * </pre>
 */
public final class FaultBits {
    /** Read access. */
    public static final int READ = 1;

    /** Write access. */
    public static final int WRITE = 1 << 1;

    /** Instruction fetch. */
    public static final int EXEC = 1 << 2;

    /** Privileged access. */
    public static final int PRIV = 1 << 3;

    /** All access bits. */
    public static final int ACCESS_MASK = READ | WRITE | EXEC | PRIV;

    /** The requester is known. */
    public static final int HAS_REQUESTER = 1 << 4;

    /** The IOVA is known. */
    public static final int HAS_IOVA = 1 << 5;

    /** The second address is an intermediate physical address. */
    public static final int HAS_IPA = 1 << 6;

    /** The second address is that of a descriptor whose fetch failed. */
    public static final int HAS_FETCH = 1 << 7;

    /** A stage 1 fault. */
    public static final int STAGE_1 = 1 << 8;

    /** A stage 2 fault. */
    public static final int STAGE_2 = 1 << 9;

    /** Where the {@link FaultClass} stands. */
    public static final int CLASS_SHIFT = 10;

    /** The bits of the {@link FaultClass}. */
    public static final int CLASS_MASK = 7 << CLASS_SHIFT;

    /** The last request of its group: completes it. */
    public static final int LAST = 1 << 13;

    /** A stalled transaction: a group of one, answered by tag. */
    public static final int STALLED = 1 << 14;

    /** Raw words 2 and 3 are private data that the answer echoes (VT-d before 4.0: PDP). */
    public static final int PRIVATE_DATA = 1 << 15;

    /** The answer carries the PASID: the request had one and the device wants it back. */
    public static final int ANSWER_WITH_PASID = 1 << 16;

    /** The second number is an interrupt index: an interrupt request that remapping refused. */
    public static final int HAS_INTERRUPT = 1 << 17;

    /**
     * The walk of a table faulted on writing a descriptor, not on reading it (Arm: TTRnW clear).
     */
    public static final int TABLE_WRITE = 1 << 18;

    private FaultBits() {}

    /**
     * The bits for a fault class.
     *
     * @param faultClass what was being translated
     * @return bits within {@link #CLASS_MASK}
     */
    public static int of(FaultClass faultClass) {
        return faultClass.bits();
    }
}
