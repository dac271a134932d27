package io.faultline.guest.internal;

import io.faultline.fault.FaultBits;
import io.faultline.fault.UnrecoverableFault;
import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Events as a guest may see them: raw records with the virtual id in place of the requester, of
 * stage 1 only. What tells of the host's own memory (intermediate physical addresses, addresses of
 * descriptors) never leaves it.
 *
 * @param queue the queue whose records these are
 * @param bytes the length of a record
 * @param idWord the word that has the requester
 * @param idShift where in it
 * @param idBits how many bits it has
 * @param secretWord a word that is cleared, or -1
 * @param codes those of stage 1; null if the fault's stage tells
 */
record EventFormat(
        String queue,
        int bytes,
        int idWord,
        int idShift,
        int idBits,
        int secretWord,
        BitSet codes) {
    /** Source: iommufd's rules for virtual events (uapi/linux/iommufd.h, 6.17). */
    private static final BitSet SMMUV3_EVENTS =
            bits(0x04, 0x06, 0x08, 0x0a, 0x10, 0x11, 0x12, 0x13);

    /** First-stage reasons: Intel VT-d, "Fault Reason Encodings", SFS.1 to SFS.10, SGN.1 and 2. */
    private static final BitSet VTD_REASONS = bits(0x70, 0x71, 0x72, 0x73, 0x80, 0x81, 0x90, 0x91);

    private static BitSet bits(int... numbers) {
        BitSet bits = new BitSet();
        IntStream.of(numbers).forEach(bits::set);
        return bits;
    }

    private static final Map<String, EventFormat> BY_ARCH =
            Map.of(
                    // Arm IHI 0070, 7.3: StreamID in 63:32; the last word is the IPA
                    "smmuv3", new EventFormat("evtq", 32, 0, 32, 32, 3, SMMUV3_EVENTS),
                    // Intel VT-d, "Fault Recording Registers": SID in 79:64
                    "vtd", new EventFormat("frcd", 16, 1, 0, 16, -1, VTD_REASONS),
                    // RISC-V IOMMU 1.0, "Fault/Event-Queue": DID in 63:40; iotval2 is an address
                    "riscv", new EventFormat("fq", 32, 0, 40, 24, 3, null));

    /** The format of an architecture, or null. */
    static EventFormat of(String arch) {
        return BY_ARCH.get(arch);
    }

    /** Whether a guest may see it. */
    boolean shows(UnrecoverableFault fault) {
        if (fault.rawWords() * Long.BYTES < bytes
                || fault.stage() == 2
                || (fault.attributes()
                                & (FaultBits.HAS_IPA
                                        | FaultBits.HAS_FETCH
                                        | FaultBits.HAS_INTERRUPT))
                        != 0
                || !fault.origin().queue().equals(queue)) {
            return false;
        }
        return codes == null ? fault.stage() == 1 : fault.code() >= 0 && codes.get(fault.code());
    }

    /** Puts the record as the guest shall see it. */
    void put(UnrecoverableFault fault, int virtualId, ByteBuffer to) {
        long mask = ((1L << idBits) - 1) << idShift;
        for (int i = 0; i < bytes / Long.BYTES; i++) {
            long word = i == secretWord ? 0 : fault.raw(i);
            to.putLong(
                    i == idWord ? (word & ~mask) | (((long) virtualId << idShift) & mask) : word);
        }
    }
}
