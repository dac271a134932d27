package io.faultline.driverlogs.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.faultline.fault.TimeBase;
import io.faultline.log.LineDecoder;
import io.faultline.log.LogLine;
import io.faultline.testkit.RecordingLineSink;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Faults that take several lines. */
class DumpsTest {
    private static final String GLOBAL =
            "arm-smmu a.iommu: Unexpected global fault, this could be serious";
    private static final String REGISTERS =
            "arm-smmu a.iommu:         GFSR 0x00000002, GFSYNR0 0x00000002, GFSYNR1 0x000006c0,"
                    + " GFSYNR2 0x00000000";
    private static final String SAID_GLOBAL =
            ": stream 6c0 W BAD_CONFIG {event=global, gfsr=0x2, gfsynr0=0x2, gfsynr1=0x6c0,"
                    + " gfsynr2=0x0}";

    private static List<String> said(String... lines) {
        return Said.by(new DriverLog(), lines);
    }

    @Test
    void putsTheTwoLinesOfAGlobalFaultTogether() {
        assertEquals(List.of("1 smmuv2 a.iommu" + SAID_GLOBAL), said(GLOBAL, REGISTERS));
    }

    @Test
    void putsThemTogetherAcrossOthersLinesAndOtherUnits() {
        assertEquals(
                List.of("2 smmuv2 b.iommu" + SAID_GLOBAL, "1 smmuv2 a.iommu" + SAID_GLOBAL),
                said(
                        GLOBAL,
                        GLOBAL.replace("a.iommu", "b.iommu"),
                        "usb 1-1: new device",
                        REGISTERS.replace("a.iommu", "b.iommu"),
                        REGISTERS));
    }

    @Test
    void readsTheRegistersAloneIfTheHeadlineIsLost() {
        assertEquals(
                List.of(
                        "1 smmuv2 /axi/smmu@fd800000: stream 871 R BAD_CONFIG {event=global,"
                                + " gfsr=0x2, gfsynr0=0x0, gfsynr1=0x871, gfsynr2=0x0}"),
                said(
                        "(XEN) smmu: /axi/smmu@fd800000:         GFSR 0x00000002, GFSYNR0"
                                + " 0x00000000, GFSYNR1 0x00000871, GFSYNR2 0x00000000"));
    }

    @Test
    void reportsAHeadlineAloneAsFarAsItGoes() {
        assertEquals(List.of("1 smmuv2 a.iommu: - {event=global} truncated"), said(GLOBAL));
        assertEquals(
                List.of("1 smmuv2 a.iommu: stream 6c0 - {event=global} truncated"),
                said(
                        "arm-smmu a.iommu: Blocked unknown Stream ID 0x6c0; boot with"
                                + " \"arm-smmu.disable_bypass=0\" to allow, but this may have"
                                + " security implications"));
    }

    @Test
    void readsTheNewerHeadlineToo() {
        assertEquals(
                List.of("1 smmuv2 a.iommu" + SAID_GLOBAL),
                said(
                        "arm-smmu a.iommu: Blocked unknown Stream ID 0x6c0; boot with"
                                + " \"arm-smmu.disable_bypass=0\" to allow, but this may have"
                                + " security implications",
                        REGISTERS));
    }

    @Test
    void readsTheDumpOfQualcommsOwnKernels() {
        assertEquals(
                List.of(
                        "1 smmuv2 15000000.apps-smmu: soc:qcom,cam_smmu:msm_cam_smmu_ife stream 820"
                                + " W@7f000 NOT_PRESENT {cb=23, flags=[TF, SS], fsr=0x40000402,"
                                + " fsynr=0x11, stall=true}"),
                said(
                                "arm-smmu 15000000.apps-smmu: Unhandled arm-smmu context fault from"
                                        + " soc:qcom,cam_smmu:msm_cam_smmu_ife!",
                                "arm-smmu 15000000.apps-smmu: FAR    = 0x000000000007f000",
                                "arm-smmu 15000000.apps-smmu: PAR    = 0x0000000000000000",
                                "arm-smmu 15000000.apps-smmu: FSR    = 0x40000402 [TF W SS ]",
                                "arm-smmu 15000000.apps-smmu: FSYNR0    = 0x11",
                                "binder: 512:512 transaction failed",
                                "arm-smmu 15000000.apps-smmu: context bank#: 23",
                                "arm-smmu 15000000.apps-smmu: soft iova-to-phys=0x0000000000000000",
                                "arm-smmu 15000000.apps-smmu: SID=0x820",
                                "arm-smmu 15000000.apps-smmu: Client info: BID=0x0, PID=0x1, MID=0x2")
                        .stream()
                        .filter(report -> !report.contains("detail"))
                        .toList());
    }

