package io.faultline.guest.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.faultline.fault.FaultBits;
import io.faultline.fault.Reason;
import io.faultline.fault.UnrecoverableFault;
import io.faultline.guest.internal.TestGuest.Got;
import io.faultline.handler.Verdict;
import io.faultline.testkit.FaultBuilder;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/**
 * What is the host's never leaves it: faults of its own stage of translation, intermediate physical
 * addresses, and addresses of descriptors that were fetched.
 */
class SecretsTest {
    private static final int VIRTUAL_ID = 0x21;

    /**
     * Where records of a first stage have bits of a host's address, by each architecture's own
     * document: the words of an address, and which of its bits.
     */
    private static final Map<String, long[]> SECRETS =
            Map.of(
                    // Arm IHI 0070, 7.3: IPA or FetchAddr in 255:192
                    "smmuv3", new long[] {0, 0, 0, -1},
                    // Intel VT-d, "Fault Recording Registers": FI alone, the device's address
                    "vtd", new long[] {0, 0, 0, 0},
                    // RISC-V IOMMU 1.0, "Fault/Event-Queue": iotval2 in 255:192
                    "riscv", new long[] {0, 0, 0, -1},
                    // AMD 48882, 2.5.3: one address, of the guest if GN is set
                    "amdvi", new long[] {0, 0, 0, 0},
                    // virtio 1.3, 5.13.6.9: one stage, one address
                    "virtio", new long[] {0, 0, 0, 0});

    @Provide
    Arbitrary<String> archs() {
        return Arbitraries.of(EventFormat.BY_ARCH.keySet());
    }

    private static FaultBuilder event(String arch, int code, long... words) {
        return new FaultBuilder()
                .unit(arch, Rig.UNIT)
                .queue(EventFormat.BY_ARCH.get(arch).queue())
                .requester(Rig.DEVICE)
                .pasid(7)
                .code(code)
                .iova(0x1000)
                .raw(words);
    }

    private static byte[] shown(UnrecoverableFault fault) {
        EventFormat format = EventFormat.BY_ARCH.get(fault.unit().arch());
        byte[] record = new byte[format.bytes()];
        ByteBuffer to = ByteBuffer.wrap(record).order(ByteOrder.LITTLE_ENDIAN);
        format.put(fault, VIRTUAL_ID, to);
        assertFalse(to.hasRemaining(), "a whole record");
        return record;
    }

    /** One that only differs in what the host knows is the same to a guest, bit by bit. */
    @Property
    void showsTheSameWhateverTheHostsAddressIs(
            @ForAll("archs") String arch,
            @ForAll @IntRange(max = 0xff) int code,
            @ForAll long word0,
            @ForAll long word1,
            @ForAll long word2,
            @ForAll long word3,
            @ForAll long address) {
        long[] words = {word0, word1, word2, word3};
        long[] others = words.clone();
        long[] secret = SECRETS.get(arch);
        for (int i = 0; i < others.length; i++) {
            others[i] = (others[i] & ~secret[i]) | (address & secret[i]);
        }
        UnrecoverableFault one =
                event(arch, code, words).stage(1).unrecoverable(Reason.NOT_PRESENT);
        UnrecoverableFault other =
                event(arch, code, others).stage(1).unrecoverable(Reason.NOT_PRESENT);

        EventFormat format = EventFormat.BY_ARCH.get(arch);
        assertEquals(format.shows(one), format.shows(other));
        assertArrayEquals(shown(one), shown(other));
    }

