package io.faultline.driverlogs.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.faultline.fault.FaultKind;
import io.faultline.testkit.RecordingLineSink;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TraceLogTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "io_page_fault: IOMMU:[drvname] 0000:05:00.0 iova=0x0000000091482640 flags=0x0000; 1 trace: 0000:05:00.0 R@91482640 {driver=[drvname]}",
                "io_page_fault:        IOMMU:nvme 0000:05:00.0 iova=0x0000000091482640 flags=0x0001; 1 trace: 0000:05:00.0 W@91482640 {driver=nvme}",
                "iommu:io_page_fault: IOMMU: 0000:05:00.0 iova=0x0000000091482640 flags=0x0001; 1 trace: 0000:05:00.0 W@91482640",
                "io_page_fault: IOMMU:nvme 0000:05:00.0 iova=0x00000000914826; 1 trace: 0000:05:00.0 -@914826 {driver=nvme} truncated",
                "prq_report: dmar0/0000:6a:01.0 seq# 12: rid=0x6a08 addr=0x7f12 rwx-l pasid=0x1 index=0x3; 1 trace dmar0: 0000:6a:01.0 group 3 stream 6a08 pasid 1 R+W+X@7f12000 {seq=12}",
                "prq_report: dmar0/0000:6a:01.0 seq# 13: rid=0x6a08 addr=0x7f12 r--p- pasid=0x1 index=0x3; 1 trace dmar0: 0000:6a:01.0 group 3 stream 6a08 pasid 1 R+PRIV@7f12000 {seq=13}",
                "prq_report: dmar0/0000:6a:01.0 seq# 13: rid=0x6a08 addr=0x7f; 1 trace dmar0: 0000:6a:01.0 status truncated",
                "qi_submit: page_grp_resp dmar0: 0x000000016a081019 0x0000000000000018 0x0 0x0; 1 trace dmar0: detail {code=1, grpid=3, pasid=1, stream=27144}",
                "dev_fault: IOMMU:0000:05:00.0 type=2 reason=0 addr=0x0000000000001000 fetch=0x0 pasid=5 group=3 flags=3 perm=1; 1 trace: 0000:05:00.0 group 3 pasid 5 R@1000",
                "dev_fault: IOMMU:0000:05:00.0 type=1 reason=6 addr=0x0000000000001000 fetch=0x0 pasid=5 group=0 flags=2 perm=2; 1 trace: 0000:05:00.0 W@1000 PERMISSION",
                "dev_fault: IOMMU:0000:05:00.0 type=1 reason=1 addr=0x0 fetch=0x2000 pasid=5 group=0 flags=5 perm=2; 1 trace: 0000:05:00.0 pasid 5 W PASID_TABLE_FETCH",
                "dev_fault: IOMMU:0000:00:03.0 type=2 reason=0 addr=0x0000ffff860e6000 pasid=1 group=74 flags=3 prot=2; 1 trace: 0000:00:03.0 group 74 pasid 1 W@ffff860e6000",
                "dev_fault: IOMMU:0000:00:03.0 type=2 reason=0 addr=0x0000ffff860e6000 fetch=0x0000000000000000 pasid=1 group=74 flags=13 perm=2; 1 trace: 0000:00:03.0 group 74 pasid 1 W@ffff860e6000",
                "dev_fault: IOMMU:0000:05:00.0 type=7 reason=1 addr=0x0 fetch=0x0 pasid=5 group=0 flags=5 perm=2; 1 trace: 0000:05:00.0 malformed",
                "dev_page_response: IOMMU:0000:05:00.0 code=0 pasid=5 group=3; 1 trace: 0000:05:00.0 detail",
            })
    void readsEachEvent(String line, String expected) {
        assertEquals(List.of(expected), Said.by(new TraceLog(), line));
    }

    @ParameterizedTest
    @ValueSource(strings = {"----l", "---pl", "--x-l"})
    void takesALastRequestForNothingAsAStopMarker(String letters) {
        assertEquals(
                1,
                RecordingLineSink.read(
                                new TraceLog(),
                                "prq_report: dmar0/0000:6a:01.0 seq# 12: rid=0x6a08 addr=0x0 "
                                        + letters
                                        + " pasid=0x1 index=0x3")
                        .stream()
                        .filter(r -> r.fault().kind() == FaultKind.STOP_MARKER)
                        .count());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "map: IOMMU: iova=0x0000000000001000 - 0x0000000000002000 paddr=0x1 size=4096",
                "unmap: IOMMU: iova=0x0000000000001000 - 0x0000000000002000 size=4096 unmapped_size=4096",
                "attach_device_to_domain: IOMMU: device=0000:05:00.0",
                "qi_submit: iotlb_inv dmar0: 0x12 0x0 0x0 0x0",
                "trace-cmd record -e io_page_fault: what it shows",
                "prq_report: enabled",
                "dev_fault: IOMMU:0000:05:00.0",
                "page_grp_resp dmar0: 0x19 0x18 0x0 0x0",
                "qi_submit: page_grp_resp",
                "dev_page_response: enabled",
            })
    void saysNothingOfOtherEvents(String line) {
        assertEquals(List.of(), Said.by(new TraceLog(), line));
    }
}
