package io.faultline.driverlogs.internal;

import io.faultline.fault.FaultBits;
import io.faultline.fault.Reason;
import java.util.ArrayList;
import java.util.List;

/**
 * The fault registers of a translation context bank of an Arm SMMUv2 and of what Qualcomm built
 * like it.
 *
 * <pre>
 *         31    30   29..11  10:9    8     7     6       5      4    3    2    1   0
 *       +-----+-----+-------+------+-----+-----+------+------+----+----+-----+----+---+
 * FSR   |MULTI| SS  |       |FORMAT| UUT | ASF |TLBLKF|TLBMCF| EF | PF | AFF | TF |   |
 *       +-----+-----+-------+------+-----+-----+------+------+----+----+-----+----+---+
 * FSYNR0: 23:16 S1CBNDX, 11 AFR, 10 PTWF, 8 NSATTR, 6 IND, 5 PNU, 4 WNR, 1:0 PLVL
 * CBFRSYNRA: 15:0 StreamID
 * </pre>
 *
 * <p>Source: Arm IHI 0062, SMMU_CBn_FSR, SMMU_CBn_FSYNR0, SMMU_CBFRSYNRAn.
 */
final class ContextFault {
    static final String ARCH = "smmuv2";

    private static final long MULTI = 1L << 31;
    private static final long STALLED = 1L << 30;
    private static final long FAULTS = 0x1fe;
    private static final long WRITE = 1 << 4;
    private static final long PRIVILEGED = 1 << 5;
    private static final long INSTRUCTION = 1 << 6;
    private static final long STREAM_ID = 0xffff;

    /** The fault bits of FSR from bit 1 on. */
    private static final String[] FLAGS = {
        "TF", "AFF", "PF", "EF", "TLBMCF", "TLBLKF", "ASF", "UUT"
    };

    private ContextFault() {}

    /** Says what the registers mean; {@code values} has those of them that are known. */
    static void describe(Values values, Told told) {
        if (values.has("cbfrsynra")) {
            told.requester(values.number("cbfrsynra") & STREAM_ID);
        }
        if (values.has("fsynr")) {
            told.access(access(values.number("fsynr")));
        }
        if (!values.has("fsr")) {
            return; // before 4.0 it was not printed
        }
        long fsr = values.number("fsr");
        List<String> flags = flags(fsr);
        told.reason(reason(fsr)).code(fsr & FAULTS).key(keys -> keys.words("flags", flags));
        if ((fsr & STALLED) != 0) {
            // The transaction waited for the driver, which has terminated it by now.
            told.key(keys -> keys.flag("stall", true));
        }
        if ((fsr & MULTI) != 0) {
            told.othersLost();
        }
    }

    private static int access(long fsynr) {
        return ((fsynr & WRITE) != 0 ? FaultBits.WRITE : FaultBits.READ)
                | ((fsynr & INSTRUCTION) != 0 ? FaultBits.EXEC : 0)
                | ((fsynr & PRIVILEGED) != 0 ? FaultBits.PRIV : 0);
    }

    /** Of several faults the one that says most. */
    static Reason reason(long fsr) {
        return (fsr & 1 << 1) != 0
                ? Reason.NOT_PRESENT
                : (fsr & 1 << 3) != 0
                        ? Reason.PERMISSION
                        : (fsr & 1 << 2) != 0
                                ? Reason.ACCESS_FLAG
                                : (fsr & 1 << 4) != 0
                                        ? Reason.WALK_FETCH
                                        : (fsr & 1 << 7) != 0
                                                ? Reason.ADDRESS_SIZE
                                                : Reason.UNKNOWN;
    }

    private static List<String> flags(long fsr) {
        List<String> flags = new ArrayList<>();
        for (int i = 0; i < FLAGS.length; i++) {
            if ((fsr & 1L << (i + 1)) != 0) {
                flags.add(FLAGS[i]);
            }
        }
        if ((fsr & STALLED) != 0) {
            flags.add("SS");
        }
        if ((fsr & MULTI) != 0) {
            flags.add("MULTI");
        }
        return flags;
    }
}
