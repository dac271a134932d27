package io.faultline.smmuv3.internal;

import io.faultline.fault.FaultBits;
import io.faultline.fault.FaultClass;

/**
 * One event queue record: 32 bytes, little-endian, read as the words {@code w0} to {@code w3}.
 *
 * <pre>
 *     63                              32 31          12 11  10  8 7       0
 *    +----------------------------------+--------------+---+-----+---------+
 * w0 |             StreamID             | SubstreamID  |SSV| RES0| number  |
 *    +----------------------------------+--------------+---+-----+---------+
 *     63     48 47 45 44  43 42 41 40 39  38  37 36 35  34  33 32 31 30 16 15   0
 *    +---------+-----+---+-----+-----+--+-----+-----+---+---+---+--+--+-----+-----+
 * w1 |IMPL_DEF | RES0|TTR| RES0|CLASS|S2|NSIPA| RES0|RnW|InD|PnU|0 |St|  0  | STAG|
 *    +---------+-----+---+-----+-----+--+-----+-----+---+---+---+--+--+-----+-----+
 *     63                                                                  0
 *    +---------------------------------------------------------------------+
 * w2 |               InputAddr (63:12 of it in the page form)              |
 *    +---------------------------------------------------------------------+
 *     63   56 55                                                 12 11 3 2 0
 *    +-------+-----------------------------------------------------+----+---+
 * w3 |  RES0 |          IPA[55:12], or FetchAddr[55:3] ---------------->| 0 |
 *    +-------+-----------------------------------------------------+----+---+
 * </pre>
 *
 * <p>No event has all of these fields: {@link EventType} says which. A field that an event lacks is
 * RES0 or part of another one: bit 31 of {@code w1} is Stall in four events, R in F_BAD_ATS_TREQ
 * and the top of a 32-bit Reason in the two conflicts. F_BAD_ATS_TREQ and E_PAGE_REQUEST lay {@code
 * w1} out in their own way:
 *
 * <pre>
 *                    63     52 51  44 43  40 39 38 37 36 35 34 33 32 31 30 29 28   27  4 3  0
 *                   +---------+------+------+--+--+--+--+--+--+--+--+--+--+--+----+-----+----+
 * E_PAGE_REQUEST    |   RES0  | Span | RES0 |pR|pW|pX| 0|uR|uW|uX| 0|        RES0           |
 * F_BAD_ATS_TREQ    |                  RES0                         | R| W| X|Priv| RES0|Span|
 *                   +---------+------+------+--+--+--+--+--+--+--+--+--+--+--+----+-----+----+
 * </pre>
 *
 * <p>RES0 bits are ignored: newer versions of the architecture give them a meaning.
 *
 * <p>Source: Arm IHI 0070, 7.3.
 */
final class EventRecord {
    /** Length of a record. */
    static final int BYTES = 32;

    /** The same in 64-bit words. */
    static final int WORDS = 4;

    /** In {@code w0}: the SubstreamID is valid. */
    static final long SSV = 1L << 11;

    /** In {@code w1} of the four events that can stall: the transaction waits for CMD_RESUME. */
    static final long STALL = 1L << 31;

    /** In {@code w1} of F_PERMISSION with CLASS = TT: a descriptor read, not a write, faulted. */
    static final long TTRNW = 1L << 44;

    /** In {@code w1} of the fetch events: a granule protection check fault. */
    static final long GPCF = 1L << 16;

    /** The page of {@code w2}. */
    static final long PAGE_MASK = ~0xfffL;

    /** IPA[55:12] in {@code w3}: the address itself, no shift needed. */
    static final long IPA_MASK = 0x00ff_ffff_ffff_f000L;

    /** FetchAddr[55:3] in {@code w3}: the address itself, no shift needed. */
    static final long FETCH_MASK = 0x00ff_ffff_ffff_fff8L;

    private static final int SUBSTREAM_MASK = 0xf_ffff;

    /** Where PnU, the lowest of the bits that {@link #ATTRIBUTES} is indexed by, stands. */
    private static final int PNU_SHIFT = 33;

    /** What bits 41:33 of {@code w1} say, for each of their values. */
    private static final int[] ATTRIBUTES = attributes();

    private EventRecord() {}

    /** The event number, 0 to 255. */
    static int number(long w0) {
        return (int) w0 & 0xff;
    }

    /** StreamID, all 32 bits; of a PCIe device, bits 15:0 are the requester id. */
    static int streamId(long w0) {
        return (int) (w0 >>> 32);
    }

    /** SubstreamID, 20 bits; UNKNOWN where the event has SSV and it is clear. */
    static int substreamId(long w0) {
        return (int) (w0 >>> 12) & SUBSTREAM_MASK;
    }

    /** The stall tag, 16 bits; meaningful only with {@link #STALL}. */
    static int stag(long w1) {
        return (int) w1 & 0xffff;
    }

    /**
     * Access, stage and class as bits of {@link FaultBits}, as if the event had PnU, InD, RnW, S2
     * and CLASS; with {@link FaultBits#HAS_IPA} if S2 is set. The caller masks what it lacks.
     */
    static int attributes(long w1) {
        return ATTRIBUTES[(int) (w1 >>> PNU_SHIFT) & 0x1ff];
    }

    /** F_BAD_ATS_TREQ: what the ATS request asked for. R, W, X, Priv stand in bits 31:28. */
    static int requestedAccess(long w1) {
        return Integer.reverse((int) w1) & FaultBits.ACCESS_MASK;
    }

    /** E_PAGE_REQUEST: the union of both privilege levels; privileged if any of that level is. */
    static int expectedAccess(long w1) {
        int unprivileged = (int) (w1 >>> 33) & 7;
        int privileged = (int) (w1 >>> 37) & 7;
        // X, W, R from bit 0 on here; READ, WRITE, EXEC from bit 0 on there
        int access = Integer.reverse(unprivileged | privileged) >>> 29;
        return privileged == 0 ? access : access | FaultBits.PRIV;
    }

    /** E_PAGE_REQUEST: how much is going to be wanted; Span counts pages of 4 KiB. */
    static long spanBytes(long w1) {
        return ((w1 >>> 44) & 0xff) << 12;
    }

    /** {@link FaultBits#TABLE_WRITE} if a walk faulted on writing a descriptor (7.3.13, TTRnW). */
    static int tableWrite(EventType type, long w1) {
        return type == EventType.F_PERMISSION
                        && (w1 & TTRNW) == 0
                        && (attributes(w1) & FaultBits.CLASS_MASK)
                                == FaultBits.of(FaultClass.TABLE_WALK)
                ? FaultBits.TABLE_WRITE
                : 0;
    }

    private static int[] attributes() {
        FaultClass[] classes = {
            FaultClass.CONTEXT_FETCH, FaultClass.TABLE_WALK, FaultClass.INPUT, FaultClass.RESERVED
        };
        int[] table = new int[1 << 9];
        for (int bits = 0; bits < table.length; bits++) {
            boolean privileged = (bits & 1) != 0;
            boolean instruction = (bits & 1 << 1) != 0;
            boolean read = (bits & 1 << 2) != 0;
            boolean stage2 = (bits & 1 << 6) != 0;
            table[bits] =
                    (read ? FaultBits.READ : FaultBits.WRITE)
                            | (instruction ? FaultBits.EXEC : 0)
                            | (privileged ? FaultBits.PRIV : 0)
                            | (stage2 ? FaultBits.STAGE_2 | FaultBits.HAS_IPA : FaultBits.STAGE_1)
                            | FaultBits.of(classes[bits >>> 7]);
        }
        return table;
    }
}
