package io.faultline.riscv.internal;

import io.faultline.fault.Fault;

/**
 * The words by which the rest of the platform knows this architecture, and what its records share.
 */
final class RiscvIommu {
    /** The architecture, in service properties, options and output. */
    static final String ARCH = "riscv";

    /** The fault queue. */
    static final String FAULT_QUEUE = "fq";

    /** The page request queue. */
    static final String PAGE_REQUEST_QUEUE = "pq";

    /** PV of doubleword 0: the process id is valid. */
    static final long PV = 1L << 32;

    /** PRIV of doubleword 0; counts with PV only. */
    static final long PRIV = 1L << 33;

    /** The widest device id: 8 bits of segment above a requester id. */
    static final int DEVICE_ID_MAX = 0xff_ffff;

    /** The widest process id. */
    static final int PROCESS_ID_MAX = 0xf_ffff;

    private RiscvIommu() {}

    /** DID, bits 63:40 of doubleword 0 in either queue. */
    static int deviceId(long dw0) {
        return (int) (dw0 >>> 40);
    }

    /** PID, bits 31:12 of doubleword 0 in either queue, if it is valid. */
    static int processId(long dw0) {
        return (dw0 & PV) == 0 ? Fault.NO_PASID : (int) (dw0 >>> 12) & PROCESS_ID_MAX;
    }

    /** Appends {@code " of device 0x1008 pasid 0x12345"}, as far as it is known. */
    static void appendSource(Fault fault, StringBuilder text) {
        if (fault.hasRequester()) {
            text.append(" of device 0x").append(Integer.toHexString(fault.requester()));
        }
        if (fault.pasid() != Fault.NO_PASID) {
            text.append(" pasid 0x").append(Integer.toHexString(fault.pasid()));
        }
    }

    /** Appends {@code " at 0x1000 R"}, as far as it is known. */
    static void appendAccess(Fault fault, StringBuilder text) {
        if (fault.hasIova()) {
            text.append(" at 0x").append(Long.toHexString(fault.iova()));
        }
        if (fault.access().bits() != 0) {
            text.append(' ').append(fault.access());
        }
    }
}
