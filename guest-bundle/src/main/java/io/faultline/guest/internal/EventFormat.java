package io.faultline.guest.internal;

import io.faultline.fault.Fault;
import io.faultline.fault.FaultBits;
import io.faultline.fault.UnrecoverableFault;
import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.Map;
import java.util.function.Predicate;
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
 * @param mayBeSeen whether a fault of that queue is one of stage 1
 */
record EventFormat(
        String queue,
        int bytes,
        int idWord,
        int idShift,
        int idBits,
        int secretWord,
        Predicate<UnrecoverableFault> mayBeSeen) {
    /** Source: iommufd's rules for virtual events (uapi/linux/iommufd.h, 6.17). */
    private static final BitSet SMMUV3_EVENTS =
            bits(0x04, 0x06, 0x08, 0x0a, 0x10, 0x11, 0x12, 0x13);

    /** First-stage reasons: Intel VT-d, "Fault Reason Encodings", SFS.1 to SFS.10, SGN.1 and 2. */
    private static final BitSet VTD_REASONS = bits(0x70, 0x71, 0x72, 0x73, 0x80, 0x81, 0x90, 0x91);

    /** Events that name a device's request: AMD 48882, 2.5.3, 2.5.9 and 2.5.10. */
    private static final BitSet AMD_EVENTS = bits(0x2, 0x8, 0x9);

    private static BitSet bits(int... numbers) {
        BitSet bits = new BitSet();
        IntStream.of(numbers).forEach(bits::set);
        return bits;
    }

    static final Map<String, EventFormat> BY_ARCH =
            Map.of(
                    // Arm IHI 0070, 7.3: StreamID in 63:32; the last word is the IPA
                    "smmuv3", new EventFormat("evtq", 32, 0, 32, 32, 3, has(SMMUV3_EVENTS)),
                    // Intel VT-d, "Fault Recording Registers": SID in 79:64
                    "vtd", new EventFormat("frcd", 16, 1, 0, 16, -1, has(VTD_REASONS)),
                    // RISC-V IOMMU 1.0, "Fault/Event-Queue": DID in 63:40; iotval2 is an address
                    "riscv", new EventFormat("fq", 32, 0, 40, 24, 3, f -> f.stage() == 1),
                    // AMD 48882, 2.5: DeviceID in 15:0. With GN (then there is a PASID) the address
                    // is the guest's; else it was the host's table that failed
                    "amdvi",
                            new EventFormat(
                                    "event",
                                    16,
                                    0,
                                    0,
                                    16,
                                    -1,
                                    has(AMD_EVENTS).and(f -> f.pasid() != Fault.NO_PASID)),
                    // virtio 1.3, 5.13.6.9: endpoint in bytes 8 to 11. There is one stage: the
                    // address is what the device put out
                    "virtio", new EventFormat("fault", 24, 1, 0, 32, -1, f -> true));

    private static Predicate<UnrecoverableFault> has(BitSet codes) {
        return fault -> fault.code() >= 0 && codes.get(fault.code());
    }

    /**
     * How events are shown.
     *
     * @param wished the format of a claim
     * @return null if there are none: none are wished, or iommufd has no virtual events of this
     *     architecture
     */
    static EventFormat of(String arch, int wished) {
        boolean has =
                wished == ClaimRequest.RAW
                        || (wished == ClaimRequest.VEVENT && arch.equals("smmuv3"));
        return has ? BY_ARCH.get(arch) : null;
    }

    /** Whether a number fits where the requester is. */
    boolean hasRoomFor(int virtualId) {
        return idBits == Integer.SIZE || virtualId >>> idBits == 0;
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
        return mayBeSeen.test(fault);
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
