package io.faultline.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.faultline.fault.Fault;
import io.faultline.fault.FaultBits;
import io.faultline.fault.Reason;
import io.faultline.fault.TimeBase;
import io.faultline.log.LineDecoder;
import io.faultline.log.LineSink;
import io.faultline.log.LogLine;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RecordingLineSinkTest {
    /** "fault N" begins a fault that the next line ends, whatever it says. */
    private static final class TwoLines implements LineDecoder, LineDecoder.Session {
        private final List<String> seen = new ArrayList<>();
        private LogLine head;

        @Override
        public List<String> literals() {
            return List.of("fault");
        }

        @Override
        public Session open(String source) {
            return this;
        }

        @Override
        public int line(LogLine line, LineSink out) {
            seen.add(line.text());
            if (head == null) {
                head = line;
                return 1;
            }
            out.at(head).unit("test", null).queue("q").device("0000:01:00.0").words(1);
            out.unrecoverable(Reason.PERMISSION, 6, FaultBits.WRITE, 0, -1, 0, 0, 0xabc, 0, 0, 0);
            head = null;
            return 0;
        }

        @Override
        public void end(LineSink out) {
            if (head != null) {
                out.at(head).truncated().detail("cut off");
            }
        }
    }

    @Test
    void readsAsTheScannerDoes() {
        TwoLines decoder = new TwoLines();

        List<LineReport> reports =
                RecordingLineSink.read(decoder, "other", "fault 1", "rest", "other", "fault 2");

        assertEquals(List.of("fault 1", "rest", "fault 2"), decoder.seen);
        assertEquals(2, reports.size());
    }

    @Test
    void keepsWhatWasSaidAboutAFault() {
        LineReport report = RecordingLineSink.read(new TwoLines(), "fault 1", "rest").get(0);

        Fault fault = report.fault();
        assertEquals(LineReport.Kind.FAULT, report.kind());
        assertEquals("q", report.queue());
        assertNull(report.unit());
        assertTrue(fault.observed());
        assertEquals("0000:01:00.0", fault.deviceName());
        assertEquals(1, fault.sequence());
        assertEquals(1, fault.rawWords());
        assertEquals(0xabc, fault.raw(0));
        assertEquals(TimeBase.NONE, fault.timeBase());
    }

    @Test
    void tellsWhatWasIncompleteAtTheEnd() {
        LineReport report = RecordingLineSink.read(new TwoLines(), "fault 1").get(0);

        assertEquals(LineReport.Kind.DETAIL, report.kind());
        assertEquals("cut off", report.text());
        assertEquals(1, report.line().number());
        assertTrue(report.truncated());
    }

    @Test
    void forgetsAfterEachCallWhatWasSaidAboutIt() {
        RecordingLineSink sink = new RecordingLineSink();

        sink.unit("test", "test0").device("d").truncated().keys(k -> k.flag("pending", true));
        sink.status("one");
        sink.suppressed("f", 5, 5, 10);

        assertEquals(Map.of("pending", true), sink.reports().get(0).keys());
        LineReport second = sink.reports().get(1);
        assertNull(second.arch());
        assertNull(second.device());
        assertFalse(second.truncated());
        assertEquals(Map.of(), second.keys());
        assertEquals(5, second.count());
        assertEquals(10, second.atMost());
    }

    @Test
    void keepsTheOrderOfAllReports() {
        RecordingLineSink sink = new RecordingLineSink();

        sink.lost(3, "gap");
        sink.recordsLost("overflow");
        sink.malformed("bad_line", 0, 0, 0, 0);

        assertEquals(
                List.of(
                        LineReport.Kind.LOST,
                        LineReport.Kind.RECORDS_LOST,
                        LineReport.Kind.MALFORMED),
                sink.reports().stream().map(LineReport::kind).toList());
    }

    @Test
    void catchesAFaultWithoutItsArchitecture() {
        LineDecoder.Session session =
                (line, out) -> {
                    out.stopMarker(0, 0, 0, 0, 0, 0, 0, 0);
                    return 0;
                };
        RecordingLineSink sink = new RecordingLineSink();

        assertThrows(
                AssertionError.class, () -> sink.line(session, RecordingLineSink.line(1, "fault")));
    }
}
