package io.faultline.amdvi.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.faultline.fault.Fault;
import io.faultline.fault.PageRequestGroup;
import io.faultline.fault.Reason;
import io.faultline.fault.TimeBase;
import io.faultline.log.LineDecoder;
import io.faultline.log.LogLine;
import io.faultline.testkit.Keys;
import io.faultline.testkit.LineReport;
import io.faultline.testkit.RecordingLineSink;
import java.util.Arrays;
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

class DriverLinesTest {
    private static final String HEAD = "AMD-Vi: Event logged [";
    private static final String REST =
            "IO_PAGE_FAULT device=02:00.0 domain=0x000d address=0x00000000fdf80000 flags=0x0020]";
    private static final String SAID = "IO_PAGE_FAULT 02:00.0 domain 13 fdf80000 W flags 0020";

    private static final String WHOLE =
            "AMD-Vi: Event logged [ILLEGAL_DEV_TABLE_ENTRY device=0000:00:01.0 pasid=0x00000"
                    + " address=0x102e89980 flags=0x0080]";

    private static List<LineReport> read(String... lines) {
        return RecordingLineSink.read(new DriverLines(), lines);
    }

    private static LineReport one(String... lines) {
        List<LineReport> reports = read(lines);
        assertEquals(1, reports.size(), reports::toString);
        return reports.get(0);
    }

    private static Map<String, Object> keys(LineReport report) {
        return Keys.of(report.fault(), new EventRecord());
    }

    /** Event, device, domain or PASID, address, access and flags. */
    private static String said(LineReport report) {
        Map<String, Object> keys = keys(report);
        Object flags = keys.get("flags");
        return keys.get("event")
                + " "
                + report.device()
                + (keys.get("domain") == null ? "" : " domain " + keys.get("domain"))
                + (keys.get("pasid") == null ? "" : " pasid " + keys.get("pasid"))
                + (keys.get("addr") == null ? "" : " " + keys.get("addr").toString().substring(2))
                + (report.fault().access().bits() == 0 ? "" : " " + report.fault().access())
                + (flags == null ? "" : String.format(" flags %04x", (Long) flags));
    }

