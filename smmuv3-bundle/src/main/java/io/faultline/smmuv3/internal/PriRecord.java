package io.faultline.smmuv3.internal;

import io.faultline.fault.FaultBits;

/**
 * One PRI queue record: 16 bytes, little-endian, read as the words {@code w0} and {@code w1}.
 *
 * <pre>
 *     63  62  61  60  59  58  57 52 51          32 31                     0
 *    +---+---+---+---+---+----+-----+-------------+------------------------+
 * w0 |SSV| L | W | R | X |Priv| RES0| SubstreamID |        StreamID        |
 *    +---+---+---+---+---+----+-----+-------------+------------------------+
 *     63                                     12 11     9 8               0
 *    +-----------------------------------------+--------+-----------------+
 * w1 |         page address [63:12]            |  RES0  |     PRGIndex    |
 *    +-----------------------------------------+--------+-----------------+
 * </pre>
 *
 * <p>The StreamID is in the low half here, in the high half of an event. Permission bits are
 * reported as found; hardware leaves X and Priv clear without SSV.
 *
 * <p>Source: Arm IHI 0070, 8.
 */
final class PriRecord {
    /** Length of a record. */
    static final int BYTES = 16;

    /** The highest page request group index. */
    static final int MAX_GROUP_INDEX = 0x1ff;

    private static final long SSV = 1L << 63;
    private static final long LAST = 1L << 62;
    private static final long WRITE = 1L << 61;
    private static final long READ = 1L << 60;
    private static final long PAGE_MASK = ~0xfffL;

    private PriRecord() {}

    /** StreamID, all 32 bits. */
    static int streamId(long w0) {
        return (int) w0;
    }

    /** SubstreamID, 20 bits; UNKNOWN without SSV. */
    static int substreamId(long w0) {
        return (int) (w0 >>> 32) & 0xf_ffff;
    }

    /** Whether the request came with a PASID. */
    static boolean hasSubstream(long w0) {
        return (w0 & SSV) != 0;
    }

    /**
     * Whether this is a stop marker: SSV and L, no R, no W. Without SSV the same is an ordinary
     * request, and its group is answered.
     */
    static boolean isStopMarker(long w0) {
        return (w0 & (SSV | LAST | WRITE | READ)) == (SSV | LAST);
    }

    /** R, W, X, Priv, L and SSV as bits of {@link FaultBits}. */
    static int attributes(long w0) {
        return ((int) (w0 >>> 60) & (FaultBits.READ | FaultBits.WRITE))
                | ((int) (w0 >>> 57) & FaultBits.EXEC)
                | ((int) (w0 >>> 55) & FaultBits.PRIV)
                | ((int) (w0 >>> 49) & FaultBits.LAST)
                | ((int) (w0 >>> 47) & FaultBits.ANSWER_WITH_PASID);
    }

    /** The page request group index, 0 to 511. */
    static int groupIndex(long w1) {
        return (int) w1 & MAX_GROUP_INDEX;
    }

    /** The page asked for. */
    static long page(long w1) {
        return w1 & PAGE_MASK;
    }
}
