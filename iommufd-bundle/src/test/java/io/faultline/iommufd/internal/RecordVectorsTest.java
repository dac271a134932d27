package io.faultline.iommufd.internal;

import io.faultline.hardware.RecordDecoder;
import io.faultline.smmuv3.internal.EventDecoder;
import io.faultline.testkit.Decoded;
import io.faultline.testkit.Vector;
import io.faultline.testkit.VectorFile;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The vectors of all three kinds of records. */
class RecordVectorsTest {
    private static final Map<String, RecordDecoder> DECODERS =
            Map.of(
                    Iommufd.FAULT_QUEUE, new PageFault(),
                    Iommufd.RESPONSE_QUEUE, new PageResponse(),
                    Iommufd.EVENT_QUEUE, new VirtualEvent(new EventDecoder()));

    static Stream<Vector> vectors() {
        return VectorFile.read(RecordVectorsTest.class, "iommufd.jsonl").all();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("vectors")
    void areDecoded(Vector vector) {
        RecordDecoder decoder = DECODERS.get(vector.queue());

        Decoded decoded =
                Decoded.of(decoder, Decoded.origin(vector.arch(), vector.queue()), vector.bytes());

        vector.assertExpected(decoded.keys());
    }
}
