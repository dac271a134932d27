package io.faultline.vtd.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.faultline.fault.Fault;
import io.faultline.fault.PageRequestGroup;
import io.faultline.fault.TimeBase;
import io.faultline.fault.UnrecoverableFault;
import io.faultline.log.LineDecoder;
import io.faultline.log.LogLine;
import io.faultline.testkit.Keys;
import io.faultline.testkit.LineReport;
import io.faultline.testkit.RecordingLineSink;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DmarLinesTest {
    private static final String HEAD =
            "DMAR:[DMA Read] Request device [02:00.0] fault addr ffe00000 ";
    private static final String TAIL = "DMAR:[fault reason 06] PTE Read access is not set";

    private static final String WHOLE =
            "DMAR: [DMA Read PASID 0x2] Request device [6a:01.0] fault addr 0x7fe0c9943000"
                    + " [fault reason 0x3a] SM: Non-zero reserved field set in Root Entry";

    /** What a fault line said: device, access, address or index, PASID and reason. */
    private static String said(Fault fault) {
        String target =
                fault instanceof UnrecoverableFault f && f.hasInterruptIndex()
                        ? "index " + Integer.toHexString(f.interruptIndex())
                        : fault.hasIova() ? Long.toHexString(fault.iova()) : "?";
        String pasid = fault.pasid() == Fault.NO_PASID ? "-" : Integer.toHexString(fault.pasid());
        return String.join(
                " ",
                String.valueOf(fault.deviceName()),
                fault.access().toString(),
                target,
                pasid,
                fault.code() < 0 ? "?" : String.format("%02x", fault.code()));
    }

    private static List<LineReport> read(String... lines) {
        return RecordingLineSink.read(new DmarLines(), lines);
    }

    private static LineReport one(String... lines) {
        List<LineReport> reports = read(lines);
        assertEquals(1, reports.size(), reports::toString);
        return reports.get(0);
    }

    @Nested
    class OfOneLine {
        @ParameterizedTest
        @CsvSource(
                delimiter = ';',
                value = {
                    "DMAR: [DMA Read] Request device [02:00.0] fault addr ffe00000 [fault reason 06] PTE Read access is not set; 02:00.0 R ffe00000 - 06",
                    "DMAR: [DMA Read] Request device [02:00.0] PASID ffffffff fault addr ffe00000 [fault reason 06] PTE Read access is not set; 02:00.0 R ffe00000 - 06",
                    "DMAR: [DMA Write] Request device [02:00.0] PASID 1f fault addr 0 [fault reason 113] SM: Present bit in first-level paging entry is clear; 02:00.0 W 0 1f 71",
                    "DMAR: [DMA Read NO_PASID] Request device [0x02:0x00.0] fault addr 0xffe00000 [fault reason 0x06] PTE Read access is not set; 02:00.0 R ffe00000 - 06",
                    "DMAR: [DMA Read NO_PASID] Request device [02:00.0] fault addr 0xffe00000 [fault reason 0x06] PTE Read access is not set; 02:00.0 R ffe00000 - 06",
                    "DMAR: [DMA Write PASID 0x12] Request device [6a:01.0] fault addr 0x7f0000001000 [fault reason 0x71] SM: Present bit in first-level paging entry is clear; 6a:01.0 W 7f0000001000 12 71",
                    "DMAR: [DMA Read NO_PASID] Request device [0001:02:1f.7] fault addr 0x1000 [fault reason 0x06] PTE Read access is not set; 0001:02:1f.7 R 1000 - 06",
                    "DMAR: [DMA Write NO_PASID] Request device [00:04.0] fault addr 0xfffffffffffff000 [fault reason 0x04] Access beyond MGAW; 00:04.0 W fffffffffffff000 - 04",
                    "DMAR: [DMA Read NO_PASID] Request device [00:04.0] fault addr 0x1000 [fault reason 0xe7] Unknown; 00:04.0 R 1000 - e7",
                    "DMAR: [INTR-REMAP] Request device [02:00.0] fault index 23 [fault reason 34] Present field in the IRTE entry is clear; 02:00.0 - index 23 - 22",
                    "DMAR: [INTR-REMAP] Request device [0x02:0x00.0] fault index 0x23 [fault reason 0x22] Present field in the IRTE entry is clear; 02:00.0 - index 23 - 22",
                    "DMAR: [INTR-REMAP] Request device [0000:f0:1f.0] fault index 0xffff [fault reason 0x26] Blocked an interrupt request due to source-id verification failure; 0000:f0:1f.0 - index ffff - 26",
                })
        void readsEveryFormOfFaultLine(String line, String expected) {
            LineReport report = one(line);

            assertEquals(expected, said(report.fault()));
            assertFalse(report.truncated());
            assertEquals("frcd", report.queue());
            assertEquals("vtd", report.arch());
            assertNull(report.unit());
            assertEquals(0, report.fault().rawWords());
        }

        @ParameterizedTest
        @CsvSource({
            "12, non-zero reserved fields in PTE, 0c",
            "38, Blocked an interrupt request due to source-id verification failure, 26",
            "113, SM: Present bit in first-level paging entry is clear, 71",
            "71, SM: PRE field in Context-Entry is clear, 47",
            "71, SM: Present bit in first-level paging entry is clear, 71",
            "0c, non-zero reserved fields in PTE, 0c",
            "0x12, Unknown, 12",
            "12, some vendor's words, 0c",
            "300, Unknown, ?"
        })
        void choosesTheBaseOfTheReasonByItsPrefixAndItsText(
                String number, String words, String code) {
            String line = "DMAR: [DMA Read] Request device [02:00.0] fault addr 0 [fault reason ";

            String said = said(one(line + number + "] " + words).fault());

            assertTrue(said.endsWith(" " + code), said);
        }

        @Test
        void takesAReservedInterruptReasonThatLinuxPrintsAsDmaForAnInterrupt() {
            LineReport report =
                    one(
                            "DMAR: [DMA Write NO_PASID] Request device [1d:01.1] fault addr"
                                    + " 0x6930000000000000 [fault reason 0x27] Unknown");

            assertEquals("1d:01.1 - index 6930 - 27", said(report.fault()));
        }

        @Test
        void putsTheSegmentAboveTheRequesterId() {
            Fault fault =
                    one("DMAR: [DMA Read NO_PASID] Request device [0001:02:00.0] fault"
                                    + " addr 0x0 [fault reason 0x06] PTE Read access is not"
                                    + " set")
                            .fault();

            assertEquals(0x10200, fault.requester());
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = ';',
                value = {
                    "dmar: [dma read] request device [5e:00.0]fault addr fffff000 [FAULT REASON 06] PTE Read access is not set; 5e:00.0 R fffff000 - 06; false",
                    "DMAR: [DMA Read] Request device [xx:xx.x] fault addr 1000 [fault reason 06] PTE Read access is not set; null R 1000 - 06; false",
                    "DMAR: [DMA Read] Request device [02:00.0] fault addr ffxxxxxx [fault reason 06] PTE Read access is not set; 02:00.0 R ? - 06; false",
                    "DMAR: [DMA Read] Request device [02:00.0] fault addr 12345678123456781 [fault reason 06] PTE Read access is not set; 02:00.0 R ? - 06; false",
                    "DMAR: [DMA Read] Request device [ff:ff.9] fault addr 1000 [fault reason 06] PTE Read access is not set; null R 1000 - 06; false",
                    "DMAR: [DMA Read VENDOR THING] Request device [02:00.0] fault addr 1000 [fault reason 06] PTE Read access is not set; 02:00.0 R 1000 - 06; false",
                    "ad] Request device [02:00.0] fault addr 1000 [fault reason 06] PTE Read access is not set; 02:00.0 - 1000 - 06; false",
                    "ice [02:00.0] PASID 2 fault addr 1000 [fault reason 06] PTE Read access is not set; 02:00.0 - 1000 2 06; true",
                    "DMAR: [DMA Write NO_PASID] Request device [00:04.0] fault addr 0x800; 00:04.0 W 800 - ?; true",
                    "DMAR: [DMA Write NO_PASID] Request device [00:04.0] fault addr 0x; 00:04.0 W ? - ?; true",
                    "DMAR: [DMA Write NO_PASID] Request device [00:04.; null W ? - ?; true",
                    "DMAR: [DMA Write NO_PASID] Requ; null W ? - ?; true",
                    "DMAR: [DMA Write NO_P; null W ? - ?; true",
                    "DMAR: [DMA Write NO_PASID] Request device [00:04.0] fault addr 0x8000 [fault rea; 00:04.0 W 8000 - ?; true",
                    "DMAR: [DMA Write NO_PASID] Request device [00:04.0] fault addr 0x8000 [fault reason 0x05] PTE Wri; 00:04.0 W 8000 - 05; true",
                    "DMAR: [INTR-REMAP] Request device [02:00.0] fault ind; 02:00.0 - ? - ?; true",
                })
        void takesWhatItFindsInDamagedLines(String line, String expected, boolean truncated) {
            LineReport report = one(line);

            assertEquals(expected, said(report.fault()));
            assertEquals(truncated, report.truncated());
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "DMAR: Host address width 48",
                    "DMAR: DRHD base: 0x000000fed90000 flags: 0x0",
                    "DMAR: dmar0: reg_base_addr fed90000 ver 1:0 cap d2008c222f0606 ecap f00f4a",
                    "DMAR-IR: Enabled IRQ remapping in xapic mode",
                    "ACPI: DMAR 0x000000001FFE31F1 000090 (v01 BOCHS  BXPC     00000001)",
                    "DMAR: [Firmware Bug]: Your BIOS is broken; DMAR reported at address 0!",
                    "DMAR: Intel(R) Virtualization Technology for Directed I/O",
                    "some driver: [fault reason unknown]",
                    "amd_iommu_report_page_fault: 96 callbacks suppressed"
                })
        void saysNothingOfOtherLines(String line) {
            assertEquals(List.of(), read(line));
        }
    }

    @Nested
    class OfTwoLines {
        @Test
        void pairsTheReasonWithTheLineBeforeIt() {
            LineReport report = one("dmar: " + HEAD, TAIL);

            assertEquals("02:00.0 R ffe00000 - 06", said(report.fault()));
            assertEquals(1, report.line().number());
            assertFalse(report.truncated());
        }

        @Test
        void pairsAnInterruptWithItsOwnReasonOnly() {
            List<LineReport> reports =
                    read(
                            "INTR-REMAP: Request device [[02:00.0] fault index 23",
                            HEAD,
                            "INTR-REMAP:[fault reason 34] Present field in the IRTE entry is clear",
                            TAIL);

            assertEquals(
                    List.of("02:00.0 - index 23 - 22", "02:00.0 R ffe00000 - 06"),
                    reports.stream().map(r -> said(r.fault())).toList());
        }

        @Test
        void pairsAcrossOtherLines() {
            LineReport report =
                    one(HEAD, "usb 1-1: new device", "e1000e: link is up", "eth0: up", TAIL);

            assertEquals("02:00.0 R ffe00000 - 06", said(report.fault()));
        }

        @Test
        void pairsHeadsAndReasonsInTheirOrder() {
            List<LineReport> reports =
                    read(
                            HEAD,
                            "DMAR:[DMA Write] Request device [03:00.0] fault addr 1000 ",
                            TAIL,
                            "DMAR:[fault reason 05] PTE Write access is not set");

            assertEquals(
                    List.of("02:00.0 R ffe00000 - 06", "03:00.0 W 1000 - 05"),
                    reports.stream().map(r -> said(r.fault())).toList());
        }

        @Test
        void readsXensReasonAsHexadecimal() {
            LineReport report =
                    one(
                            "[VT-D]DMAR:[DMA Write] Request device [0000:00:1e.6] fault addr"
                                    + " fff000, iommu reg = ffff82c00021d000",
                            "[VT-D]DMAR: reason 0c - non-zero reserved fields in PTE");

            assertEquals("0000:00:1e.6 W fff000 - 0c", said(report.fault()));
        }

        @Test
        void reportsAFaultWithoutReasonAfterAFewLines() {
            List<LogLine> lines = new ArrayList<>();
            lines.add(RecordingLineSink.line(1, HEAD));
            for (int i = 2; i < 12; i++) {
                lines.add(RecordingLineSink.line(i, "usb 1-1: new device " + i));
            }
            lines.add(RecordingLineSink.line(12, TAIL));

            List<LineReport> reports = RecordingLineSink.read(new DmarLines(), lines);

            assertEquals("02:00.0 R ffe00000 - ?", said(reports.get(0).fault()));
            assertTrue(reports.get(0).truncated());
            assertEquals(LineReport.Kind.DETAIL, reports.get(1).kind());
        }

        @Test
        void reportsWhatWaitsWhenALiveLogFallsSilent() {
            RecordingLineSink sink = new RecordingLineSink();
            LineDecoder.Session session = new DmarLines().open("/dev/kmsg");

            sink.line(session, RecordingLineSink.line(1, HEAD));
            session.idle(sink);

            assertEquals("02:00.0 R ffe00000 - ?", said(sink.faults().get(0)));
        }

        @Test
        void doesNotPairLinesThatAreMoreThanAMillisecondApart() {
            List<LineReport> reports =
                    RecordingLineSink.read(
                            new DmarLines(),
                            List.of(timed(1, 10_000_000, HEAD), timed(2, 11_000_001, TAIL)));

            assertEquals("02:00.0 R ffe00000 - ?", said(reports.get(0).fault()));
            assertEquals(LineReport.Kind.DETAIL, reports.get(1).kind());
        }

        @Test
        void doesNotPairAcrossAGapInTheLog() {
            List<LineReport> reports = read(HEAD, "** 123 printk messages dropped **", TAIL);

            assertEquals(2, reports.size());
            assertTrue(reports.get(0).truncated());
        }

        @Test
        void keepsFewHeadsThatNobodyCompletes() {
            String[] heads = Stream.generate(() -> HEAD).limit(20).toArray(String[]::new);

            List<LineReport> reports = read(heads);

            assertEquals(20, reports.size());
            assertEquals(
                    Stream.iterate(1L, n -> n + 1).limit(20).toList(),
                    reports.stream().map(r -> r.line().number()).toList());
        }

        private static LogLine timed(long number, long nanos, String text) {
            return new LogLine(number, text, nanos, TimeBase.BOOT, null, true, true);
        }
    }

    @Nested
    class OfWrappedLines {
        @Test
        void joinsALineWrappedTwice() {
            LineReport report =
                    one(
                            "DMAR: [DMA Read PASID 0x2] Request device",
                            "[6a:01.0] fault addr 0x7fe0c9943000 [fault reason",
                            "0x3a] SM: Non-zero reserved field set in Root Entry");

            assertEquals("6a:01.0 R 7fe0c9943000 2 3a", said(report.fault()));
        }

        @Test
        void doesNotTakeALineWithATimeOfItsOwnForARest() {
            List<LineReport> reports =
                    RecordingLineSink.read(
                            new DmarLines(),
                            List.of(
                                    new LogLine(
                                            1,
                                            "DMAR: [DMA Read] Request device [02:00.0] fault addr",
                                            1000,
                                            TimeBase.BOOT,
                                            null,
                                            true,
                                            true),
                                    new LogLine(
                                            2,
                                            "abc0: link is up",
                                            2000,
                                            TimeBase.BOOT,
                                            null,
                                            true,
                                            true)));

            assertEquals("02:00.0 R ? - ?", said(reports.get(0).fault()));
        }
    }

    @Nested
    class OfStatus {
        @Test
        void tellsTheRegistersKeys() {
            LineReport report = one("DMAR: DRHD: handling fault status reg 303");

            assertEquals(LineReport.Kind.STATUS, report.kind());
            assertEquals(0x303L, report.keys().get("fsts"));
            assertEquals(3L, report.keys().get("first_index"));
            assertEquals(true, report.keys().get("overflow"));
        }

        @Test
        void tellsThatTheUnitIsGone() {
            LineReport report = one("DRHD: handling fault status reg ffffffff");

            assertTrue(report.text().contains("does not answer"), report.text());
        }

        @ParameterizedTest
        @CsvSource({"2, 1", "26, 9", "35, 12", "98, 33", "893, 298"})
        void countsTheSuppressedFaultsOfABurst(long calls, long faults) {
            LineReport report =
                    read(
                                    "DMAR: DRHD: handling fault status reg 2",
                                    "dmar_fault: " + calls + " callbacks suppressed")
                            .get(1);

            assertEquals("dmar_fault", report.text());
            assertEquals(calls, report.count());
            assertEquals(faults, report.atLeast());
            assertEquals(faults, report.atMost());
        }

        @Test
        void givesBoundsWhereTheCallsAreOfAnotherPattern() {
            LineReport report = one("dmar_fault: 30 callbacks suppressed");

            assertEquals(10, report.atLeast());
            assertEquals(30, report.atMost());
        }

        @Test
        void givesBoundsWhereInterruptsHaveSeveralFaults() {
            String fault =
                    "DMAR: [DMA Read NO_PASID] Request device [02:00.0] fault addr 0x0"
                            + " [fault reason 0x06] PTE Read access is not set";
            List<LineReport> reports =
                    read(
                            "DMAR: DRHD: handling fault status reg 2",
                            fault,
                            fault,
                            "DMAR: DRHD: handling fault status reg 2",
                            "dmar_fault: 26 callbacks suppressed");

            assertEquals(9, reports.get(4).atLeast());
            assertEquals(26, reports.get(4).atMost());
        }

        @Test
        void knowsNoUpperBoundWhereTheKernelMayBeOneThatCountsInterrupts() {
            List<LineReport> reports =
                    read(
                            "DMAR: [DMA Read] Request device [02:00.0] fault addr 0"
                                    + " [fault reason 06] PTE Read access is not set",
                            "DMAR: DRHD: handling fault status reg 2",
                            "dmar_fault: 26 callbacks suppressed");

            assertEquals(9, reports.get(2).atLeast());
            assertEquals(Long.MAX_VALUE, reports.get(2).atMost());
        }

        @Test
        void countsNoFaultAmongSuppressedOverflowMessages() {
            LineReport report = one("prq_event_thread: 7 callbacks suppressed");

            assertEquals(7, report.count());
            assertEquals(0, report.atMost());
        }
    }

    @Nested
    class OfPageRequests {
        @Test
        void decodesTheWordsOfARefusedRequest() {
            LineReport report = one("DMAR: dmar1: Invalid page request: 123400000101 789abcdef00f");

            PageRequestGroup request = (PageRequestGroup) report.fault();
            Map<String, Object> keys = Keys.of(request, new PageRequestDescriptor());
            assertEquals("dmar1", report.unit());
            assertEquals("prq", report.queue());
            assertEquals(0x1234, request.pasid());
            assertEquals(0x789abcdef000L, request.iova());
            assertTrue(request.complete() && request.observed());
            assertEquals("00:00.0", keys.get("device"));
            assertFalse(keys.containsKey("reserved_set"), "the other words are not known");
        }

        @Test
        void decodesTheOldLayoutWhereAnOldKernelPrintsIt() {
            LineReport report =
                    one("DMAR: dmar0: Page request for invalid PASID 5: 1200005c 7f0000001021");

            PageRequestGroup request = (PageRequestGroup) report.fault();
            assertEquals("prq16", report.queue());
            assertEquals(5, request.pasid());
            assertEquals(0x1202, request.requester());
        }

        @Test
        void decodesTheNewLayoutWhereAnOldWordingHasIt() {
            LineReport report =
                    one("DMAR: dmar0: Page request without PASID: 6a080001 7f0000001005");

            assertEquals("prq", report.queue());
            assertEquals(0x6a08, report.fault().requester());
        }

        @Test
        void countsAnUnknownTypeAsMalformed() {
            LineReport report = one("DMAR: dmar1: Invalid page request: 00000102 00001005");

            assertEquals(LineReport.Kind.MALFORMED, report.kind());
            assertEquals("unknown_type", report.text());
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = ';',
                value = {
                    "DMAR: IOMMU: dmar1: Page request without PASID; DETAIL; dmar1",
                    "DMAR: IOMMU: dmar1: Address is not canonical; DETAIL; dmar1",
                    "DMAR: IOMMU: dmar1: Page request in Privilege Mode; DETAIL; dmar1",
                    "DMAR: IOMMU: dmar1: Execution request not supported; DETAIL; dmar1",
                    "DMAR: IOMMU: dmar1: PRQ overflow detected; RECORDS_LOST; dmar1",
                    "DMAR: IOMMU: dmar1: PRQ overflow cleared; STATUS; dmar1",
                    "DMAR: dmar1: Invalid page request: 6a08; STATUS; dmar1",
                    "DMAR: VT-d detected Invalidation Queue Error: Reason 4; STATUS;",
                    "DMAR: QI HEAD: Device-TLB Invalidation qw0 = 0x3, qw1 = 0x0; DETAIL;",
                    "DMAR: QI PRIOR: Invalidation Wait qw0 = 0x5, qw1 = 0x0; DETAIL;",
                    "DMAR: Invalidation Time-out Error (ITE) cleared; STATUS;",
                    "DMAR: Dump dmar0 table entries for IOVA 0x1000; DETAIL; dmar0",
                    "DMAR: root entry: 0x0000000100001001; DETAIL;",
                    "DMAR: scalable mode root entry: hi 0x0, low 0x1; DETAIL;",
                    "DMAR: context entry: hi 0x0000000000000102, low 0x0000000100a00001; DETAIL;",
                    "DMAR: pasid dir entry: 0x0000000100b00001; DETAIL;",
                    "DMAR: pasid table entry[0]: 0x0000000000000087; DETAIL;",
                    "DMAR: pte level: 4, pte value: 0x0000000100c00003; DETAIL;",
                    "DMAR: PTE not present at level 3; DETAIL;",
                    "DMAR: root table is not present; DETAIL;"
                })
        void tellsTheOtherLinesOfTheUnit(String line, LineReport.Kind kind, String unit) {
            LineReport report = one(line);

            assertEquals(kind, report.kind());
            assertEquals(unit, report.unit());
        }

        @Test
        void namesTheDeviceThatDidNotAnswerAnInvalidation() {
            LineReport report = one("DMAR: VT-d detected Invalidation Time-out Error: SID 3b00");

            assertEquals("3b:00.0", report.device());
        }
    }

    @Test
    void describesALineByWhatItTellsAndNoMore() {
        Fault fault =
                one("DMAR: [INTR-REMAP] Request device [0000:02:00.0] fault index 0x23"
                                + " [fault reason 0x22] Present field in the IRTE entry is clear")
                        .fault();

        Map<String, Object> keys = Keys.of(fault, new RecordingRegister());

        assertEquals("0000:02:00.0", keys.get("device"));
        assertEquals("02:00.0", keys.get("bdf"));
        assertEquals("interrupt", keys.get("request"));
        assertEquals(0x23L, keys.get("interrupt_index"));
        assertEquals(0x22L, keys.get("arch_code"));
        assertEquals("BAD_CONFIG", keys.get("detail"));
        assertEquals(true, keys.get("qualified"));
        assertFalse(keys.containsKey("reserved_set") || keys.containsKey("address_type"));
    }

    @Test
    void describesALineWithoutReason() {
        Map<String, Object> keys = Keys.of(one(HEAD).fault(), new RecordingRegister());

        assertNull(keys.get("arch_code"));
        assertEquals("read", keys.get("request"));
        assertEquals("read of 02:00.0 at 0xffe00000: reason not told", keys.get("description"));
    }

    @Property
    void joinsALineCutAnywhereBehindItsKind(@ForAll @IntRange(min = 15, max = 143) int cut) {
        LineReport report = one(WHOLE.substring(0, cut), WHOLE.substring(cut));

        assertEquals("6a:01.0 R 7fe0c9943000 2 3a", said(report.fault()), WHOLE.substring(cut));
        assertFalse(report.truncated());
    }

    @Property
    void readsAnyTextWithoutFailing(@ForAll("texts") List<String> texts) {
        List<LineReport> reports = read(texts.toArray(String[]::new));

        assertTrue(reports.size() <= texts.size(), reports::toString);
        for (LineReport report : reports) {
            assertEquals("vtd", report.arch());
            if (report.fault() != null) {
                Keys.of(report.fault(), new RecordingRegister());
                Keys.of(report.fault(), new PageRequestDescriptor());
            }
        }
    }

    /** Lines put together from pieces of real ones, so that they get past the first look. */
    @Provide
    Arbitrary<List<String>> texts() {
        Arbitrary<String> piece =
                Arbitraries.of(
                        "DMAR: ",
                        "[DMA Read",
                        "[DMA Write PASID 0x",
                        "] Request device [",
                        "[[",
                        "02:00.0",
                        "0000:",
                        "]",
                        " fault addr ",
                        " fault index ",
                        "0x",
                        "ffffffffffffffff",
                        "[fault reason ",
                        "06] PTE Read access is not set",
                        "INTR-REMAP: reason ",
                        "DRHD: handling fault status reg ",
                        "dmar_fault: ",
                        " callbacks suppressed",
                        "Invalid page request: ",
                        "Page request for invalid PASID ",
                        "SID ",
                        " ");
        Arbitrary<String> line =
                Combinators.combine(piece.list().ofMaxSize(9), Arbitraries.strings().ofMaxLength(8))
                        .as((pieces, other) -> String.join("", pieces) + other);
        return line.list().ofMaxSize(12);
    }
}
