package io.faultline.vtd.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.faultline.fault.PageRequestGroup;
import io.faultline.fault.ResponseToken;
import io.faultline.testkit.Decoded;
import java.util.HexFormat;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class OldPageRequestDescriptorTest {
    private final OldPageRequestDescriptor decoder = new OldPageRequestDescriptor();

    @Test
    void keysAStreamRequestByWhatItsAnswerEchoes() {
        byte[] record = HexFormat.of().parseHex("6199e69ebfa17de4db3d03c351260000");

        PageRequestGroup request = (PageRequestGroup) Decoded.of(decoder, record).fault();

        ResponseToken token = request.token();
        assertFalse(token.last());
        assertTrue(token.hasPrivateData());
        assertEquals(8233407, token.private0());
        assertEquals(0x2651c3033000L, token.private1());
    }

    @Property
    void givesARequestForAnyBytes(@ForAll @Size(16) byte[] record) {
        Decoded decoded = Decoded.of(decoder, record);

        PageRequestGroup request = (PageRequestGroup) decoded.fault();
        assertTrue(request.groupIndex() <= 511 && request.requester() <= 0xffff);
        assertFalse(decoded.keys().isEmpty());
    }
}
