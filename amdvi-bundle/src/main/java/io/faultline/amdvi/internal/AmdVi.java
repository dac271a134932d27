package io.faultline.amdvi.internal;

import io.faultline.fault.Fault;
import io.faultline.hardware.KeySink;

/**
 * The words by which the rest of the platform knows this architecture, and what its records share.
 */
final class AmdVi {
    /** The architecture, in service properties, options and output. */
    static final String ARCH = "amdvi";

    /** The event log. */
    static final String EVENT_LOG = "event";

    /** The peripheral page request log. */
    static final String PPR_LOG = "ppr";

    /** An entry of either log, and a command. */
    static final int ENTRY_BYTES = 16;

    /** The widest PASID. */
    static final int PASID_MAX = 0xf_ffff;

    /** The highest page request group index. */
    static final int GROUP_INDEX_MAX = 0x1ff;

    /** The code of an entry that is not in memory yet. */
    static final int NOT_WRITTEN = 0;

    private static final int DEVICE_ID_MAX = 0xffff;

    /** Bit 9 of the tag of a page request; the bits below it are the group index. */
    private static final long TAG_LAST = 1L << 41;

    private AmdVi() {}

    /** The code, bits 63:60 of either log's first quadword. */
    static int code(long q0) {
        return (int) (q0 >>> 60);
    }

    /** The flags, bits 59:48 of either log's first quadword. */
    static int flags(long q0) {
        return (int) (q0 >>> 48) & 0xfff;
    }

    /** DeviceID: bus in bits 15:8, device in 7:3, function in 2:0. */
    static int deviceId(long q0) {
        return (int) q0 & DEVICE_ID_MAX;
    }

    /** The PASID of a page request, which stands in two places: bits 31:16, and above in 45:42. */
    static int requestPasid(long q0) {
        return ((int) (q0 >>> 16) & 0xffff) | ((int) (q0 >>> 26) & 0xf_0000);
    }

    /** The page request group index: bits 8:0 of the tag. */
    static int groupIndex(long q0) {
        return (int) (q0 >>> 32) & GROUP_INDEX_MAX;
    }

    /** Whether it is the last request of its group: bit 9 of the tag. */
    static boolean isLast(long q0) {
        return (q0 & TAG_LAST) != 0;
    }

    /** Gives {@code bdf}, and {@code device} where the source does not name it otherwise. */
    static void describeSource(Fault fault, KeySink keys) {
        if (!fault.hasRequester()) {
            keys.none("bdf");
            return;
        }
        String bdf = bdf(fault.requester());
        keys.text("bdf", bdf);
        if (fault.deviceName() == null) {
            keys.text("device", bdf);
        }
    }

    /** Appends {@code " of 03:00.0 pasid 0x51234"}, as far as it is known. */
    static void appendSource(Fault fault, StringBuilder text) {
        if (fault.deviceName() != null) {
            text.append(" of ").append(fault.deviceName());
        } else if (fault.hasRequester()) {
            text.append(" of ").append(bdf(fault.requester()));
        }
        if (fault.pasid() != Fault.NO_PASID) {
            text.append(" pasid 0x").append(Integer.toHexString(fault.pasid()));
        }
    }

    /** {@return for example {@code 3b:00.0}, without what stands above the 16 bits} */
    static String bdf(int id) {
        return String.format("%02x:%02x.%x", id >> 8 & 0xff, id >> 3 & 0x1f, id & 7);
    }
}
