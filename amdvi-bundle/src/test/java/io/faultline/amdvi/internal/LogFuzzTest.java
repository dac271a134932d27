package io.faultline.amdvi.internal;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.faultline.testkit.Keys;
import io.faultline.testkit.LineReport;
import io.faultline.testkit.RecordingLineSink;
import java.nio.charset.StandardCharsets;

/** Any text: nothing is thrown, and what is found can be described. */
class LogFuzzTest {
    @FuzzTest
    void readsAnyText(byte[] text) {
        String log = new String(text, StandardCharsets.ISO_8859_1);

        for (LineReport report : RecordingLineSink.read(new DriverLines(), log.split("\n"))) {
            if (report.fault() != null) {
                boolean request = AmdVi.PPR_LOG.equals(report.queue());
                Keys.of(report.fault(), request ? new PprRecord() : new EventRecord());
            }
        }
    }
}
