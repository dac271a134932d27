package io.faultline.kernellog.internal;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class OldRecordsTest {
    private static final long MILLI = 1_000_000;
    private static final long HOUR = 3600 * 1000 * MILLI;

    private final OldRecords records = new OldRecords(10 * HOUR);

    private boolean isOld(long nanosSinceBoot, long waitedNanos) {
        byte[] record = Logs.bytes("6,1," + nanosSinceBoot / 1000 + ",-;text\n");
        return records.isOld(record, record.length, waitedNanos);
    }

    @Test
    void areThoseThatNeedNoWaiting() {
        assertTrue(isOld(1, 2000));
        assertTrue(isOld(10 * HOUR, 2000));
        assertFalse(isOld(10 * HOUR + 1, 10 * MILLI));
        assertFalse(isOld(10 * HOUR + 2, 2000));
    }

    @Test
    void areThoseOfLongAgoThoughTheMachineWasSlow() {
        assertTrue(isOld(9 * HOUR, 100 * MILLI));
        assertTrue(isOld(9 * HOUR, 2000));
    }

    @Test
    void areNoneOnceTheDeviceWasWaitedForWhateverTheClocksSay() {
        assertFalse(isOld(HOUR, 5000 * MILLI));
    }

    @Test
    void areNoneOfAnotherFormOnceWaitedFor() {
        byte[] line = Logs.bytes("some text\n");

        assertTrue(records.isOld(line, line.length, 1));
        assertFalse(records.isOld(line, line.length, 10 * MILLI));
    }
}
