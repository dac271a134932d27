package io.faultline.virtio.internal;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.faultline.testkit.RecordingLineSink;
import java.nio.charset.StandardCharsets;

/** Any text: no exception, whatever the lines say. */
class LogFuzzTest {
    @FuzzTest
    void readsAnyText(byte[] text) {
        String log = new String(text, StandardCharsets.ISO_8859_1);

        RecordingLineSink.read(new DriverLines(), log.split("\n"));
    }
}
