package io.faultline.kernellog.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.faultline.log.LogLine;
import java.io.ByteArrayInputStream;
import java.util.Random;

/** Any bytes are a log of some form (R16). */
class LogFuzzTest {
    @FuzzTest
    void readsAnyBytes(byte[] bytes) {
        FakeDecoder whole = new FakeDecoder(line -> line.text().length() % 3, "fault", "Event ");
        FakeDecoder inPieces = new FakeDecoder(line -> line.text().length() % 3, "fault", "Event ");

        Logs.read(new ByteArrayInputStream(bytes), whole);
        Logs.read(new ChoppedStream(bytes, new Random(bytes.length)), inPieces);

        long number = 1;
        for (LogLine line : whole.lines()) {
            assertTrue(line.number() >= number, () -> line.number() + " after a later line");
            assertTrue(line.text().indexOf('\n') < 0, line::text);
            number = line.number();
        }
        assertEquals(whole.lines(), inPieces.lines());
    }
}