    @Nested
    class OfEvents {
        @ParameterizedTest
        @CsvSource(
                delimiter = ';',
                value = {
                    "AMD-Vi: Event logged [IO_PAGE_FAULT device=02:00.0 domain=0x000d address=0x00000000fdf80000 flags=0x0020]; IO_PAGE_FAULT 02:00.0 domain 13 fdf80000 W flags 0020",
                    "nvme 0000:01:00.0: AMD-Vi: Event logged [IO_PAGE_FAULT domain=0x000f address=0x00000000fff00000 flags=0x0000]; IO_PAGE_FAULT 0000:01:00.0 domain 15 fff00000 R flags 0000",
                    "nvme 0000:01:00.0: AMD-Vi: Event logged [IO_PAGE_FAULT domain=0x000f address=0xfff00000 flags=0x0000]; IO_PAGE_FAULT 0000:01:00.0 domain 15 fff00000 R flags 0000",
                    "AMD-Vi: Event logged [IO_PAGE_FAULT device=0000:02:00.0 domain=0xaabcd address=0x7ffffffff000 flags=0x0071]; IO_PAGE_FAULT 0000:02:00.0 pasid 699341 7ffffffff000 W+PRIV flags 0071",
                    "AMD-Vi: Event logged [IO_PAGE_FAULT device=02:00.0 domain=0x0000 address=0x0 flags=0x0008]; IO_PAGE_FAULT 02:00.0 domain 0 0 flags 0008",
                    "iommu ivhd3: AMD-Vi: Event logged [ILLEGAL_DEV_TABLE_ENTRY device=0000:43:00.0 pasid=0x00000 address=0x3737b01000 flags=0x0020]; ILLEGAL_DEV_TABLE_ENTRY 0000:43:00.0 3737b01000 W flags 0020",
                    "AMD-Vi: Event logged [ILLEGAL_DEV_TABLE_ENTRY device=43:00.0 address=0x0000003737b01000 flags=0x0080]; ILLEGAL_DEV_TABLE_ENTRY 43:00.0 3737b01000 R flags 0080",
                    "iommu ivhd0: AMD-Vi: Event logged [ILLEGAL_DEV_TABLE_ENTRY device=0000:43:00.0 pasid=0x51234 address=0x1000 flags=0x0001]; ILLEGAL_DEV_TABLE_ENTRY 0000:43:00.0 pasid 332340 1000 R flags 0001",
                    "iommu ivhd0: AMD-Vi: Event logged [DEV_TAB_HARDWARE_ERROR device=0000:02:00.0 address=0x1000 flags=0x0600]; DEV_TAB_HARDWARE_ERROR 0000:02:00.0 1000 R flags 0600",
                    "AMD-Vi: Event logged [PAGE_TAB_HARDWARE_ERROR device=02:00.0 domain=0x0005 address=0x0000000000002008 flags=0x0400]; PAGE_TAB_HARDWARE_ERROR 02:00.0 domain 5 2008 R flags 0400",
                    "iommu ivhd0: AMD-Vi: Event logged [PAGE_TAB_HARDWARE_ERROR device=0000:02:00.0 pasid=0x00005 address=0x2008 flags=0x0601]; PAGE_TAB_HARDWARE_ERROR 0000:02:00.0 pasid 5 2008 R flags 0601",
                    "iommu ivhd0: AMD-Vi: Event logged [ILLEGAL_COMMAND_ERROR address=0x56341240]; ILLEGAL_COMMAND_ERROR null 56341240",
                    "iommu ivhd0: AMD-Vi: Event logged [COMMAND_HARDWARE_ERROR address=0x56341240 flags=0x0200]; COMMAND_HARDWARE_ERROR null 56341240 flags 0200",
                    "iommu ivhd0: AMD-Vi: Event logged [IOTLB_INV_TIMEOUT device=0000:0b:00.0 address=0x1002147e0]; IOTLB_INV_TIMEOUT 0000:0b:00.0 1002147e0",
                    "iommu ivhd0: AMD-Vi: Event logged [INVALID_DEVICE_REQUEST device=0000:00:00.1 pasid=0x00000 address=0xfdf8000020 flags=0x0a00]; INVALID_DEVICE_REQUEST 0000:00:00.1 fdf8000020 flags 0a00",
                    "iommu ivhd0: AMD-Vi: Event logged [INVALID_PPR_REQUEST device=0000:07:00.0 pasid=0x51234 address=0x789abcdef000 flags=0x0164 tag=0x205]; INVALID_PPR_REQUEST 0000:07:00.0 pasid 332340 789abcdef000 flags 0164",
                    "AMD-Vi: Event logged [INVALID_PPR_REQUEST device=07:00.0 pasid=0x51234 address=0x789abcdef000 flags=0x0064]; INVALID_PPR_REQUEST 07:00.0 789abcdef000 flags 0064",
                    "AMD-Vi: Event logged [RMP_HW_ERROR device=0000:07:00.0, vmg_tag=0xbeef, spa=0x1234567007, flags=0x0001]; RMP_HW_ERROR 0000:07:00.0 1234567000 flags 0001",
                    "nvme 0000:07:00.0: AMD-Vi: Event logged [RMP_PAGE_FAULT vmg_tag=0xbeef, gpa=0x1234567000, flags_rmp=0x00a5, flags=0x0021]; RMP_PAGE_FAULT 0000:07:00.0 1234567000 flags 0021",
                    "AMD IOMMU: Event logged [IO_PAGE_FAULT device=02:00.0 domain=0x000d address=0x00000000fdf80000 flags=0x0020]; IO_PAGE_FAULT 02:00.0 domain 13 fdf80000 W flags 0020",
                    "AMD-Vi: Event logged [UNKNOWN type=0x0b]; null null",
                    "iommu ivhd0: AMD-Vi: Event logged [UNKNOWN event[0]=0x0000d9a9 event[1]=0xb1ea366a event[2]=0x8ab42ff3 event[3]=0x0000c206; null null c2068ab42ff3 flags 01ea",
                    "iommu ivhd0: AMD-Vi: Event logged [UNKNOWN event[0]=0x00000400 event[1]=0x2020000d event[2]=0xfead1000 event[3]=0x00000000; IO_PAGE_FAULT null domain 13 fead1000 W flags 0020",
                    "(XEN) AMD-Vi: IO_PAGE_FAULT: 0000:02:00.0 d3 addr 00000000fdf80000 flags 0x20 RW; IO_PAGE_FAULT 0000:02:00.0 domain 3 fdf80000 W flags 0020",
                    "AMD-Vi: IO_PAGE_FAULT: domain = 0, device id = 0xa0, fault address = 0xfdf80000, flags = 0x20; IO_PAGE_FAULT 00:14.0 domain 0 fdf80000 W flags 0020",
                    "AMD-Vi: INVALID_DEV_REQUEST 00000001 8a000000 f8000020 000000fd; INVALID_DEVICE_REQUEST null fdf8000020 flags 0a00",
                })
        void readsEveryForm(String line, String expected) {
            LineReport report = one(line);

            assertEquals(expected, said(report));
            assertFalse(report.truncated());
            assertEquals("event", report.queue());
            assertEquals("amdvi", report.arch());
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = ';',
                value = {
                    "AMD-Vi: Event logged [IO_PAGE_FAULT device=02:00.0 domain=0x000d address=0x00000000fdf80; IO_PAGE_FAULT 02:00.0 domain 13 fdf80",
                    "AMD-Vi: Event logged [IO_PAGE_FAULT device=02:00.0 domain=0x000d addre; IO_PAGE_FAULT 02:00.0 domain 13",
                    "AMD-Vi: Event logged [IO_PAGE_FAULT device=02:00; IO_PAGE_FAULT null",
                    "AMD-Vi: Event logged [IO_PAGE_FAULT; IO_PAGE_FAULT null",
                    "AMD-Vi: Event logged [IO_PAGE_FA; null null",
                    "vi: Event logged [io_page_fault device=02:00.0 domain=0x000d address=0xfdf80000 flags=0x0020; IO_PAGE_FAULT 02:00.0 domain 13 fdf80000 W flags 0020",
                    "iommu ivhd0: AMD-Vi: Event logged [UNKNOWN event[0]=0x00000400 event[1]=0x2020000d event[2]=0xfe; IO_PAGE_FAULT 04:00.0 domain 13 W flags 0020",
                })
        void marksALineThatWasCut(String line, String expected) {
            LineReport report = one(line);

            assertEquals(expected, said(report));
            assertTrue(report.truncated());
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = ';',
                value = {
                    "AMD-Vi: Event logged [IO_PAGE_FAULT device=xx:xx.x domain=0x000d address=0xfdf80000 flags=0x0020]; IO_PAGE_FAULT null domain 13 fdf80000 W flags 0020",
                    "AMD-Vi: Event logged [IO_PAGE_FAULT device=02:00.0 domain=0x000d address=0xffxxxxxx flags=0x0020]; IO_PAGE_FAULT 02:00.0 domain 13 W flags 0020",
                    "AMD-Vi: Event logged [IO_PAGE_FAULT device=02:00.0 domain=0x000d address=0x12345678123456781 flags=0x10020]; IO_PAGE_FAULT 02:00.0 domain 13",
                    "AMD-Vi: Event logged [IO_PAGE_FAULT device=02:20.0 domain=0x100000 address=0x0 flags=0x0020]; IO_PAGE_FAULT null 0 W flags 0020",
                    "AMD-Vi: Event logged [VIOMMU_HW_ERROR device=02:00.0 address=0x1000 flags=0x0020]; null 02:00.0 1000 flags 0020",
                })
        void leavesUnknownWhatIsIllegible(String line, String expected) {
            assertEquals(expected, said(one(line)));
        }

