package io.faultline.driverlogs.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.faultline.log.LineDecoder;
import io.faultline.testkit.LineReport;
import io.faultline.testkit.LineReport.Kind;
import io.faultline.testkit.RecordingLineSink;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

/** What holds for any values, and for lines in any order, whole and damaged. */
class LogPropertiesTest {
    private static final List<String> LINES =
            List.of(
                    "arm-smmu a: Unhandled context fault: fsr=0x402, iova=0x00001000, fsynr=0x11,"
                            + " cbfrsynra=0x880, cb=5",
                    "arm-smmu a: Unexpected global fault, this could be serious",
                    "arm-smmu a: \tGFSR 0x80000002, GFSYNR0 0x00000002, GFSYNR1 0x000006c0, GFSYNR2"
                            + " 0x00000000",
                    "arm-smmu b: Unhandled arm-smmu context fault from soc:ufs!",
                    "arm-smmu b: FAR    = 0x0000000000001000",
                    "arm-smmu b: FSR    = 0x00000402 [TF R ]",
                    "arm-smmu b: Client info: BID=0x0",
                    "Unexpected IOMMU page fault!",
                    "Fault occurred in context 2.",
                    "FAR    = 00002000    PAR    = 00000000",
                    "FSYNR0 = 00000000    FSYNR1 = 00000000",
                    "*** gpu fault: iova=0000000001047dc0 flags=1 (0,0,0,0)",
                    "x: [READ] PAGE FAULT occurred at 0x6715b3e0",
                    "isp: errs:0x00000008 da:0x00a0dfa0 pgd:0xc6468000",
                    "displaya: secure read @0xfe056b40: SMMU page fault (Page fault [-W-])",
                    "zpci: 0001:00:00.0: Event 0x3a reports an error for PCI function 0x200",
                    "prq_report: dmar0/0000:6a:01.0 seq# 12: rid=0x6a08 addr=0x7f12 rwx-l pasid=0x1"
                            + " index=0x3",
                    "io_page_fault: IOMMU:nvme 0000:05:00.0 iova=0x91482640 flags=0x1",
                    "dev_fault: IOMMU:0000:05:00.0 type=1 reason=9 addr=0x1000 flags=7 perm=3",
                    "qi_submit: page_grp_resp dmar0: 0x000000016a081019 0x18 0x0 0x0",
                    "** 12 printk messages dropped **",
                    "apple_dart_irq: 5 callbacks suppressed");

    /** Any line; half of them lose some of their middle or their end. */
    @Provide
    Arbitrary<List<String>> log() {
        return Arbitraries.integers()
                .between(0, Integer.MAX_VALUE)
                .map(LogPropertiesTest::line)
                .list()
                .ofMaxSize(60);
    }

    private static String line(int choice) {
        String line = LINES.get(choice % LINES.size());
        int from = choice / 32 % line.length();
        int to = Math.min(line.length(), from + choice / 8192 % 64);
        return choice % 2 == 0 ? line : line.substring(0, from) + line.substring(to);
    }

    /** However lines are cut and mixed: at most one fault for each, none twice, nothing thrown. */
    @Property
    void tellsOfEachLineAtMostOneFault(@ForAll("log") List<String> lines) {
        for (LineDecoder decoder : List.of(new DriverLog(), new TraceLog())) {
            List<LineReport> faults =
                    RecordingLineSink.read(decoder, lines.toArray(String[]::new)).stream()
                            .filter(report -> report.kind() == Kind.FAULT)
                            .toList();

            long different =
                    faults.stream().map(report -> report.line().number()).distinct().count();
            assertEquals(faults.size(), different, faults::toString);
        }
    }

    @Property
    void readsBackAnyValuesOfAContextFault(
            @ForAll @LongRange(min = 0, max = 0xffff_ffffL) long fsr,
            @ForAll long iova,
            @ForAll @LongRange(min = 0, max = 0xffff_ffffL) long fsynr,
            @ForAll @LongRange(min = 0, max = 0xffff_ffffL) long cbfrsynra,
            @ForAll @IntRange(max = 127) int cb) {
        LineReport report =
                RecordingLineSink.read(
                                new DriverLog(),
                                String.format(
                                        "arm-smmu a.iommu: Unhandled context fault: fsr=0x%x,"
                                                + " iova=0x%08x, fsynr=0x%x, cbfrsynra=0x%x, cb=%d",
                                        fsr, iova, fsynr, cbfrsynra, cb))
                        .get(0);

        assertEquals(iova, report.fault().iova());
        assertEquals(cbfrsynra & 0xffff, report.fault().requester());
        assertEquals((fsynr & 0x10) != 0, report.fault().access().isWrite());
        assertEquals((fsynr & 0x20) != 0, report.fault().access().isPrivileged());
        assertEquals("0x" + Long.toHexString(fsr), report.keys().get("fsr"));
        assertEquals((long) cb, report.keys().get("cb"));
        assertTrue(!report.truncated());
    }

    /** Other lines between those of a dump change nothing, up to a limit. */
    @Property
    void findsTheRegistersOfUnitsThatInterleave(
            @ForAll @Size(min = 1, max = 8) List<@IntRange(max = 3) Integer> gaps) {
        List<String> lines = new ArrayList<>();
        for (int unit = 0; unit < gaps.size(); unit++) {
            lines.add(
                    "arm-smmu u" + unit + ".iommu: Unexpected global fault, this could be serious");
            for (int i = 0; i < gaps.get(unit); i++) {
                lines.add("usb 1-1: new device");
            }
        }
        for (int unit = 0; unit < gaps.size(); unit++) {
            lines.add(
                    String.format(
                            "arm-smmu u%d.iommu: \tGFSR 0x00000002, GFSYNR0 0x0, GFSYNR1 0x%08x,"
                                    + " GFSYNR2 0x00000000",
                            unit, unit));
        }

        List<LineReport> reports =
                RecordingLineSink.read(new DriverLog(), lines.toArray(String[]::new));

        long faults = reports.stream().filter(report -> report.kind() == Kind.FAULT).count();
        assertTrue(faults >= gaps.size(), reports::toString);
        for (LineReport report : reports) {
            if (!report.truncated()) {
                assertEquals("u" + report.fault().requester() + ".iommu", report.unit());
            }
        }
    }
}
