package io.faultline.kernellog.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.faultline.log.LogLine;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Mostly lines as people posted them. */
class WrappedLineTest {
    private static final String NVME =
            "[  904.705788] AMD-Vi: Event logged [IO_PAGE_FAULT device=03:00.0";

    static Stream<Arguments> wrapped() {
        return Stream.of(
                Arguments.of(
                        NVME + "\ndomain=0x0000 address=0xffc71000 flags=0x0000]\n",
                        "AMD-Vi: Event logged [IO_PAGE_FAULT device=03:00.0 domain=0x0000"
                                + " address=0xffc71000 flags=0x0000]"),
                Arguments.of(
                        """
                        >> DMAR: [INTR-REMAP] Request device [0xc9:0x05.0] fault index 0xa00
                        >> [fault reason 0x25] Blocked a compatibility format
                        """,
                        "DMAR: [INTR-REMAP] Request device [0xc9:0x05.0] fault index 0xa00 [fault"
                                + " reason 0x25] Blocked a compatibility format"),
                Arguments.of(
                        """
                        (XEN) [VT-D]DMAR:[DMA Read] Request device [0000:00:02.0] fault addr
                        8e43c000, iommu reg = ffff82c00021d000
                        """,
                        "(XEN) [VT-D]DMAR:[DMA Read] Request device [0000:00:02.0] fault addr"
                                + " 8e43c000, iommu reg = ffff82c00021d000"),
                Arguments.of(
                        """
                        >smartpqi 0000:23:00.0: AMD-Vi: Event logged [IO_PAGE_FAULT domain=3D0x0000
                        >address=3D0xffffffffffec3400 flags=3D0x0010]
                        """,
                        "smartpqi 0000:23:00.0: AMD-Vi: Event logged [IO_PAGE_FAULT domain=0x0000"
                                + " address=0xffffffffffec3400 flags=0x0010]"),
                Arguments.of(
                        """
                        May 27 14:24:22 youpi kernel: iommu ivhd0: AMD-Vi: Event logged
                        [ILLEGAL_DEV_TABLE_ENTRY device=3D0000:00:01.0 pasid=3D0x00000 address=3D0x=
                        102e89980
                        flags=3D0x0080]
                        """,
                        "iommu ivhd0: AMD-Vi: Event logged [ILLEGAL_DEV_TABLE_ENTRY"
                                + " device=0000:00:01.0 pasid=0x00000 address=0x102e89980"),
                Arguments.of(
                        """
                        > arm-smmu-v3 490d0000.iommu: event: F_TRANSLATION client: 0000:01:00.0 sid=
                        : 0x11 ssid: 0x0 iova: 0x9b0cc000 ip
                        """,
                        "arm-smmu-v3 490d0000.iommu: event: F_TRANSLATION client: 0000:01:00.0 sid:"
                                + " 0x11 ssid: 0x0 iova: 0x9b0cc000 ip"),
                Arguments.of(
                        """
                        Nov  3 10:22:31 host kernel: [  904.705788] arm-smmu-v3 arm-smmu-v3.3.auto:
                        event 0x10 received:
                        """,
                        "arm-smmu-v3 arm-smmu-v3.3.auto: event 0x10 received:"),
                Arguments.of(
                        """
                        [  904.705788] DMAR: [DMA Read NO_PASID] Request device [02:00.0] fault add\r
                        r 0xffe00000 [fault reason 0x06] PTE Read access is not set
                        """,
                        "DMAR: [DMA Read NO_PASID] Request device [02:00.0] fault add r 0xffe00000"
                                + " [fault reason 0x06] PTE Read access is not set"),
                Arguments.of(
                        """
                        [ 9904.7057] DMAR: [DMA Read NO_PASID] Request device [02:00.0] fault addr 0xffe
                        00000 [fault reason 0x06] PTE Read access is not set
                        """,
                        "DMAR: [DMA Read NO_PASID] Request device [02:00.0] fault addr 0xffe00000"
                                + " [fault reason 0x06] PTE Read access is not set"));
    }

    private static List<String> read(String log) {
        return Logs.lines(
                        log,
                        "Request device [",
                        "Event logged",
                        "event: F_",
                        "event 0x",
                        "gpu fault")
                .stream()
                .map(LogLine::text)
                .toList();
    }

    @ParameterizedTest
    @MethodSource("wrapped")
    void isPutTogether(String log, String whole) {
        assertEquals(List.of(whole), read("first\n" + log + "[  999.000000] last\n"));
        assertEquals(List.of(whole), read(log.strip()));
    }

    static Stream<Arguments> notWrapped() {
        String fault = "DMAR: DMAR:[DMA Read] Request device [02:00.0] fault addr ffe00000 ";
        return Stream.of(
                Arguments.of(NVME + "\n[  904.705789] domain=0x0000", 1),
                Arguments.of(NVME + "\n", 1),
                Arguments.of(NVME + "\n\ndomain=0x0000", 1),
                Arguments.of(NVME + "\nshort", 1),
                Arguments.of(fault + "\nusb 1-1: new high-speed device number", 1),
                Arguments.of("> " + fault + "\n> pcieport 0000:00:1c.0: AER: Corrected error", 1),
                Arguments.of(
                        "arm-smmu-v3 arm-smmu-v3.a_long_name.auto: event 0x10 received:\n"
                                + "0x0000010000000010",
                        1),
                Arguments.of("DMAR: [DMA Read] Request device [02:00.0] fault\naddr=0xffe00000", 1),
                Arguments.of(NVME + "\nAMD-Vi: Event logged [IO_PAGE_FAULT device=04:00.0", 2));
    }

    @ParameterizedTest
    @MethodSource("notWrapped")
    void isLeftAlone(String log, int lines) {
        List<String> texts = read(log);

        assertEquals(lines, texts.size(), texts::toString);
        String[] raw = log.split("\n", 2);
        assertEquals(raw[0].replaceFirst("^(> |\\[  904.705788\\] )", "").strip(), texts.get(0));
    }
}
