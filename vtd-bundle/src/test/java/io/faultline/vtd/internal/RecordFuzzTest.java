package io.faultline.vtd.internal;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.faultline.hardware.RecordDecoder;
import io.faultline.testkit.Decoded;
import java.util.Arrays;

/** Any record: nothing is thrown. */
class RecordFuzzTest {
    @FuzzTest
    void decodesAnyRecord(byte[] bytes) {
        decode(new RecordingRegister(), bytes);
        decode(new PageRequestDescriptor(), bytes);
        decode(new OldPageRequestDescriptor(), bytes);
    }

    private static void decode(RecordDecoder decoder, byte[] bytes) {
        Decoded.of(decoder, Arrays.copyOf(bytes, decoder.recordBytes())).keys();
    }
}
