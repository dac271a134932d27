package io.faultline.amdvi.internal;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.faultline.testkit.Decoded;

/** Any bytes: one report each, keys and sentence included, and no exception. */
class RecordFuzzTest {
    @FuzzTest
    void decodesAnyBytes(byte[] bytes) {
        Decoded.of(new EventRecord(), bytes).keys();
        Decoded.of(new PprRecord(), bytes).keys();
    }
}
