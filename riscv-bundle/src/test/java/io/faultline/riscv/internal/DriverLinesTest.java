package io.faultline.riscv.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.faultline.fault.Fault;
import io.faultline.testkit.Keys;
import io.faultline.testkit.LineReport;
import io.faultline.testkit.RecordingLineSink;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DriverLinesTest {
    private static final String WHOLE =
            "riscv-iommu 3010000.iommu: Fault 21 devid: 0x10008 iotval: 7fe0c9943000 iotval2:"
                    + " 80002001";

    private static List<LineReport> read(String... lines) {
        return RecordingLineSink.read(new DriverLines(), lines);
    }

    private static LineReport one(String line) {
        List<LineReport> reports = read(line);
        assertEquals(1, reports.size(), reports::toString);
        return reports.get(0);
    }

    /** Unit, device, access, address and cause. */
    private static String said(LineReport report) {
        Fault fault = report.fault();
        return String.join(
                " ",
                String.valueOf(report.unit()),
                fault.hasRequester() ? Integer.toHexString(fault.requester()) : "?",
                fault.access().toString(),
                fault.hasIova() ? Long.toHexString(fault.iova()) : "?",
                String.valueOf(fault.code()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "riscv-iommu 3010000.iommu: Fault 13 devid: 0x8 iotval: 10003000 iotval2: 0; 3010000.iommu 8 R 10003000 13; false",
                "riscv,iommu 3010000.iommu: Fault 15 devid: 0x20108 iotval: ffffffc000000000 iotval2: 0; 3010000.iommu 20108 W ffffffc000000000 15; false",
                "riscv_iommu_pci 0000:00:01.0: Fault 12 devid: 0x0 iotval: 0 iotval2: 0; 0000:00:01.0 0 X 0 12; false",
                "Fault 258 devid: 0x18 iotval: 1000 iotval2: 0; null 18 - 1000 258; false",
                "riscv-iommu (NULL device *): Fault 4095 devid: 0xffffff iotval: 1 iotval2: 0; null ffffff - 1 4095; false",
                "riscv-iommu 3010000.iommu: Fault 273 devid: 0x0 iotval: fee00000 iotval2: 0; 3010000.iommu ? - ? 273; false",
                "riscv-iommu 3010000.iommu: Fault 13 devid: 0x1000000 iotval: 1000 iotval2: 0; 3010000.iommu ? R 1000 13; false",
                "0000.iommu: Fault 13 devid: 0x8 iotval: 10003000 iotval2: 0; 0000.iommu 8 R 10003000 13; false",
                "riscv-iommu 3010000.iommu: Fault 13 devid: 0x8 iotval: 10003000 iotv; 3010000.iommu 8 R 10003000 13; true",
                "riscv-iommu 3010000.iommu: Fault 13 devid: 0x8 iotva; 3010000.iommu 8 R ? 13; true",
                "riscv-iommu 3010000.iommu: Fault 13 devid: 0x8 iotval: 1000xxxx iotval2: 0; 3010000.iommu 8 R ? 13; true",
            })
    void readsFaultLines(String line, String expected, boolean truncated) {
        LineReport report = one(line);

        assertEquals(expected, said(report));
        assertEquals(truncated, report.truncated());
        assertEquals("riscv", report.arch());
        assertEquals("fq", report.queue());
        assertEquals(0, report.fault().rawWords());
    }

    @Test
    void saysWhatTheLineSaysUnderTheKeysOfARecord() {
        Map<String, Object> keys = Keys.of(one(WHOLE).fault(), new FaultRecord());

        assertEquals("0x80002000", keys.get("gpa"));
        assertEquals(true, keys.get("implicit"));
        assertEquals(false, keys.get("implicit_write"));
        assertEquals("GUEST_PAGE_FAULT", keys.get("detail"));
        assertEquals(null, keys.get("ttyp"));
        assertFalse(keys.containsKey("reserved_set"), "a line does not show it");
        assertEquals(
                "read guest-page fault of device 0x10008 at 0x7fe0c9943000 R, guest physical"
                        + " address 0x80002000, on the walk of a table (cause 21)",
                keys.get("description"));
    }

    @Test
    void readsAGuestPageFaultWithoutItsSecondAddress() {
        LineReport report = one(WHOLE.substring(0, WHOLE.indexOf(" iotval2")));

        assertEquals(null, Keys.of(report.fault(), new FaultRecord()).get("gpa"));
    }

    @ParameterizedTest
    @CsvSource({
        "1, 0, 1, fq, RECORDS_LOST, the fault queue overflowed: records were lost",
        "1, 1, 0, fq, RECORDS_LOST, the fault queue met a memory access fault: records were lost",
        "2, 0, 1, pq, RECORDS_LOST, the page request queue overflowed: records were lost",
        "1, 0, 0, fq, STATUS, the fault queue reports an error that is over",
        "0, 1, 0, , STATUS, the command queue met a memory access fault"
    })
    void readsErrorsOfQueues(
            int id, int memory, int overflow, String queue, LineReport.Kind kind, String text) {
        LineReport report =
                one(
                        "riscv-iommu 3010000.iommu: Queue #%d error; memory fault:%d overflow:%d"
                                .formatted(id, memory, overflow));

        assertEquals(kind, report.kind());
        assertEquals(queue, report.queue());
        assertEquals("3010000.iommu", report.unit());
        assertTrue(report.text().startsWith(text), report.text());
    }

    /** One call for each fault. */
    @Test
    void countsWhatWasNotPrinted() {
        LineReport report = one("riscv_iommu_fault: 1330 callbacks suppressed");

        assertEquals("riscv_iommu_fault", report.text());
        assertEquals(
                List.of(1330L, 1330L, 1330L),
                List.of(report.count(), report.atLeast(), report.atMost()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "riscv-iommu 3010000.iommu: device advertised features 0x7 and capabilities",
                "riscv-iommu 3010000.iommu: Fault 0 devid: 0x8 iotval: 0 iotval2: 0",
                "riscv-iommu 3010000.iommu: Fault 4096 devid: 0x8 iotval: 0 iotval2: 0",
                "usbcore: registered devid: 0x1234",
                "Default 13 devid: 0x8",
                "some driver: error; memory fault: no memory",
                "riscv_iommu_fault: many callbacks suppressed",
            })
    void saysNothingOfOtherLines(String line) {
        assertEquals(List.of(), read(line));
    }

    /** A line may be cut anywhere: it says less then, and nothing that is wrong. */
    @Property
    void saysNothingWrongOfALineThatWasCut(@ForAll @IntRange(max = 88) int length) {
        List<LineReport> reports = read(WHOLE.substring(0, Math.min(length, WHOLE.length())));

        for (LineReport report : reports) {
            assertEquals(21, report.fault().code());
            assertEquals("3010000.iommu", report.unit());
        }
    }

    @Property
    void readsAnyText(@ForAll String text) {
        read("Fault " + text, "Fault 13 devid: 0x" + text, text + ": Fault 1 devid: 0x8 iotval: ");
    }
}
