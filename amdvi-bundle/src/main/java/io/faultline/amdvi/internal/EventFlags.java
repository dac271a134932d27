package io.faultline.amdvi.internal;

import static io.faultline.fault.FaultBits.EXEC;
import static io.faultline.fault.FaultBits.PRIV;
import static io.faultline.fault.FaultBits.READ;
import static io.faultline.fault.FaultBits.WRITE;

/**
 * The flags of an event, as Linux prints them: bits 59:48 of the entry.
 *
 * <pre>
 *  11   9  8   7   6   5   4   3   2   1   0
 * +------+---+---+---+---+---+---+---+---+---+
 * | type | TR| RZ| PE| RW| PR| I | US| NX| GN|
 * +------+---+---+---+---+---+---+---+---+---+
 * </pre>
 *
 * <p>Source: AMD IOMMU specification (48882), "Event Log Entries". Of RW it says that it means
 * something only for a present page; hardware sets it for others too, and Linux uses it wherever I
 * is clear.
 */
final class EventFlags {
    /** The address is a guest's, the PASID is valid. */
    static final int GN = 0x001;

    /** A translation request asked for execute. */
    static final int NX = 0x002;

    /** A user's request; of a supervisor if clear. Relevant with GN. */
    static final int US = 0x004;

    /** An interrupt request. */
    static final int I = 0x008;

    /** The page was present: a right was missing. */
    static final int PR = 0x010;

    /** A write. */
    static final int RW = 0x020;

    /** A reserved bit was not zero, or a level encoding not valid. */
    static final int RZ = 0x080;

    /** A translation request, not a transaction. */
    static final int TR = 0x100;

    /** GN of a page request, which the event about an invalid one repeats as it was. */
    static final int REQUEST_GN = 0x100;

    private static final int TYPE_SHIFT = 9;

    /** By the type of a hardware error. */
    private static final String[] HARDWARE_ERRORS = {
        null, "master abort", "target abort", "data error"
    };

    /** By the type of an INVALID_DEVICE_REQUEST. */
    private static final String[] REQUESTS = {
        "read or non-posted write in the interrupt address range",
        "pretranslated transaction of a device that may not send any",
        "port I/O transaction where port I/O is not allowed",
        "posted write to an address range that is not allowed",
        "invalid read or non-posted write",
        "posted write to the interrupt or end-of-interrupt range where that is not allowed",
        "posted write to a reserved interrupt address range",
        "transaction to the system management range where that is not allowed"
    };

    private EventFlags() {}

    static boolean is(int flags, int flag) {
        return (flags & flag) != 0;
    }

    /** What the transaction asked for; a translation request tells only whether it is execute. */
    static int access(int flags) {
        if (is(flags, I)) {
            return 0;
        }
        if (is(flags, TR)) {
            return is(flags, NX) ? EXEC : 0;
        }
        return is(flags, RW) ? WRITE : READ;
    }

    /** PRIV, if a guest's supervisor asked. */
    static int privileged(int flags) {
        return (flags & (GN | US)) == GN ? PRIV : 0;
    }

    /** The kind of a hardware error: two bits. */
    static int errorType(int flags) {
        return flags >> TYPE_SHIFT & 3;
    }

    /** The kind of a hardware error in words; null if it is reserved. */
    static String hardwareError(int flags) {
        return HARDWARE_ERRORS[errorType(flags)];
    }

    /** What kind of request was refused: three bits. */
    static int requestType(int flags) {
        return flags >> TYPE_SHIFT & 7;
    }

    /** The kind of request that was refused, in words. */
    static String request(int flags) {
        return REQUESTS[requestType(flags)];
    }
}
