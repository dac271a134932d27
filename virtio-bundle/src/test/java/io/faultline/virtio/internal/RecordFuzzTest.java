package io.faultline.virtio.internal;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.faultline.testkit.Decoded;

/** Any bytes: one report, keys and sentence included, and no exception. */
class RecordFuzzTest {
    @FuzzTest
    void decodesAnyBytes(byte[] bytes) {
        Decoded.of(new FaultEvent(), bytes).keys();
    }
}
