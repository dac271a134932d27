package io.faultline.vtd.internal;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.faultline.fault.Fault;
import io.faultline.testkit.Keys;
import io.faultline.testkit.LineReport;
import io.faultline.testkit.RecordingLineSink;

/** Any text: nothing is thrown, and what is found can be described. */
class LogFuzzTest {
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