        @Test
        void namesTheUnitThatLogged() {
            assertEquals(
                    "ivhd3",
                    one("iommu ivhd3: AMD-Vi: Event logged [ILLEGAL_COMMAND_ERROR address=0x0]")
                            .unit());
            assertNull(one(HEAD + REST).unit());
        }

        @Test
        void takesTheDeviceFromTheRecordWhereTheTextHasNone() {
            LogLine line =
                    new LogLine(
                            1,
                            HEAD + "IO_PAGE_FAULT domain=0x000f address=0x0 flags=0x0000]",
                            0,
                            TimeBase.NONE,
                            "+pci:0001:02:00.0",
                            true,
                            true);

            LineReport report = RecordingLineSink.read(new DriverLines(), List.of(line)).get(0);

            assertEquals("0001:02:00.0", report.device());
            assertEquals(0x10200, report.fault().requester());
        }

        @Test
        void givesTheKeysThatTheLineTells() {
            Map<String, Object> keys =
                    keys(
                            one(
                                    "iommu ivhd0: AMD-Vi: Event logged [INVALID_PPR_REQUEST"
                                            + " device=0000:07:00.0 pasid=0x51234"
                                            + " address=0x789abcdef000 flags=0x0164 tag=0x205]"));

            assertEquals(true, keys.get("last"));
            assertEquals(5L, keys.get("grpid"));
            assertEquals("07:00.0", keys.get("bdf"));
            assertEquals(9L, keys.get("arch_code"));
            assertEquals("PAGE_REQUEST_INVALID", keys.get("detail"));
        }

