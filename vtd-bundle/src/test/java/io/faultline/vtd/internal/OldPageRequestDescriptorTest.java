package io.faultline.vtd.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.faultline.fault.PageRequestGroup;
import io.faultline.fault.ResponseToken;
import io.faultline.testkit.Decoded;
import io.faultline.testkit.Vector;
import io.faultline.testkit.VectorFile;
import java.util.HexFormat;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class OldPageRequestDescriptorTest {
    private final OldPageRequestDescriptor decoder = new OldPageRequestDescriptor();

    static Stream<Vector> vectors() {
        return VectorFile.read(OldPageRequestDescriptorTest.class, "vtd.jsonl").queue("prq16");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("vectors")
    void decodesEveryVector(Vector vector) {
        Decoded decoded = Decoded.of(decoder, vector.bytes());

        vector.assertExpected(decoded.keys());
    }

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
