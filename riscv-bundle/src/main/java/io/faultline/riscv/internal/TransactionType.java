package io.faultline.riscv.internal;

import static io.faultline.fault.FaultBits.EXEC;
import static io.faultline.fault.FaultBits.READ;
import static io.faultline.fault.FaultBits.WRITE;

/**
 * TTYP of a fault record: what sort of transaction met the fault.
 *
 * <p>Source: RISC-V IOMMU 1.0, "Fault/Event-Queue", transaction type encodings.
 */
final class TransactionType {
    /** Not caused by an inbound transaction: the record names no device. */
    static final int NONE = 0;

    /** A PCIe message; iotval is its code, not an address. */
    static final int MESSAGE = 9;

    private static final int ATS_REQUEST = 8;
    private static final int CUSTOM = 32;

    private static final String[] MEANINGS = {
        "no inbound transaction",
        "untranslated read for execute",
        "untranslated read",
        "untranslated write or AMO",
        "reserved transaction type 4",
        "translated read for execute",
        "translated read",
        "translated write or AMO",
        "ATS translation request",
        "PCIe message",
    };

    /** By type: what the transaction itself asked for. */
    private static final int[] ACCESS = {
        0, READ | EXEC, READ, WRITE, 0, READ | EXEC, READ, WRITE, 0, 0
    };

    private TransactionType() {}

    /** Bits 39:34 of doubleword 0. */
    static int of(long dw0) {
        return (int) (dw0 >>> 34) & 0x3f;
    }

    /** Whether iotval is the address that the transaction asked for. */
    static boolean hasAddress(int type) {
        return type <= ATS_REQUEST && (type == ATS_REQUEST || ACCESS[type] != 0);
    }

    /**
     * What was asked for: of a translation request only the cause tells it.
     *
     * @param type a type that has an address
     */
    static int access(int type, FaultCause cause) {
        return type == ATS_REQUEST ? cause.access() : ACCESS[type];
    }

    /** {@return the type in words} */
    static String meaning(int type) {
        if (type < MEANINGS.length) {
            return MEANINGS[type];
        }
        return (type < CUSTOM ? "reserved" : "custom") + " transaction type " + type;
    }
}
