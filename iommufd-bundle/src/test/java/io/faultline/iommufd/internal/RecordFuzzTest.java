package io.faultline.iommufd.internal;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.faultline.smmuv3.internal.EventDecoder;
import io.faultline.testkit.Decoded;

/** Any bytes: one report each, keys and sentence included, and no exception. */
class RecordFuzzTest {
    @FuzzTest
    void decodesAnyBytes(byte[] bytes) {
        Decoded.of(new PageFault(), bytes).keys();
        Decoded.of(new PageResponse(), bytes).keys();
        Decoded.of(new VirtualEvent(new EventDecoder()), bytes).keys();
    }
}
