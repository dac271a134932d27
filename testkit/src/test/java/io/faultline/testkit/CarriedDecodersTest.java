package io.faultline.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.faultline.fault.PageRequestGroup;
import io.faultline.fault.Response;
import io.faultline.hardware.RecordDecoder;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The API carries what architectures that have no bundle yet report. */
class CarriedDecodersTest {
    private static final RecordDecoder AMD_PPR = new AmdPprDecoder();
    private static final IommufdFaultDecoder IOMMUFD = new IommufdFaultDecoder();
    private static final int LAST_PAGE = 2;

    static Stream<Vector> amdPpr() {
        return vectors("amdvi-ppr.jsonl", "ppr");
    }

    static Stream<Vector> iommufdFaults() {
        return vectors("iommufd.jsonl", "fault");
    }

    static Stream<Vector> iommufdResponses() {
        return vectors("iommufd.jsonl", "response")
                .filter(v -> v.expect().get("kind").equals("page_response"));
    }

    private static Stream<Vector> vectors(String file, String queue) {
        return VectorFile.read(CarriedDecodersTest.class, file).queue(queue);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("amdPpr")
    void carriesTheAmdPprLog(Vector vector) {
        decodes(AMD_PPR, vector);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("iommufdFaults")
    void carriesIommufdFaults(Vector vector) {
        decodes(IOMMUFD, vector);
    }

    private static void decodes(RecordDecoder decoder, Vector vector) {
        Decoded decoded =
                Decoded.of(decoder, Decoded.origin(vector.arch(), vector.queue()), vector.bytes());

        vector.assertExpected(decoded.keys());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("iommufdResponses")
    void carriesTheCookieOfAnIommufdGroupIntoItsAnswer(Vector vector) {
        long cookie = (Long) vector.expect().get("cookie");
        byte[] record = new byte[40];
        littleEndian(record).putInt(0, LAST_PAGE).putInt(36, (int) cookie);
        PageRequestGroup group = (PageRequestGroup) Decoded.of(IOMMUFD, record).fault();
        Response response = Response.valueOf((String) vector.expect().get("code"));

        byte[] answer = new byte[IOMMUFD.commandBytes()];
        assertTrue(IOMMUFD.encode(group, response, littleEndian(answer)));

        assertArrayEquals(vector.bytes(), answer, vector::hex);
    }

    @Test
    void saysWhatHardwareCannotAnswer() {
        PageRequestGroup group = new FaultBuilder().raw(0, 0, 0, 0).pageRequests(1);
        ByteBuffer answer = littleEndian(new byte[IOMMUFD.commandBytes()]);

        assertFalse(IOMMUFD.encode(group, Response.FAILURE, answer));

        assertEquals(0, answer.position());
    }

    private static ByteBuffer littleEndian(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Decoded holds the decoders to one call of the sink (R16). */
    @Property
    void makesSomethingOfAnyBytes(@ForAll @Size(40) byte[] bytes) {
        for (RecordDecoder decoder : new RecordDecoder[] {AMD_PPR, IOMMUFD}) {
            Decoded decoded = Decoded.of(decoder, bytes);

            assertTrue(decoded.keys().containsKey("kind"), HexFormat.of().formatHex(bytes));
        }
    }
}
