package io.faultline.testkit;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.faultline.hardware.RecordDecoder;
import java.util.HexFormat;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The API carries what architectures that have no bundle yet report. */
class CarriedDecodersTest {
    private static final RecordDecoder AMD_PPR = new AmdPprDecoder();

    static Stream<Vector> amdPpr() {
        return vectors("amdvi-ppr.jsonl", "ppr");
    }

    private static Stream<Vector> vectors(String file, String queue) {
        return VectorFile.read(CarriedDecodersTest.class, file).queue(queue);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("amdPpr")
    void carriesTheAmdPprLog(Vector vector) {
        decodes(AMD_PPR, vector);
    }

    private static void decodes(RecordDecoder decoder, Vector vector) {
        Decoded decoded =
                Decoded.of(decoder, Decoded.origin(vector.arch(), vector.queue()), vector.bytes());

        vector.assertExpected(decoded.keys());
    }

    /** Decoded holds the decoders to one call of the sink (R16). */
    @Property
    void makesSomethingOfAnyBytes(@ForAll @Size(40) byte[] bytes) {
        Decoded decoded = Decoded.of(AMD_PPR, bytes);

        assertTrue(decoded.keys().containsKey("kind"), HexFormat.of().formatHex(bytes));
    }
}
