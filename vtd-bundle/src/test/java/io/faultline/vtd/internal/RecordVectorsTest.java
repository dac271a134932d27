package io.faultline.vtd.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.faultline.hardware.RecordDecoder;
import io.faultline.testkit.Decoded;
import io.faultline.testkit.Vector;
import io.faultline.testkit.VectorFile;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The vectors of all three kinds of records. */
class RecordVectorsTest {
    private static final Map<String, RecordDecoder> DECODERS =
            Map.of(
                    RecordingRegister.QUEUE, new RecordingRegister(),
                    PageRequestDescriptor.QUEUE, new PageRequestDescriptor(),
                    OldPageRequestDescriptor.QUEUE, new OldPageRequestDescriptor());

    static Stream<Vector> vectors() {
        return DECODERS.keySet().stream()
                .sorted()
                .flatMap(VectorFile.read(RecordVectorsTest.class, "vtd.jsonl")::queue);
    }

    private static Map<String, Object> keys(Vector vector) {
        return Decoded.of(DECODERS.get(vector.queue()), vector.bytes()).keys();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("vectors")
    void areDecoded(Vector vector) {
        Map<String, Object> keys = keys(vector);

        vector.assertExpected(keys);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "address_type",
                "interrupt_index",
                "linux_reject",
                "private_data",
                "reserved_set"
            })
    void haveAKeyOnlyWhereTheRecordHasAPlaceForIt(String key) {
        vectors()
                .forEach(
                        vector ->
                                assertEquals(
                                        vector.expect().containsKey(key),
                                        keys(vector).containsKey(key),
                                        vector.id()));
    }
}
