package io.faultline.driverlogs.internal;

import io.faultline.fault.FaultBits;
import io.faultline.fault.Reason;

/**
 * The global fault registers of an Arm SMMUv2: a transaction that reached no context bank. GFSR has
 * the kind of fault, GFSYNR0 the access (1 WNR, 2 PNU, 3 IND), GFSYNR1 15:0 the StreamID.
 *
 * <p>Source: Arm IHI 0062, SMMU_sGFSR, SMMU_sGFSYNR0, SMMU_sGFSYNR1.
 */
final class GlobalFault {
    private static final long MULTI = 1L << 31;
    private static final long UNIDENTIFIED_STREAM = 1 << 1;
    private static final long STREAM_MATCH_CONFLICT = 1 << 2;
    private static final long PERMISSION = 1 << 7;
    private static final long FAULTS = 0x1ff;
    private static final long WRITE = 1 << 1;
    private static final long PRIVILEGED = 1 << 2;
    private static final long INSTRUCTION = 1 << 3;
    private static final long STREAM_ID = 0xffff;

    private GlobalFault() {}

    static void describe(Values values, Told told) {
        told.text("event", "global");
        if (values.has("gfsr")) {
            long gfsr = values.number("gfsr");
            told.reason(reason(gfsr)).code(gfsr & FAULTS);
            if ((gfsr & MULTI) != 0) {
                told.othersLost();
            }
        }
        if (values.has("gfsynr0")) {
            told.access(access(values.number("gfsynr0")));
        }
        if (values.has("gfsynr1")) {
            told.requester(values.number("gfsynr1") & STREAM_ID);
        }
    }

    private static Reason reason(long gfsr) {
        return (gfsr & UNIDENTIFIED_STREAM) != 0
                ? Reason.BAD_CONFIG
                : (gfsr & STREAM_MATCH_CONFLICT) != 0
                        ? Reason.CONFLICT
                        : (gfsr & PERMISSION) != 0 ? Reason.PERMISSION : Reason.UNKNOWN;
    }

    private static int access(long gfsynr0) {
        return ((gfsynr0 & WRITE) != 0 ? FaultBits.WRITE : FaultBits.READ)
                | ((gfsynr0 & INSTRUCTION) != 0 ? FaultBits.EXEC : 0)
                | ((gfsynr0 & PRIVILEGED) != 0 ? FaultBits.PRIV : 0);
    }
}
