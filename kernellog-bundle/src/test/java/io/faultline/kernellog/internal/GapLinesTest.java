package io.faultline.kernellog.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.faultline.testkit.LineReport;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GapLinesTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "** 123 printk messages dropped **|123",
                "[   12.345678] ** 7 printk messages dropped **|7",
                "** 123 printk messages dropped ** [   12.345678] text|123",
                "Nov  3 10:22:31 host systemd-journald[312]: Missed 12 kernel messages|12",
                "CPU:2 [LOST 17 EVENTS]|17",
                "CPU:2 [17 EVENTS DROPPED]|17",
                "CPU:0 [EVENTS DROPPED]|1",
            })
    void tellHowManyLinesAreMissing(String line, long count) {
        List<LineReport> reports = Logs.read(line + "\n");

        assertEquals(1, reports.size(), reports::toString);
        assertEquals(LineReport.Kind.LOST, reports.get(0).kind());
        assertEquals(count, reports.get(0).count());
        assertNull(reports.get(0).arch());
        assertEquals(1, reports.get(0).line().number());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "Nov  3 10:22:31 host systemd-journald[1]: Suppressed 34 messages from"
                        + " /system.slice/x.service|34|/system.slice/x.service|-",
                "Nov  3 10:22:31 host rsyslogd: imklog: 20 messages lost due to rate-limiting|20|rsyslog|-",
                "Nov  3 10:22:31 host rsyslogd[1]: imuxsock lost 5 messages from pid 17 due to"
                        + " rate-limiting|5|rsyslog|-",
                "[   12.345678] printk: 26 messages suppressed.|26|-|-",
                "(XEN) printk: 26235 messages suppressed.|26235|-|xen",
            })
    void tellHowManyLinesWereSuppressed(String line, long count, String function, String arch) {
        List<LineReport> reports = Logs.read(line + "\n");

        assertEquals(1, reports.size(), reports::toString);
        assertEquals(LineReport.Kind.SUPPRESSED, reports.get(0).kind());
        assertEquals(count, reports.get(0).count());
        assertEquals(0, reports.get(0).atLeast());
        assertEquals(count, reports.get(0).atMost());
        assertEquals(function, reports.get(0).text());
        assertEquals(arch, reports.get(0).arch());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[    1.0] Missed some kernel messages",
                "[    1.0] many messages suppressed",
                "[    1.0] Suppressed no messages from x",
                "[    1.0] printk messages dropped",
                "[    1.0] Missed 99999999999999999999999 kernel messages",
                "[    1.0] dmar_fault: 2 callbacks suppressed",
                "[    1.0] message repeated often",
                "[    1.0] vector: EVENTS DROPPED",
            })
    void areOnlyThoseWithAFigure(String line) {
        assertEquals(List.of(), Logs.read(line + "\n"));
    }

    @Test
    void endWhatDecodersHaveGathered() {
        FakeDecoder decoder = new FakeDecoder(line -> 5, "event");

        Logs.read("event 1\n** 3 printk messages dropped **\nword\nevent 2\n", decoder);

        assertEquals(List.of("open", "event 1", "end", "open", "event 2", "end"), decoder.calls());
    }

    @Test
    void sayThatMoreIsLeftOut() {
        List<LineReport> reports =
                Logs.read(
                        "Nov 3 10:22:31 host rsyslogd: imklog[1]: begin to drop messages due to"
                                + " rate-limiting\n");

        assertEquals(LineReport.Kind.STATUS, reports.get(0).kind());
    }

    @Test
    void repeatALineInBrackets() {
        FakeDecoder decoder = new FakeDecoder("fault");

        Logs.read(
                "Nov  3 10:22:31 host kernel: message repeated 3 times: [ [   12.345678] fault A]\n",
                decoder);

        assertEquals(List.of("fault A", "fault A", "fault A"), decoder.texts());
        assertEquals(12_345_678_000L, decoder.lines().get(0).time());
    }

    @Test
    void repeatTheLineBefore() {
        FakeDecoder decoder = new FakeDecoder("fault");

        Logs.read(
                "Nov  3 10:22:31 host kernel: fault A\nNov  3 10:22:31 host last message repeated 2 times\n"
                        + "Nov  3 10:22:31 host kernel: other\nNov  3 10:22:31 host last message repeated 4"
                        + " times\n",
                decoder);

        assertEquals(List.of("fault A", "fault A", "fault A"), decoder.texts());
    }

    @Test
    void doNotRepeatForEver() {
        FakeDecoder decoder = new FakeDecoder("fault");

        List<LineReport> reports =
                Logs.read("message repeated 1000000000 times: [fault A]\n", decoder);

        assertEquals(RepeatedLine.LIMIT, decoder.lines().size());
        LineReport rest = reports.get(RepeatedLine.LIMIT);
        assertEquals(1_000_000_000 - RepeatedLine.LIMIT, rest.atLeast());
    }
}