    @Property
    void neverShowsTheHostsStageNorWhatHasAnAddressOfIts(
            @ForAll("archs") String arch,
            @ForAll @IntRange(min = -1, max = 0x1ff) int code,
            @ForAll @IntRange(max = 2) int stage,
            @ForAll @IntRange(max = 7) int second,
            @ForAll boolean withPasid,
            @ForAll long word) {
        FaultBuilder builder = event(arch, code, word, word, word, word).stage(stage);
        if (!withPasid) {
            builder.pasid(-1);
        }
        builder.with((second & 1) != 0 ? FaultBits.HAS_IPA : 0)
                .with((second & 2) != 0 ? FaultBits.HAS_FETCH : 0)
                .with((second & 4) != 0 ? FaultBits.HAS_INTERRUPT : 0);
        UnrecoverableFault fault = builder.unrecoverable(Reason.NOT_PRESENT);

        if (stage == 2 || second != 0) {
            assertFalse(EventFormat.BY_ARCH.get(arch).shows(fault));
        }
    }

    /** The tests above would hold if nothing were ever shown. */
    @Property(tries = 100)
    void showsTheFirstStagesOwn(@ForAll("archs") String arch, @ForAll long word) {
        int code =
                Map.of("smmuv3", 0x10, "vtd", 0x71, "riscv", 13, "amdvi", 2).getOrDefault(arch, 1);
        UnrecoverableFault fault =
                event(arch, code, word, word, word, word)
                        .stage(1)
                        .unrecoverable(Reason.NOT_PRESENT);

        assertTrue(EventFormat.BY_ARCH.get(arch).shows(fault));
        ByteBuffer record = ByteBuffer.wrap(shown(fault)).order(ByteOrder.LITTLE_ENDIAN);
        EventFormat format = EventFormat.BY_ARCH.get(arch);
        long id = record.getLong(8 * format.idWord()) >>> format.idShift();
        assertEquals(VIRTUAL_ID, id & ((1L << format.idBits()) - 1), "instead of the requester");
    }

    @Test
    void knowsOfEveryFormatWhereTheHostsAddressIs() {
        assertEquals(EventFormat.BY_ARCH.keySet(), SECRETS.keySet());
    }

    /** Through the socket: next to what is its guest's own, none of it comes. */
    @Test
    void passesWhatIsTheHostsOnAndSendsNoFrameOfIt() throws Exception {
        try (Rig rig = new Rig();
                TestGuest guest = new TestGuest(rig.socket)) {
            guest.claim("0x100", VIRTUAL_ID);
            Claim claim = rig.claims.get(0);
            for (String arch : EventFormat.BY_ARCH.keySet()) {
                for (FaultBuilder secret : secrets(arch)) {
                    assertEquals(
                            Verdict.PASSED,
                            claim.handle(secret.unrecoverable(Reason.NOT_PRESENT), new Waits()));
                }
            }
            assertPassed(claim, rig.fault().pasid(7).stage(2));
            assertPassed(claim, rig.fault().pasid(7).stage(1).ipa(0xdead_0000L));
            assertPassed(claim, rig.fault().pasid(7).stage(2).ipa(0xdead_0000L));
            assertEquals(0, rig.view().enqueued());

            rig.offer(rig.group(1));
            Got first = guest.await(Frame.FAULTS);
            assertEquals(1, first.count());
            assertEquals(0x1000, first.payload().getLong(24));
        }
    }

    private static FaultBuilder[] secrets(String arch) {
        long host = 0xdead_beef_d000L;
        int code =
                Map.of("smmuv3", 0x10, "vtd", 0x71, "riscv", 13, "amdvi", 2).getOrDefault(arch, 1);
        return new FaultBuilder[] {
            event(arch, code, host, host, host, host).stage(2),
            event(arch, code, host, host, host, host).stage(2).ipa(host),
            event(arch, code, host, host, host, host).stage(1).ipa(host),
            event(arch, code, host, host, host, host).stage(1).fetchAddress(host),
            event(arch, code, host, host, host, host).fetchAddress(host)
        };
    }

    private static void assertPassed(Claim claim, FaultBuilder fault) {
        assertEquals(Verdict.PASSED, claim.handle(fault.pageRequests(3), new Waits()));
        assertEquals(Verdict.PASSED, claim.handle(fault.stall(Reason.NOT_PRESENT, 3), new Waits()));
    }
}
