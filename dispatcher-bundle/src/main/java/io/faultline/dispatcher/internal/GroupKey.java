package io.faultline.dispatcher.internal;

import io.faultline.fault.Fault;
import io.faultline.fault.FaultBits;
import io.faultline.fault.PageRequestGroup;

/**
 * What tells outstanding groups of one unit apart (R8), as two words: requester and index (of a
 * stall: its tag, in a number space of its own), and PASID, where the answer carries it.
 * Descriptors with private data are keyed by that too; {@link #sameData} compares it.
 */
final class GroupKey {
    private static final long STALL = 1L << 31;

    private GroupKey() {}

    static long first(int requester, int groupIndex, int attributes) {
        return ((long) requester << 32)
                | ((attributes & FaultBits.STALLED) == 0 ? 0 : STALL)
                | (groupIndex & 0xffff);
    }

    static int second(int pasid, int attributes) {
        return (attributes & (FaultBits.ANSWER_WITH_PASID | FaultBits.STALLED))
                        == FaultBits.ANSWER_WITH_PASID
                ? pasid
                : Fault.NO_PASID;
    }

    static long first(PageRequestGroup group) {
        return first(group.requester(), group.groupIndex(), group.attributes());
    }

    static int second(PageRequestGroup group) {
        return second(group.pasid(), group.attributes());
    }

    static int hash(long first, int second) {
        long mixed = (first ^ ((long) second << 20)) * 0x9e37_79b9_7f4a_7c15L;
        return (int) (mixed >>> 32);
    }

    /** Whether two groups of equal words have equal private data, or none both. */
    static boolean sameData(PageRequestGroup a, PageRequestGroup b) {
        int data = (a.attributes() | b.attributes()) & FaultBits.PRIVATE_DATA;
        return data == 0 || a.token().equals(b.token());
    }
}