        @Test
        void doesNotMakeUpKeysThatTheLineDoesNotTell() {
            Map<String, Object> timeout =
                    keys(one(HEAD + "IOTLB_INV_TIMEOUT device=05:01.0 address=0x5634124f]"));
            Map<String, Object> untagged =
                    keys(
                            one(
                                    HEAD
                                            + "INVALID_PPR_REQUEST device=07:00.0 pasid=0x51234"
                                            + " address=0x1000 flags=0x0164]"));

            assertEquals("0x56341240", timeout.get("command"));
            assertNull(timeout.get("flags"));
            assertTrue(timeout.containsKey("flags"));
            assertNull(untagged.get("last"));
            assertNull(untagged.get("grpid"));
            assertEquals(332340L, untagged.get("pasid"));
        }

        @Test
        void tellsTheFieldsOfTheReverseMapTable() {
            Map<String, Object> keys =
                    keys(
                            one(
                                    HEAD
                                            + "RMP_PAGE_FAULT vmg_tag=0xbeef, gpa=0x1234567000,"
                                            + " flags_rmp=0x00a5, flags=0x0021]"));

            assertEquals(0xbeefL, keys.get("vmg_tag"));
            assertEquals(0xa5L, keys.get("flags_rmp"));
        }

        @Test
        void saysTheReasonOnlyWithTheFlags() {
            assertEquals(
                    Reason.UNKNOWN,
                    one(HEAD + "IO_PAGE_FAULT device=02:00.0 domain=0x0 address=0x0")
                            .fault()
                            .reason());
            assertEquals(Reason.NOT_PRESENT, one(HEAD + REST).fault().reason());
        }
    }

    @Nested
    class OfTwoLines {
        @Test
        void putsTheRestBehindTheFirstWords() {
            LineReport report = one(HEAD, REST);

            assertEquals(SAID, said(report));
            assertEquals(1, report.line().number());
            assertFalse(report.truncated());
        }

        @Test
        void putsThemTogetherAcrossOtherLines() {
            List<LineReport> reports =
                    read(
                            HEAD,
                            HEAD,
                            "usb 1-1: new device",
                            REST,
                            REST.replace("02:00.0", "03:00.1"));

            assertEquals(
                    List.of(SAID, SAID.replace("02:00.0", "03:00.1")),
                    reports.stream().map(DriverLinesTest::said).toList());
            assertEquals(List.of(1L, 2L), reports.stream().map(r -> r.line().number()).toList());
        }

        @Test
        void readsARestWithoutFirstWords() {
            LineReport report = one(REST);

            assertEquals(SAID, said(report));
            assertFalse(report.truncated());
        }

        @Test
        void readsTheRestOfAnEventWithoutAName() {
            assertEquals(0xb, one(HEAD, "UNKNOWN type=0x0b]").fault().code());
            assertEquals(List.of(), read("foo: unknown type=0x0b]"));
        }

        @Test
        void countsFirstWordsWithoutARest() {
            LineReport report = one(HEAD, "usb 1-1: new device");

            assertTrue(report.truncated());
            assertEquals("null null", said(report));
            assertEquals(-1, report.fault().code());
        }

