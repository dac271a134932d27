package io.faultline.driverlogs.internal;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;

/** Any text: nothing is thrown, and what is found can be described. */
class TraceFuzzTest {
    @FuzzTest
    void readsAnyText(FuzzedDataProvider data) {
        String[] lines = data.consumeRemainingAsString().split("\n", -1);

        Said.by(new TraceLog(), lines);
    }
}
