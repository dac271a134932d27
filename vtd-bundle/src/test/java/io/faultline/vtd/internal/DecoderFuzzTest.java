package io.faultline.vtd.internal;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.faultline.fault.Fault;
import io.faultline.hardware.RecordDecoder;
import io.faultline.testkit.Decoded;
import io.faultline.testkit.Keys;
import io.faultline.testkit.LineReport;
import io.faultline.testkit.RecordingLineSink;
import java.util.Arrays;

/** Any bytes and any text lead to a fault or to a reason why not (R16). */
class DecoderFuzzTest {
    @FuzzTest
    void decodesAnyRecord(byte[] bytes) {
        decode(new RecordingRegister(), bytes);
        decode(new PageRequestDescriptor(), bytes);
        decode(new OldPageRequestDescriptor(), bytes);
    }

    private static void decode(RecordDecoder decoder, byte[] bytes) {
        Decoded.of(decoder, Arrays.copyOf(bytes, decoder.recordBytes())).keys();
    }

    @FuzzTest
    void readsAnyText(FuzzedDataProvider data) {
        String[] lines = data.consumeRemainingAsString().split("\n", -1);

        for (LineReport report : RecordingLineSink.read(new DmarLines(), lines)) {
            Fault fault = report.fault();
            if (fault != null) {
                Keys.of(fault, new RecordingRegister());
                Keys.of(fault, new PageRequestDescriptor());
            }
        }
    }
}