        @Test
        void doesNotWaitForEver() {
            String[] lines = new String[12];
            Arrays.fill(lines, "usb 1-1: new device");
            lines[0] = HEAD;
            lines[11] = REST;

            List<LineReport> reports = read(lines);

            assertEquals(
                    List.of("null null", SAID),
                    reports.stream().map(DriverLinesTest::said).toList());
        }

        @Test
        void doesNotPutTogetherWhatIsFarApartInTime() {
            List<LineReport> reports =
                    RecordingLineSink.read(
                            new DriverLines(),
                            List.of(timed(1, 1_000_000, HEAD), timed(2, 1_500_000_000, REST)));

            assertEquals(2, reports.size());
        }

        @Test
        void putsTogetherWhatASlowConsoleDelayed() {
            List<LineReport> reports =
                    RecordingLineSink.read(
                            new DriverLines(),
                            List.of(
                                    timed(1, 13_134_460_000L, HEAD),
                                    timed(2, 13_137_925_000L, REST)));

            assertEquals(List.of(SAID), reports.stream().map(DriverLinesTest::said).toList());
        }

        @Test
        void doesNotPutTogetherAcrossAGap() {
            assertEquals(2, read(HEAD, "** 123 printk messages dropped **", REST).size());
        }

        @Test
        void keepsFewBeginnings() {
            String[] heads = Stream.generate(() -> HEAD).limit(20).toArray(String[]::new);

            List<LineReport> reports = read(heads);

            assertEquals(
                    Stream.iterate(1L, n -> n + 1).limit(20).toList(),
                    reports.stream().map(r -> r.line().number()).toList());
        }

        @Test
        void saysWhatItHoldsBackWhenALiveLogIsSilent() {
            RecordingLineSink sink = new RecordingLineSink();
            LineDecoder.Session session = new DriverLines().open("live");

            assertTrue(sink.line(session, RecordingLineSink.line(1, HEAD)) > 0);
            assertEquals(List.of(), sink.reports());
            session.idle(sink);

            assertEquals(1, sink.reports().size());
            sink.end(session);
            assertEquals(1, sink.reports().size());
        }

        @Test
        void readsADeviceThatIsAttachedToNoDomain() {
            LineReport report =
                    one(
                            "AMD-Vi: Event logged [Device not attached to domain properly]",
                            "AMD-Vi:   device=0000:02:00.0 domain=0x0000");

            assertEquals("IO_PAGE_FAULT 0000:02:00.0 domain 0", said(report));
            assertEquals(Reason.UNKNOWN, report.fault().reason());
            assertFalse(report.truncated());
        }

        @Test
        void countsADeviceThatIsAttachedToNoDomainAndNotNamed() {
            LineReport report =
                    one("AMD-Vi: Event logged [Device not attached to domain properly]");

            assertEquals("IO_PAGE_FAULT null", said(report));
            assertTrue(report.truncated());
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
                            "iommu ivhd0: AMD-Vi: Event logged",
                            "[ILLEGAL_DEV_TABLE_ENTRY device=0000:00:01.0 pasid=0x00000",
                            "address=0x102e89980",
                            "flags=0x0080]");

            assertEquals(said(one(WHOLE)), said(report));
            assertEquals("ivhd0", report.unit());
        }

