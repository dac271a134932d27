package io.faultline.kernellog.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.faultline.fault.TimeBase;
import io.faultline.log.LogLine;
import io.faultline.testkit.LineReport;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KmsgFormTest {
    @Test
    void givesTimeDeviceAndTextOfARecord() {
        List<LogLine> lines =
                Logs.lines(
                        """
                        6,1,100,-;boot
                        3,2,12345678,-,caller=T12;pci 0000:01:00.0: fault\\x09A \\x5c
                         SUBSYSTEM=pci
                         DEVICE=+pci:0000:01:00.0
                        3,3,12345679,-;fault B
                        """,
                        "fault");

        assertEquals(
                List.of(
                        new LogLine(
                                2,
                                "pci 0000:01:00.0: fault\tA \\",
                                12_345_678_000L,
                                TimeBase.BOOT,
                                "+pci:0000:01:00.0",
                                true,
                                true),
                        new LogLine(
                                5, "fault B", 12_345_679_000L, TimeBase.BOOT, null, true, true)),
                lines);
    }

    @Test
    void searchesForLiteralsAsTheyAreWrittenThere() {
        assertEquals(1, Logs.lines("3,1,1,-;x: \\x09sid 0x1\n", "\tsid 0x").size());
    }

    @Test
    void makesALineOfEachLineOfAMessage() {
        List<LogLine> lines =
                Logs.lines("3,1,7,-;fault A\\x0aother\\x0a\\x0afault B\\x0a\n", "fault");

        assertEquals(List.of("fault A", "fault B"), lines.stream().map(LogLine::text).toList());
        assertEquals(List.of(1L, 1L), lines.stream().map(LogLine::number).toList());
    }

    @Test
    void marksWhatUserSpaceWrote() {
        List<LogLine> lines = Logs.lines("3,1,1,-;fault A\n11,2,2,-;fault B\n", "fault");

        assertTrue(lines.get(0).verified());
        assertFalse(lines.get(1).verified());
    }

    @Test
    void countsTheRecordsThatAreMissing() {
        FakeDecoder decoder = new FakeDecoder("fault");

        List<LineReport> reports =
                Logs.read("3,7,1,-;fault A\n3,10,2000,-;x\n3,11,3,-;y\n3,5,4,-;fault B\n", decoder);

        LineReport lost = reports.get(2);
        assertEquals(LineReport.Kind.LOST, lost.kind());
        assertEquals(2, lost.count());
        assertEquals(2, lost.line().number());
        assertEquals(2_000_000, lost.line().time());
        // What the session had gathered ended at the gap. A number that falls is another boot.
        assertEquals(List.of("open", "fault A", "end", "open", "fault B", "end"), decoder.calls());
    }

    @Test
    void countsUpToTheEndOfTheNumbers() {
        List<LineReport> reports =
                Logs.read("3,0,1,-;a\n3,18446744073709551615,1,-;b\n", new FakeDecoder("nowhere"));

        assertEquals(Long.MAX_VALUE, reports.get(0).count());
        assertTrue(reports.get(0).text().startsWith("18446744073709551614 "), reports::toString);
    }

    @Test
    void putsFragmentsTogether() {
        List<LogLine> lines =
                Logs.lines(
                        """
                        3,1,1,c;AMD-Vi: Event logged [
                        3,2,2,+;IO_PAGE_FAULT
                        3,3,3,+; device=1]
                        3,4,4,-;AMD-Vi: Event logged [other
                        """,
                        "Event logged");

        assertEquals(
                List.of(
                        "AMD-Vi: Event logged [IO_PAGE_FAULT device=1]",
                        "AMD-Vi: Event logged [other"),
                lines.stream().map(LogLine::text).toList());
    }

    @Test
    void findsALiteralThatTwoFragmentsShare() {
        assertEquals(1, Logs.lines("3,1,1,c;Event lo\n3,2,2,+;gged\n", "Event logged").size());
    }

    @Test
    void doesNotPutFragmentsTogetherOverAGap() {
        List<LogLine> lines =
                Logs.lines("3,1,1,c;fault A\n3,3,3,+;fault B\n3,4,4,-;fault C\n", "fault");

        assertEquals(
                List.of("fault A", "fault B", "fault C"),
                lines.stream().map(LogLine::text).toList());
    }

    @Test
    void isRecognisedThoughItsBeginIsCut() {
        List<LogLine> lines =
                Logs.lines(
                        """
                        cut off text
                         DEVICE=+pci:0000:09:00.0
                        3,2,1000,-;fault A
                         DEVICE=+pci:0000:01:00.0
                        """,
                        "fault");

        assertEquals("+pci:0000:01:00.0", lines.get(0).device());
        assertEquals(3, lines.get(0).number());
    }

    @Test
    void isRecognisedFurtherDownWhereALiteralIs() {
        List<LogLine> lines =
                Logs.lines(
                        "Hello, my machine says:\n".repeat(50)
                                + "3,2,1000,-;fault A\n DEVICE=+pci:0000:01:00.0\nregards\n",
                        "fault");

        assertEquals("+pci:0000:01:00.0", lines.get(0).device());
        assertEquals(51, lines.get(0).number());
    }

    @Test
    void readsOtherLinesAsText() {
        List<LogLine> lines = Logs.lines("3,2,1000,-;fault A\n[    2.000000] fault B\n", "fault");

        assertEquals(List.of("fault A", "fault B"), lines.stream().map(LogLine::text).toList());
        assertEquals(2_000_000_000L, lines.get(1).time());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "3,1,1,-;fault",
                "3,1,1,c;fault",
                "3,1,1,+;fault",
                "191,18446744073709551615,999999999999999999,-,a=b,c;fault",
            })
    void knowsAHead(String record) {
        assertEquals(LogKind.KMSG, LogKind.of(Logs.bytes(record), 0, record.length()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "3,1,1,x;fault",
                "3,1,1,-fault",
                "3,1,1;fault",
                "3,1,-;fault",
                "1,2,3 go; fault",
                "3,,1,-;fault",
                ",1,1,-;fault",
                "-3,1,1,-;fault",
            })
    void knowsWhatIsNoHead(String record) {
        assertEquals(LogKind.TEXT, LogKind.of(Logs.bytes(record), 0, record.length()));
    }
}
