package io.faultline.virtio.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.faultline.fault.Access;
import io.faultline.fault.Fault;
import io.faultline.testkit.Decoded;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class FaultEventTest {
    private final FaultEvent decoder = new FaultEvent();

    @Test
    void decodesAWriteThatIsNotMapped() {
        Fault fault = decoded("0200000002010000 0800000000000000 00f0ffff00000000").fault();

        assertEquals(8, fault.requester());
        assertEquals(0xfffff000L, fault.iova());
        assertEquals(Access.WRITE, fault.access());
    }

    @Test
    void hasNoAddressWithoutTheFlag() {
        Fault fault = decoded("0000000000000000 2000000000000000 0010000000000000").fault();

        assertFalse(fault.hasIova());
        assertEquals(0, fault.iova());
    }

    @Test
    void explainsWhatLinuxWouldIgnore() {
        Decoded decoded = decoded("0201000000000000 0800000000000000 0000000000000000");

        String sentence = decoder.explain(decoded.malformed(), 0x102, 8, 0, 0);

        assertEquals("reserved_bits", decoded.malformed());
        assertTrue(sentence.startsWith("reserved bytes 0x000001"), sentence);
    }

    private Decoded decoded(String hex) {
        return Decoded.of(decoder, HexFormat.of().parseHex(hex.replace(" ", "")));
    }
}