    @Test
    void takesTheAccessFromTheFlagsIfItsRegisterIsMissing() {
        assertEquals(
                List.of("1 smmuv2 s: soc:ufs R@1000 NOT_PRESENT {flags=[TF], fsr=0x402}"),
                said(
                        "arm-smmu s: Unhandled arm-smmu context fault from soc:ufs!",
                        "arm-smmu s: FAR    = 0x0000000000001000",
                        "arm-smmu s: FSR    = 0x00000402 [TF R ]"));
    }

    @Test
    void readsEachContextOfTheFirstMsmIommus() {
        assertEquals(
                List.of(
                        "1 msm: W@1000 NOT_PRESENT {base=0xf0000000, cb=0, flags=[TF], fsr=0x2,"
                                + " fsynr=0x10}",
                        "6 msm: R@2000 PERMISSION {cb=2, flags=[PF], fsr=0x8, fsynr=0x0}"),
                said(
                        "Unexpected IOMMU page fault!",
                        "base = f0000000",
                        "Fault occurred in context 0.",
                        "FAR    = 00001000    PAR    = 00000000",
                        "FSR    = 00000002 [TF ] FSYNR0 = 00000010    FSYNR1 = 00000000",
                        "Fault occurred in context 2.",
                        "Interesting registers:",
                        "FAR    = 00002000    PAR    = 00000000",
                        "FSR    = 00000008 [APF ]",
                        "FSYNR0 = 00000000    FSYNR1 = 00000000"));
    }

    @Test
    void readsTheRegistersOfAPamu() {
        assertEquals(
                List.of("1 pamu fsl-pamu: stream 21 -@fe001000 {avs1=0x210001, avs2=0x0}"),
                said(
                        "fsl-pamu: access violation interrupt",
                        "fsl-pamu: POES1=00000000",
                        "fsl-pamu: AVS1=00210001",
                        "fsl-pamu: AVS2=00000000",
                        "fsl-pamu: AVA=00000000fe001000",
                        "fsl-pamu: UDAD=00000000"));
    }

    @Test
    void doesNotWaitForEverForALostRest() {
        String[] lines = new String[40];
        Arrays.fill(lines, "usb 1-1: new device");
        lines[0] = GLOBAL;
        lines[39] = REGISTERS;

        assertEquals(
                List.of(
                        "1 smmuv2 a.iommu: - {event=global} truncated",
                        "40 smmuv2 a.iommu" + SAID_GLOBAL),
                said(lines));
    }

    @Test
    void doesNotPutTogetherWhatIsSecondsApart() {
        RecordingLineSink sink = new RecordingLineSink();
        LineDecoder.Session session = new DriverLog().open("test");

        sink.line(session, at(1_000_000_000L, 1, GLOBAL));
        sink.line(session, at(9_000_000_000L, 2, REGISTERS));
        sink.end(session);

        assertEquals(2, sink.faults().size());
        assertTrue(sink.reports().get(0).truncated());
    }

    @Test
    void tellsWhatItHasWhenALiveLogIsSilent() {
        RecordingLineSink sink = new RecordingLineSink();
        LineDecoder.Session session = new DriverLog().open("test");

        sink.line(session, RecordingLineSink.line(1, GLOBAL));
        session.idle(sink);

        assertEquals(1, sink.faults().size());
    }

    private static LogLine at(long nanos, long number, String text) {
        return new LogLine(number, text, nanos, TimeBase.BOOT, null, true, true);
    }
}