        @Test
        void doesNotTakeALineWithATimeOfItsOwnForARest() {
            List<LineReport> reports =
                    RecordingLineSink.read(
                            new DriverLines(),
                            List.of(
                                    OfTwoLines.timed(1, 1000, WHOLE.substring(0, 80)),
                                    OfTwoLines.timed(2, 2000, "foo address=0x1000 flags=0x0080]")));

            assertEquals(1, reports.size());
            assertTrue(reports.get(0).truncated());
        }
    }

    @Nested
    class OfMessages {
        @ParameterizedTest
        @CsvSource(
                delimiter = ';',
                value = {
                    "iommu ivhd0: AMD-Vi: Control Reg : 0xc22000142148d; DETAIL; ivhd0; Control Reg : 0xc22000142148d",
                    "AMD-Vi: DTE[0]: 6190000000000003; DETAIL;; DTE[0]: 6190000000000003",
                    "AMD-Vi: CMD[3]: 00000000; DETAIL;; CMD[3]: 00000000",
                    "AMD-Vi: No event written to event log; RECORDS_LOST;; an event was announced and never written: it is lost",
                    "AMD-Vi: IOMMU Event log restarting; RECORDS_LOST;; the event log was full: events were lost",
                    "AMD-Vi: IOMMU event log overflow; RECORDS_LOST;; the event log was full: events were lost",
                    "AMD-Vi: IOMMU PPR log restarting; RECORDS_LOST;; the PPR log was full: page requests were lost",
                    "AMD-Vi: Completion-Wait loop timed out; STATUS;; Completion-Wait loop timed out: the unit did not finish its commands in time",
                    "AMD-Vi: Command buffer timeout; STATUS;; Command buffer timeout: the unit did not consume its commands in time",
                    "AMD-Vi: Invalid PASID : 0x0, device : 0x301; STATUS;; a page request of 03:00.1 with PASID 0x0, which it cannot have: Linux answered FAILURE",
                    "AMD-Vi: Unknown PPR request received; STATUS;; Unknown PPR request received: the driver passed over an entry of the PPR log",
                })
        void tellsWhatTheDriverSaysBeside(
                String line, LineReport.Kind kind, String unit, String text) {
            LineReport report = one(line);

            assertEquals(kind, report.kind());
            assertEquals(unit, report.unit());
            assertEquals(text, report.text());
            assertEquals("amdvi", report.arch());
        }

        @ParameterizedTest
        @CsvSource({
            "amd_iommu_report_page_fault, 96, 96",
            "amd_iommu_report_rmp_fault, 5, 5",
            "amd_iommu_report_rmp_hw_error, 5, 5",
            "iommu_print_event, 7, 7",
            "amd_iommu_int_thread, 27, 0",
            "amd_iommu_restart_log, 3, 0"
        })
        void countsOneEventForEachCallThatReportsOne(String function, long calls, long events) {
            LineReport report = one(function + ": " + calls + " callbacks suppressed");

            assertEquals(LineReport.Kind.SUPPRESSED, report.kind());
            assertEquals(function, report.text());
            assertEquals(calls, report.count());
            assertEquals(events, report.atLeast());
            assertEquals(events, report.atMost());
        }

        @Test
        void decodesAPageRequestThatLinuxRefused() {
            LineReport report =
                    one(
                            "iommu ivhd0: AMD-Vi: PPR logged [Request ignored due to GN=0"
                                    + " (device=0000:03:00.0 pasid=0x51234 address=0x789abcdef000"
                                    + " flags=0x0064 tag=0x205]");

            PageRequestGroup request = (PageRequestGroup) report.fault();
            Map<String, Object> keys = Keys.of(request, new PprRecord());
            assertEquals("ppr", report.queue());
            assertEquals("ivhd0", report.unit());
            assertEquals(0x300L, keys.get("stream"));
            assertEquals(5L, keys.get("grpid"));
            assertEquals(true, keys.get("last"));
            assertEquals(List.of("R", "W"), keys.get("perms"));
            assertEquals(List.of("no_pasid"), keys.get("linux_reject"));
            assertEquals(false, keys.get("reserved_set"));
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "AMD-Vi: Using global IVHD EFR:0x29d3, EFR2:0x0",
                    "AMD-Vi: Extended features (0x29d3, 0x0): PreF PPR GT IA GA HE",
                    "AMD-Vi: Interrupt remapping enabled",
                    "AMD-Vi: AMD IOMMUv2 functionality not available on this system",
                    "AMD-Vi: [Firmware Bug]: : No southbridge IOAPIC found",
                    "pci 0000:00:00.2: AMD-Vi: Found IOMMU cap 0x40",
                    "iommu ivhd0: AMD-Vi: Enabling PPR log",
                    "AMD-Vi: IOMMU GA Log restarting",
                    "amdgpu 0000:07:00.0: IO_PAGE_FAULT seen, resetting = 1",
                    "audit: security event logged",
                    "foo: Event logged [id=0x5 flags=0x0020]",
                    "foo: Event logged [",
                    "foo: device=0000:02:00.0 domain=0x0000",
                    "arm_smmu_evtq_thread: 12 callbacks suppressed",
                    "amd_iommu_report_page_fault: many callbacks suppressed",
                    "CPU0: DTE[0]: 6190000000000003",
                    "my log: No event written to event log"
                })
        void saysNothingOfOtherLines(String line) {
            assertEquals(List.of(), read(line));
        }
    }

    /** A line says of an entry what the entry says of itself. */
    @Property
    void saysWhatTheRecordSays(
            @ForAll int device,
            @ForAll @IntRange(max = 0xf_ffff) int place,
            @ForAll long address,
            @ForAll @IntRange(max = 0xfff) int flags) {
        String line =
                String.format(
                        "AMD-Vi: Event logged [IO_PAGE_FAULT device=%02x:%02x.%x domain=0x%04x"
                                + " address=0x%x flags=0x%04x]",
                        device >> 8 & 0xff, device >> 3 & 0x1f, device & 7, place, address, flags);
        long q0 =
                2L << 60
                        | (long) flags << 48
                        | (place & 0xffffL) << 32
                        | place >> 16 << 16
                        | (device & 0xffff);

        Fault told = one(line).fault();

        assertEquals(q0, told.raw(0));
        assertEquals(address, told.raw(1));
        RecordingLineSink sink = new RecordingLineSink();
        sink.line(
                (l, out) -> {
                    out.unit("amdvi", null).queue("event").words(2);
                    EventRecord.decode(q0, address, out);
                    return 0;
                },
                RecordingLineSink.line(1, ""));
        Fault read = sink.faults().get(0);
        assertEquals(
                List.of(read.reason(), read.access(), read.pasid(), read.iova()),
                List.of(told.reason(), told.access(), told.pasid(), told.iova()));
        assertEquals(read.attributes(), told.attributes());
    }

    @Property
    void joinsALineCutAnywhereBehindItsFirstWords(@ForAll @IntRange(min = 20, max = 112) int at) {
        LineReport report = one(WHOLE.substring(0, at), WHOLE.substring(at));

        assertEquals(said(one(WHOLE)), said(report), WHOLE.substring(at));
        assertFalse(report.truncated());
    }

    @Property
    void readsAnyTextWithoutFailing(@ForAll("texts") List<String> texts) {
        List<LineReport> reports = read(texts.toArray(String[]::new));

        assertTrue(reports.size() <= texts.size(), reports::toString);
        for (LineReport report : reports) {
            assertEquals("amdvi", report.arch());
            if (report.fault() != null) {
                assertFalse(keys(report).get("description").toString().isEmpty());
            }
        }
    }

    /** Lines put together from pieces of real ones, so that they get past the first look. */
    @Provide
    Arbitrary<List<String>> texts() {
        Arbitrary<String> piece =
                Arbitraries.of(
                        "AMD-Vi: ",
                        "nvme 0000:01:00.0: ",
                        "iommu ivhd0: ",
                        "Event logged [",
                        "IO_PAGE_FAULT ",
                        "IO_PAGE_FAULT: ",
                        "INVALID_PPR_REQUEST ",
                        "RMP_PAGE_FAULT ",
                        "UNKNOWN event[0]=0x",
                        "UNKNOWN type=0x0b",
                        "Device not attached to domain properly",
                        " event[1]=0x",
                        "device=",
                        "02:00.0",
                        " domain=0x",
                        " address=0x",
                        " flags=0x0020",
                        " tag=0x205",
                        " vmg_tag=",
                        "ffffffff",
                        "]",
                        "=",
                        "PPR logged [(device=",
                        " d3 addr 00000000fdf80000 flags 0x20",
                        "amd_iommu_report_page_fault: ",
                        "9 callbacks suppressed",
                        " ");
        Arbitrary<String> line =
                Combinators.combine(piece.list().ofMaxSize(9), Arbitraries.strings().ofMaxLength(8))
                        .as((pieces, other) -> String.join("", pieces) + other);
        return line.list().ofMaxSize(12);
    }
}
