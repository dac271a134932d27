package io.faultline.smmuv3.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.faultline.fault.TimeBase;
import io.faultline.log.LineDecoder;
import io.faultline.log.LogLine;
import io.faultline.testkit.RecordingLineSink;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DriverLogTest {
    private static final String A = "arm-smmu-v3 a.smmu: ";
    private static final String B = "arm-smmu-v3 b.smmu: ";

    private static final String HEADER = "event 0x10 received:";
    private static final String W0 = "\t0x0000010000000010";
    private static final String W1 = "\t0x0000020000000000";
    private static final String W2 = "\t0x000000090000f040";
    private static final String W3 = "\t0x0000000000000000";
    private static final String TEXT =
            "event: F_TRANSLATION client: 0000:01:00.0 sid: 0x100 ssid: 0x0 iova: 0x90000f040"
                    + " ipa: 0x0";
    private static final String ATTRIBUTES =
            "unpriv data write s1 \"Input address caused fault\" stag: 0x0";

    private static final String RECORD =
            "unrecoverable event=F_TRANSLATION stage=1 class=IN sid=100 addr=0x90000f040 perms=W";
    private static final String FAULT = RECORD + " words=4";
    private static final String NAMED = RECORD + " client=0000:01:00.0 words=4";

    @Test
    void readsTheFiveLinesOfOlderKernels() {
        assertEquals(
                List.of("1 a.smmu: " + FAULT, "6 a.smmu: " + FAULT),
                reports(classic(A), classic(A)));
    }

    @Test
    void readsTheSevenLinesOfNewerKernelsAsOneFault() {
        assertEquals(
                List.of("1 a.smmu: " + NAMED, "8 a.smmu: " + NAMED), reports(wordy(A), wordy(A)));
    }

    @Test
    void readsTheSixLinesOfAnEventWithoutAnAddress() {
        assertEquals(
                List.of(
                        "1 a.smmu: unrecoverable event=C_BAD_STREAMID sid=8 words=4",
                        "7 a.smmu: unrecoverable event=F_CD_FETCH sid=100 fetch=0x40003000"
                                + " client=0000:01:00.0 words=4"),
                reports(
                        List.of(
                                A + "event 0x02 received:",
                                A + "\t0x0000000800000002",
                                A + W3,
                                A + W3,
                                A + W3,
                                A
                                        + "event: C_BAD_STREAMID client: (unassigned sid) sid: 0x8 ssid: 0x0",
                                A + "event 0x09 received:",
                                A + "\t0x0000010000000009",
                                A + W3,
                                A + W3,
                                A + "\t0x0000000040003000",
                                A
                                        + "event: F_CD_FETCH client: 0000:01:00.0 sid: 0x100 ssid: 0x0"
                                        + " fetch_addr: 0x40003000")));
    }

    @ParameterizedTest
    @CsvSource(
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "'arm-smmu-v3 a.smmu: \t'",
                "'arm-smmu-v3 a.smmu:      '",
                "'arm-smmu-v3 a.smmu: '",
                "'arm-smmu-v3 a.smmu:'",
                "'arm-smmu-v3 a.smmu: \\x09'",
                "'arm-smmu-v3 a.smmu:\u00a0\u00a0'",
                "'[pid:134,cpu0,irq/13-arm-smmu]arm-smmu-v3 a.smmu:  '",
                "'\t'",
                "'  '",
                "''"
            })
    void findsWordsWhateverStandsBeforeThem(String before) {
        List<String> lines = new ArrayList<>(List.of(A + HEADER));
        for (String word : List.of(W0, W1, W2, W3)) {
            lines.add(before + word.strip());
        }

        assertEquals(List.of("1 a.smmu: " + FAULT), reports(lines));
    }

    @Test
    void toleratesABlankInTheMiddleOfAWordAndCarriageReturns() {
        assertEquals(
                List.of("1 a.smmu: " + FAULT),
                reports(
                        List.of(
                                A + HEADER + "\r",
                                A + "\t0x00000100 00000010",
                                A + W1 + "\r",
                                A + "\t0x00000009 0000f040",
                                A + W3)));
    }

    @Test
    void readsAXenConsole() {
        String xen = "(XEN) SMMUv3: /smmuv3@9050000: ";
        assertEquals(List.of("1 /smmuv3@9050000: " + FAULT), reports(classic(xen)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Event 0x10 Received:",
                "event 0x10 received",
                "event 0x10 received: (this is bad)",
                "event 0x10"
            })
    void readsAHeaderThatSomebodyTyped(String header) {
        List<String> lines = classic(A);
        lines.set(0, A + header);

        assertEquals(List.of("1 a.smmu: " + FAULT), reports(lines));
    }

    @Test
    void keepsUnitsApart() {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            lines.add(wordy(A).get(i));
            lines.add(wordy(B).get(i));
        }

        assertEquals(List.of("1 a.smmu: " + NAMED, "2 b.smmu: " + NAMED), reports(lines));
    }

    @Test
    void letsOtherLinesComeBetween() {
        List<String> lines = new ArrayList<>();
        for (String line : wordy(A)) {
            lines.add(line);
            lines.add("usb 1-1: new high-speed USB device number 2");
        }
        // what is printed in words is known only once it was seen
        lines.addAll(0, wordy(A));

        assertEquals(List.of("1 a.smmu: " + NAMED, "8 a.smmu: " + NAMED), reports(lines));
    }

    @Test
    void countsALateLineInWordsAsADetail() {
        List<String> lines = wordy(A);
        lines.add(5, "usb 1-1: new high-speed USB device number 2");

        assertEquals(
                List.of(
                        "1 a.smmu: " + FAULT,
                        "7 a.smmu: detail the event before in words: client 0000:01:00.0"),
                reports(lines));
    }

    @Test
    void asksForTheNextLineOnlyWhileSomethingIsOpen() {
        LineDecoder.Session session = new DriverLog().open("test");
        RecordingLineSink sink = new RecordingLineSink();
        List<Integer> wanted = new ArrayList<>();

        for (String text : List.of(A + HEADER, W0, "other", W1, W2, W3, "other", "other")) {
            wanted.add(sink.line(session, RecordingLineSink.line(wanted.size() + 1, text)));
        }

        assertEquals(List.of(16, 16, 15, 16, 16, 16, 0, 0), wanted);
        assertEquals(List.of("1 a.smmu: " + FAULT), Reports.of(sink.reports()));
    }

    @Test
    void tellsACompleteFaultWhenALiveLogFallsSilent() {
        LineDecoder.Session session = new DriverLog().open("test");
        RecordingLineSink sink = new RecordingLineSink();
        for (String text : classic(A)) {
            sink.line(session, RecordingLineSink.line(1, text));
        }
        assertTrue(sink.reports().isEmpty());

        session.idle(sink);

        assertEquals(List.of("1 a.smmu: " + FAULT), Reports.of(sink.reports()));
    }

    @Test
    void reportsAHeaderWithoutItsWords() {
        assertEquals(
                List.of(
                        "1 a.smmu: malformed evtq incomplete_record",
                        "3 a.smmu: " + FAULT,
                        "8 a.smmu: malformed evtq incomplete_record"),
                reports(
                        List.of(A + HEADER, A + W0),
                        classic(A),
                        List.of(A + HEADER, A + W0, A + W1)));
    }

    @Test
    void reportsWordsThatContradictTheirHeader() {
        List<String> lines = classic(A);
        lines.set(0, A + "event 0x13 received:");

        assertEquals(List.of("1 a.smmu: malformed evtq incomplete_record"), reports(lines));
    }

    @Test
    void doesNotCallALineOfSomebodyElseIncomplete() {
        assertEquals(List.of(), reports(List.of("acpi device: event 0x10 received:", "other")));
    }

    @Test
    void endsAnEventWhenTheClockJumps() {
        RecordingLineSink sink = new RecordingLineSink();
        LineDecoder.Session session = new DriverLog().open("test");
        sink.line(session, at(1, 0, A + HEADER));
        sink.line(session, at(2, 0, A + W0));
        sink.line(session, at(3, 1_000_000_000L, A + W1));
        assertTrue(sink.reports().isEmpty());

        sink.line(session, at(4, 60_000_000_000L, "arm-smmu-v3 b.smmu: ias 44-bit, oas 44-bit"));

        assertEquals(
                List.of("1 a.smmu: malformed evtq incomplete_record"), Reports.of(sink.reports()));
    }

    @Test
    void readsARecordWhoseHeaderIsLost() {
        assertEquals(
                List.of("1 a.smmu: " + NAMED, "7 a.smmu: " + FAULT),
                reports(wordy(A).subList(1, 7), classic(A).subList(1, 5)));
    }

    @Test
    void countsTheRestOfARecordWithoutItsBeginningAsADetail() {
        assertEquals(
                List.of(
                        "1 a.smmu: detail raw words of a record whose beginning is missing",
                        "3 a.smmu: " + FAULT),
                reports(List.of(A + W2, A + W3), classic(A)));
    }

    @Test
    void readsTheTextWhereTheWordsAreLost() {
        String text =
                "unrecoverable event=F_TRANSLATION stage=1 class=IN sid=100 addr=0x90000f040"
                        + " perms=W client=0000:01:00.0";
        assertEquals(
                List.of(
                        "1 a.smmu: " + text + " words=0",
                        "3 a.smmu: " + text + " truncated=yes words=0",
                        "7 a.smmu: unrecoverable event=F_TRANSLATION sid=100 addr=0x90000f040"
                                + " client=0000:01:00.0 truncated=yes words=0"),
                reports(
                        List.of(A + TEXT, A + ATTRIBUTES),
                        List.of(A + HEADER, A + W0, A + TEXT, A + ATTRIBUTES),
                        List.of(A + TEXT)));
    }

    @Test
    void readsTheTextOfAStalledStage2Access() {
        assertEquals(
                List.of(
                        "1 null: page_request event=F_PERMISSION stage=2 class=TT grpid=31 last=true"
                                + " sid=8 pasid=5 addr=0x1000 perms=RXPRIV ipa=0x80045000"
                                + " client=9f000000.npu words=0"),
                reports(
                        List.of(
                                "event: F_PERMISSION client: 9f000000.npu sid: 0x8 ssid: 0x5 iova: 0x1000"
                                        + " ipa: 0x80045000",
                                "priv inst read s2 \"Stage 1 translation table fetch\" ttd_read stall"
                                        + " stag: 0x1f")));
    }

    @ParameterizedTest
    @CsvSource({
        "event: UNKNOWN client: 0000:01:00.0 sid: 0x100 ssid: 0x0,"
                + " 'unrecoverable sid=100 client=0000:01:00.0 words=0'",
        "event: C_BAD_CD client: (unassigned sid) sid: 8 ssid: 0,"
                + " 'unrecoverable event=C_BAD_CD sid=8 words=0'",
        "event: F_VMS_FETCH client: x sid: 0x8 ssid: 0x1 fetch_addr: 0x40,"
                + " 'unrecoverable event=F_VMS_FETCH sid=8 pasid=1 fetch=0x40 client=x words=0'",
        "event: C_BAD_STE client: 0000:01,"
                + " 'unrecoverable event=C_BAD_STE client=0000:01 truncated=yes words=0'",
        "event: F_ACCESS client: x sid: 0x8 ssid: 0x1 iova: 0x12,"
                + " 'unrecoverable event=F_ACCESS sid=8 pasid=1 addr=0x12 client=x"
                + " truncated=yes words=0'"
    })
    void readsAnyLineInWords(String line, String report) {
        assertEquals(List.of("1 a.smmu: " + report), reports(List.of(A + line)));
    }

    @Test
    void doesNotTakeTheTextOfAnotherEventForThatOfTheRecord() {
        String other = TEXT.replace("sid: 0x100", "sid: 0x200");
        List<String> lines = classic(A);
        lines.add(A + other);
        lines.add(A + ATTRIBUTES);

        assertEquals(
                List.of(
                        "1 a.smmu: " + FAULT,
                        "6 a.smmu: unrecoverable event=F_TRANSLATION stage=1 class=IN sid=200"
                                + " addr=0x90000f040 perms=W client=0000:01:00.0 words=0"),
                reports(lines));
    }

    @Test
    void joinsALineInWordsThatMailHasWrapped() {
        LineDecoder.Session session = new DriverLog().open("test");
        RecordingLineSink sink = new RecordingLineSink();
        sink.line(session, RecordingLineSink.line(1, A + "event: C_BAD_STE client: x sid="));
        sink.line(session, new LogLine(2, ": 0x8 ssid: 0x0", 0, TimeBase.NONE, null, true, false));

        assertEquals(
                List.of("1 a.smmu: unrecoverable event=C_BAD_STE sid=8 client=x words=0"),
                Reports.of(sink.reports()));
    }

    @Test
    void readsReservedNumbersAsMalformed() {
        assertEquals(
                List.of("1 a.smmu: malformed evtq unknown_event"),
                reports(
                        List.of(
                                A + "event 0x7f received:",
                                A + "\t0x000000000000007f",
                                A + W3,
                                A + W3,
                                A + W3)));
    }

    @Test
    void tellsAStallAsAnObservedPageRequest() {
        assertEquals(
                List.of(
                        "1 a.smmu: page_request event=F_TRANSLATION stage=1 class=IN grpid=2839"
                                + " last=true sid=1 pasid=2 addr=0x0 perms=R words=4"),
                reports(
                        List.of(
                                A + HEADER,
                                A + "\t0x0000000100002810",
                                A + "\t0x0000020880000b17",
                                A + W3,
                                A + W3)));
    }

    @ParameterizedTest
    @CsvSource({
        "'sid 0x00000100.0x0002a: [17L] unprivileged RW access at iova 0x00007f0012346000',"
                + " 'page_request grpid=17 last=true sid=100 pasid=42 addr=0x7f0012346000"
                + " perms=RW words=0'",
        "'sid 0x00000100.0x00000: [3] privileged RX access at iova 0x0000000000001000',"
                + " 'page_request grpid=3 sid=100 addr=0x1000 perms=RXPRIV words=0'",
        "'sid 0x00000100.0x0002a: [0L] unprivileged  access at iova 0x0000000000000000',"
                + " 'page_request_stop grpid=0 last=true sid=100 pasid=42 words=0'",
        "'sid 0x00000100.0x00000: [0L] unprivileged  access at iova 0x0000000000000000',"
                + " 'page_request grpid=0 last=true sid=100 addr=0x0 words=0'"
    })
    void readsPageRequests(String line, String report) {
        String header = A + "unexpected PRI request received:";

        assertEquals(List.of("1 a.smmu: " + report), reports(List.of(header, A + '\t' + line)));
        assertEquals(List.of("1 a.smmu: " + report), reports(List.of(header, '\t' + line)));
        assertEquals(List.of("1 a.smmu: " + report), reports(List.of(A + line)));
    }

    @Test
    void reportsAPageRequestOfWhichOnlyTheFirstLineIsThere() {
        assertEquals(
                List.of("1 a.smmu: malformed priq incomplete_record"),
                reports(
                        List.of(
                                A + "unexpected PRI request received:",
                                A
                                        + "\tsid 0x00000100.0x00000: [999L] unprivileged R access at"
                                        + " iova 0x0000000000001000")));
    }

    @ParameterizedTest
    @CsvSource({
        "arm_smmu_evtq_thread: 90 callbacks suppressed, 90, 90",
        "arm_smmu_dump_event: 1970 callbacks suppressed, 1970, 1970",
        "arm_smmu_priq_thread: 2 callbacks suppressed, 2, 2",
        "arm_smmu_cmdq_issue_cmdlist: 5 callbacks suppressed, 5, 0"
    })
    void countsWhatTheKernelDidNotPrint(String line, long printed, long faults) {
        String function = line.substring(0, line.indexOf(':'));

        assertEquals(
                List.of(
                        "1 a.smmu: " + FAULT,
                        "6 null: suppressed "
                                + function
                                + ' '
                                + printed
                                + " stand for "
                                + faults
                                + ".."
                                + faults),
                reports(classic(A), List.of(line)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "arm_smmu_context_fault: 83 callbacks suppressed",
                "dmar_fault: 83 callbacks suppressed",
                "arm_smmu_dump_event: 99999999999999999999 callbacks suppressed",
                "arm-smmu-v3 a.smmu: ias 44-bit, oas 44-bit (features 0x00008305)",
                "arm-smmu-v3 a.smmu: msi base: 0x0000000008080040",
                "arm-smmu-v3 a.smmu: allocated 65536 entries for cmdq",
                "arm-smmu-v3-pmcg arm-smmu-v3-pmcg.0.auto: option mask 0x0",
                "foo bar: EVTQ overflow detected -- events lost"
            })
    void leavesOtherLinesAlone(String line) {
        assertEquals(List.of(), reports(List.of(line)));
    }

    @ParameterizedTest
    @CsvSource({
        "EVTQ overflow detected -- events lost, records lost evtq",
        "PRIQ overflow detected -- requests lost, records lost priq",
        "EVTQ write aborted -- events may have been lost, records lost evtq",
        "PRIQ write aborted -- events may have been lost, records lost priq",
        "'unexpected global error reported (0x00000005), this could be serious',"
                + " 'status the unit reports a global error: CMDQ_ERR, EVENTQ_ABT_ERR (GERROR 0x5)'",
        "'unexpected global error reported (0x',status the unit reports a global error",
        "device has entered Service Failure Mode!, status the unit has entered service failure",
        "CMDQ error (cons 0x01000004): Illegal command, status the unit met an error",
        "'CMD_SYNC timeout at 0x00000042 [hwprod 0x00000043, hwcons 0x00000042]', status the unit",
        "CMDQ timeout, status the unit did not consume",
        "EVTQ MSI write aborted, status an interrupt of the event queue"
    })
    void tellsWhatElseTheDriverSays(String line, String report) {
        List<String> said = reports(List.of(A + line));

        assertEquals(1, said.size(), said::toString);
        assertTrue(said.get(0).startsWith("1 a.smmu: " + report), said::toString);
    }

    @Test
    void doesNotTakeASkippedCommandForARecord() {
        List<String> lines = classic(A);
        lines.addAll(
                3,
                List.of(
                        A + "CMDQ error (cons 0x01000004): Illegal command",
                        A + "skipping command in error state:",
                        A + "\t0x0000000000000046",
                        A + "\t0x0000000000000010"));

        List<String> said = reports(lines);

        assertEquals("1 a.smmu: " + FAULT, said.get(2));
        assertEquals(3, said.size(), said::toString);
    }

    @Test
    void keepsABoundedNumberOfUnits() {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            lines.add("arm-smmu-v3 smmu" + i + ": " + HEADER);
        }

        List<String> said = reports(lines);

        assertEquals(100, said.size());
        assertEquals("1 smmu0: malformed evtq incomplete_record", said.get(0));
        assertEquals("100 smmu99: malformed evtq incomplete_record", said.get(99));
    }

    @Test
    void hasLiteralsThatAScannerCanSearchFor() {
        for (String literal : new DriverLog().literals()) {
            assertTrue(literal.length() >= 4, literal);
            assertFalse(literal.isBlank(), literal);
        }
    }

    private static List<String> classic(String prefix) {
        return new ArrayList<>(wordy(prefix).subList(0, 5));
    }

    private static List<String> wordy(String prefix) {
        List<String> lines = new ArrayList<>();
        for (String text : List.of(HEADER, W0, W1, W2, W3, TEXT, ATTRIBUTES)) {
            lines.add(prefix + text);
        }
        return lines;
    }

    private static LogLine at(long number, long nanos, String text) {
        return new LogLine(number, text, nanos, TimeBase.BOOT, null, true, true);
    }

    @SafeVarargs
    private static List<String> reports(List<String>... parts) {
        List<String> lines = new ArrayList<>();
        for (List<String> part : parts) {
            lines.addAll(part);
        }
        return Reports.of(lines.toArray(String[]::new));
    }
}
