package io.faultline.replay.internal;

import static io.faultline.log.LogSource.ENDED;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.faultline.fault.TimeBase;
import io.faultline.testkit.LineReport;
import io.faultline.testkit.ManualTicker;
import io.faultline.testkit.RecordingLineSink;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PacedLogTest {
    private static final long SECOND = 1_000_000_000;

    private final ManualTicker ticker = new ManualTicker(Long.MAX_VALUE - 1);
    private final RecordingLineSink out = new RecordingLineSink();
    private final List<FakeLog> opened = new ArrayList<>();
    private final List<String> remarks = new ArrayList<>();

    @Test
    void readsAsFastAsItIsTaken() throws IOException {
        PacedLog log = log(Rate.MAX, false, FakeLog.TIMED, 1, 2, 3);

        assertEquals(2, log.read(out, 2));
        assertEquals(1, log.read(out, 2));
        assertEquals(ENDED, log.read(out, 2));
        assertEquals(ENDED, log.read(out, 2));
        assertEquals(List.of("report 1", "report 2", "report 3"), told());
        assertTrue(opened.get(0).isClosed());
    }

    @Test
    void readsAtARate() throws IOException {
        PacedLog log = log(new Rate(2), false, FakeLog.TIMED, 1, 2, 3);
        assertEquals(0, log.read(out, 100));

        ticker.advance(Duration.ofSeconds(1));
        assertEquals(2, log.read(out, 100));
        assertEquals(0, log.read(out, 100));

        ticker.advance(Duration.ofSeconds(1));
        assertEquals(1, log.read(out, 100));
    }

    @Test
    void readsAsTheTimesInTheLogAreApart() throws IOException {
        PacedLog log =
                log(Rate.RECORDED, false, FakeLog.TIMED, 70 * SECOND, 70 * SECOND, 75 * SECOND, 71);

        assertEquals(2, log.read(out, 100), "the first ones at once");
        ticker.advanceNanos(5 * SECOND - 1);
        assertEquals(0, log.read(out, 100));
        ticker.advanceNanos(1);
        assertEquals(2, log.read(out, 100), "the last one's time has gone back");
        assertEquals(ENDED, log.read(out, 100));
        assertEquals(71, out.reports().get(3).line().time());
        assertEquals("u", out.reports().get(3).unit());
    }

    @Test
    void saysOnceThatALogHasNoTimes() throws IOException {
        PacedLog log = log(Rate.RECORDED, false, TimeBase.NONE, 0, 0);

        assertEquals(2, log.read(out, 100));
        assertEquals(
                List.of("a.log: rate=recorded, but its lines have no times: played at once"),
                remarks);
    }

    @Test
    void beginsAgainInALoop() throws IOException {
        PacedLog log = log(Rate.RECORDED, true, FakeLog.TIMED, 5, 5);

        assertEquals(2, log.read(out, 2));
        assertEquals(0, log.read(out, 2));
        assertEquals(2, log.read(out, 2));

        assertEquals(2, opened.size());
        assertTrue(opened.get(0).isClosed());
        assertTrue(log.change(Rate.MAX, false));
        assertEquals(ENDED, log.read(out, 2));
        assertFalse(log.change(Rate.MAX, true));
    }

    @Test
    void doesNotReadALogThatSaysNothingForEver() throws IOException {
        PacedLog log = log(Rate.MAX, true, FakeLog.TIMED);

        assertEquals(ENDED, log.read(out, 1));
    }

    @Test
    void losesNothingWhenItsRateChanges() throws IOException {
        PacedLog log = log(Rate.RECORDED, false, FakeLog.TIMED, 1, 2 * SECOND, 3 * SECOND);
        assertEquals(1, log.read(out, 100));

        assertTrue(log.change(Rate.MAX, false));

        assertEquals(1, log.read(out, 100));
        assertEquals(1, log.read(out, 100));
        assertEquals(List.of("report 1", "report 2", "report 3"), told());
    }

    @Test
    void closesWhatItReads() throws IOException {
        PacedLog log = log(Rate.MAX, false, FakeLog.TIMED, 1, 2);
        log.close();
        log.read(out, 1);

        log.close();

        assertTrue(opened.get(0).isClosed());
    }

    private PacedLog log(Rate rate, boolean loop, TimeBase timeBase, long... times) {
        return new PacedLog(
                "a.log",
                () -> {
                    FakeLog log = new FakeLog(timeBase, times);
                    opened.add(log);
                    return log;
                },
                rate,
                loop,
                ticker,
                remarks::add);
    }

    private List<String> told() {
        return out.reports().stream().map(LineReport::text).toList();
    }
}
