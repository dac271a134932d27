package io.faultline.amdvi.internal;

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

/** The vectors of both logs. */
class RecordVectorsTest {
    private static final Map<String, RecordDecoder> DECODERS =
            Map.of(AmdVi.EVENT_LOG, new EventRecord(), AmdVi.PPR_LOG, new PprRecord());

    static Stream<Vector> vectors() {
        return DECODERS.keySet().stream()
                .sorted()
                .flatMap(VectorFile.read(RecordVectorsTest.class, "amdvi.jsonl")::queue);
    }

    private static Map<String, Object> keys(Vector vector) {
        return Decoded.of(DECODERS.get(vector.queue()), vector.bytes()).keys();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("vectors")
    void areDecoded(Vector vector) {
        vector.assertExpected(keys(vector));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "command",
                "counter_note",
                "domain",
                "fetch",
                "flags_rmp",
                "interrupt",
                "linux_reject",
                "request_type",
                "reserved_set",
                "vmg_tag"
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
