package io.faultline.iommufd.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.faultline.fault.PageRequestGroup;
import io.faultline.fault.Response;
import io.faultline.testkit.Decoded;
import io.faultline.testkit.FaultBuilder;
import io.faultline.testkit.Vector;
import io.faultline.testkit.VectorFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class PageResponseTest {
    private final PageResponse responses = new PageResponse();
    private final ResponseWriter writer = new ResponseWriter();
    private final ByteBuffer to = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);

    static Stream<Vector> answers() {
        return VectorFile.read(PageResponseTest.class, "iommufd.jsonl")
                .queue("response")
                .filter(vector -> vector.expect().get("kind").equals("page_response"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("answers")
    void encodesWhatTheVectorsDecode(Vector vector) {
        long cookie = (Long) vector.expect().get("cookie");
        Response response = Response.valueOf((String) vector.expect().get("code"));

        assertTrue(writer.encode(group((int) cookie), response, to));

        assertArrayEquals(vector.bytes(), to.array(), vector::hex);
    }

    /** A group whose last record has that cookie. */
    private static PageRequestGroup group(int cookie) {
        byte[] record = new byte[40];
        ByteBuffer.wrap(record).order(ByteOrder.LITTLE_ENDIAN).putInt(0, 2).putInt(36, cookie);
        return (PageRequestGroup) Decoded.of(new PageFault(), record).fault();
    }

    @Test
    void hasNoFailureForUserSpace() {
        assertFalse(writer.encode(group(1), Response.FAILURE, to));
        assertEquals(0, to.position());
    }

    @Test
    void cannotAnswerAGroupWithoutACookie() {
        assertFalse(writer.encode(new FaultBuilder().pageRequests(1), Response.INVALID, to));
        assertEquals(0, to.position());
    }

    @ParameterizedTest
    @CsvSource({
        "page_response, 0x0000000100000005, answer INVALID to the group with cookie 5",
        "bad_code, 0x00000002ffffffff, code 2 to the group with cookie 4294967295: user space may",
        "short_record, 0, short record"
    })
    void explainsWhatItSays(String why, String word, String sentence) {
        long bits = Long.decode(word);

        assertTrue(responses.explain(why, bits, 0, 0, 0).startsWith(sentence));
    }

    @Property
    void takesTwoCodesOnly(@ForAll @IntRange(min = -2, max = 3) int code, @ForAll int cookie) {
        byte[] record = new byte[8];
        ByteBuffer.wrap(record).order(ByteOrder.LITTLE_ENDIAN).putInt(cookie).putInt(code);

        Decoded decoded = Decoded.of(responses, record);

        assertEquals(code == 0 || code == 1 ? null : "bad_code", decoded.malformed());
        assertEquals(Integer.toUnsignedLong(cookie), decoded.keys().get("cookie"));
    }
}
