package io.faultline.kernellog.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.faultline.log.LogLine;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Logs of real kernels, as read from /dev/kmsg and as dmesg printed them. */
class KernelCapturesTest {
    private static FakeDecoder read(String name) throws IOException {
        // All lines have a time, so everything is looked at.
        FakeDecoder decoder = new FakeDecoder(line -> 1, "Linux version ");
        try (InputStream log = KernelCapturesTest.class.getResourceAsStream(name)) {
            Logs.read(log, decoder);
        }
        return decoder;
    }

    @ParameterizedTest
    @ValueSource(strings = {"smmuv3-basic-6.1", "smmuv3-storm-7.2", "vtd-basic-6.1"})
    void haveTheSameMessagesInBothForms(String name) throws IOException {
        List<LogLine> records = read("/captures/" + name + ".kmsg").lines();
        List<LogLine> lines = read("/captures/" + name + ".dmesg").lines();

        assertTrue(lines.size() > 50, () -> "only " + lines.size());
        assertEquals(
                lines.stream().map(LogLine::text).toList(),
                records.stream().map(LogLine::text).toList());
        assertEquals(
                lines.stream().map(LogLine::time).toList(),
                records.stream().map(LogLine::time).toList());
    }
}
