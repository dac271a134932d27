package io.faultline.virtio.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.faultline.testkit.Decoded;
import io.faultline.testkit.Vector;
import io.faultline.testkit.VectorFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The vectors, and what holds for any bytes. {@link Decoded} counts the calls of the sink. */
class FaultEventVectorsTest {
    private static final int RECORD_BYTES = 24;

    private final FaultEvent decoder = new FaultEvent();

    static Stream<Vector> vectors() {
        return VectorFile.read(FaultEventVectorsTest.class, "virtio.jsonl").queue("fault");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("vectors")
    void areDecoded(Vector vector) {
        vector.assertExpected(Decoded.of(decoder, vector.bytes()).keys());
    }

    @ParameterizedTest
    @CsvSource({
        "02, 02010000, no mapping or no permission: endpoint 8 at 0x1000 W",
        "01, 00010000, not attached to a domain: endpoint 8 at 0x1000",
        "07, 00000000, fault that the device does not explain: endpoint 8"
    })
    void areDescribedInASentence(String reason, String flags, String sentence) {
        String hex = reason + "000000" + flags + "0800000000000000" + "0010000000000000";

        Map<String, Object> keys = Decoded.of(decoder, HexFormat.of().parseHex(hex)).keys();

        assertEquals(sentence, keys.get("description"));
    }

    @Property
    void areMalformedByTheReservedBytesOnly(@ForAll @Size(RECORD_BYTES) byte[] record) {
        Decoded decoded = Decoded.of(decoder, record);

        boolean clear = (record[1] | record[2] | record[3]) == 0;
        assertEquals(clear ? null : "reserved_bits", decoded.malformed());
        assertNotEquals(Map.of(), decoded.keys());
    }

    /** Unknown flags, reserved2, and an address that does not count. */
    @Property
    void doNotDependOnWhatIsReserved(@ForAll @Size(3) long[] words, @ForAll long noise) {
        words[0] &= 0xffff_ffff_0000_00ffL;
        long[] other = words.clone();
        other[0] ^= noise & (~0x107L << 32);
        other[1] ^= noise & (-1L << 32);
        other[2] ^= (words[0] >>> 40 & 1) == 0 ? noise : 0;

        assertEquals(meaning(words), meaning(other));
    }

    private Map<String, Object> meaning(long[] words) {
        ByteBuffer record = ByteBuffer.allocate(RECORD_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        record.asLongBuffer().put(words);
        Map<String, Object> keys = new HashMap<>(Decoded.of(decoder, record.array()).keys());
        keys.remove("reserved_set");
        return keys;
    }
}
