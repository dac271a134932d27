package io.faultline.driverlogs.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FormsTest {
    private static List<String> said(String... lines) {
        return Said.by(new DriverLog(), lines);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                // up to 3.19, up to 5.2, since 5.3
                "arm-smmu 2b400000.smmu: Unhandled context fault: iova=0x00001000, fsynr=0x11, cb=3; 1 smmuv2 2b400000.smmu: W@1000 {cb=3, fsynr=0x11}",
                "arm-smmu 2b400000.smmu: Unhandled context fault: fsr=0x8, iova=0x00001000, fsynr=0x60, cb=3; 1 smmuv2 2b400000.smmu: R+X+PRIV@1000 PERMISSION {cb=3, flags=[PF], fsr=0x8, fsynr=0x60}",
                "arm-smmu 15000000.iommu: Unhandled context fault: fsr=0x402, iova=0x00000000, fsynr=0x370011, cbfrsynra=0x880, cb=5; 1 smmuv2 15000000.iommu: stream 880 W@0 NOT_PRESENT {cb=5, cbfrsynra=0x880, flags=[TF], fsr=0x402, fsynr=0x370011}",
                "qcom-iommu-ctx 1c48000.iommu-ctx: Unhandled context fault: fsr=0x40000202, iova=0x0000000001047dc0, fsynr=0x3, cb=0; 1 smmuv2 1c48000.iommu-ctx: R@1047dc0 NOT_PRESENT {cb=0, flags=[TF, SS], fsr=0x40000202, fsynr=0x3, stall=true}",
                "(XEN) smmu: /axi/smmu@fd800000: Unhandled context fault: fsr=0x402, iova=0x1000, fsynr=0x1, cb=1; 1 smmuv2 /axi/smmu@fd800000: R@1000 NOT_PRESENT {cb=1, flags=[TF], fsr=0x402, fsynr=0x1}",
                "arm-smmu 15000000.iommu: FSR    = 00000402 [Format=2 TF], SID=0x880; 1 smmuv2 15000000.iommu: detail {fsr=0x402, stream=2176}",
                "arm-smmu 15000000.iommu: FSYNR0 = 00370011 [S1CBNDX=55 WNR PLVL=1]; 1 smmuv2 15000000.iommu: detail {fsynr=0x370011}",
                "arm-smmu 15000000.iommu: soft iova-to-phys=0x0000000000000000; 1 smmuv2 15000000.iommu: detail",
                "arm-smmu 15000000.iommu: hard iova-to-phys (ATOS) failed; 1 smmuv2 15000000.iommu: detail",
                "arm-smmu 15000000.iommu: SOFTWARE TABLE WALK FAILED! Looks like 1d84000.ufs accessed an unmapped address!; 1 smmuv2 15000000.iommu: detail",
                "*** gpu fault: ttbr0=000000018bbd9000 iova=000000010bed0000 dir=WRITE type=PERMISSION source=CCU (0,0,0,1); 1 adreno: W@10bed0000 PERMISSION {scratch=0,0,0,1, source=CCU, ttbr0=0x18bbd9000, type=PERMISSION}",
                "*** gpu fault: ttbr0=000000018bbd9000 iova=000000010bed0000 dir=READ type=EXTERNAL source=UCHE (0,0,0,1); 1 adreno: R@10bed0000 WALK_FETCH {scratch=0,0,0,1, source=UCHE, ttbr0=0x18bbd9000, type=EXTERNAL}",
                "*** gpu fault: ttbr0=000000018bbd9000 iova=000000010bed0000 dir=READ type=UNKNOWN source=UNKNOWN (0,0,0,1); 1 adreno: R@10bed0000 {scratch=0,0,0,1, source=UNKNOWN, ttbr0=0x18bbd9000, type=UNKNOWN}",
                "*** gpu fault: iova=0000000001047dc0 flags=1 (0,0,0,0); 1 adreno: W@1047dc0 {scratch=0,0,0,0}",
                "'*** fault: iova=         1047dc0, flags=0'; 1 adreno: R@1047dc0",
                "rk_iommu ff9d0000.iommu: Page fault at 0x02010040 of type write; 1 rockchip ff9d0000.iommu: W@2010040 PAGE_FAULT",
                "rk_iommu ff9d0000.iommu: iova = 0x02010040: dte_index: 0x8 pte_index: 0x10 page_offset: 0x40; 1 rockchip ff9d0000.iommu: detail {addr=0x2010040, dte_index=0x8, page_offset=0x40, pte_index=0x10}",
                "rk_iommu ff9d0000.iommu: mmu_dte_addr: 0x01 dte@0x02: 0x03 valid: 1 pte@0x04: 0x05 valid: 0 page@0x06 flags: 0x0; 1 rockchip ff9d0000.iommu: detail {dte=0x02:}",
                "rk_iommu ff9d0000.iommu: Page fault while iommu not attached to domain?; 1 rockchip ff9d0000.iommu: detail",
                "exynos-sysmmu 14860000.sysmmu: 14830000.decon: [READ] PAGE FAULT occurred at 0x6715b3e0; 1 exynos 14860000.sysmmu: 14830000.decon R@6715b3e0 PAGE_FAULT {event=PAGE}",
                "exynos-sysmmu 14860000.sysmmu: 14830000.decon: [WRITE] MULTI-HIT FAULT occurred at 0x10; 1 exynos 14860000.sysmmu: 14830000.decon W@10 CONFLICT {event=MULTI-HIT}",
                "exynos-sysmmu 14860000.sysmmu: 14830000.decon: [WRITE] ACCESS PROTECTION FAULT occurred at 0x10; 1 exynos 14860000.sysmmu: 14830000.decon W@10 PERMISSION {event=ACCESS PROTECTION}",
                "exynos-sysmmu 14860000.sysmmu: 14830000.decon: [READ] SECURITY PROTECTION FAULT occurred at 0x10; 1 exynos 14860000.sysmmu: 14830000.decon R@10 MEMORY_PROTECTION {event=SECURITY PROTECTION}",
                "exynos-sysmmu 14860000.sysmmu: 14830000.decon: [READ] BUS ERROR FAULT occurred at 0x10; 1 exynos 14860000.sysmmu: 14830000.decon R@10 ACCESS_FAULT {event=BUS ERROR}",
                "exynos-sysmmu 14860000.sysmmu: PAGE FAULT occurred at 0x10 by 14830000.decon(Page table base: 0x6c); 1 exynos 14860000.sysmmu: 14830000.decon -@10 PAGE_FAULT {event=PAGE}",
                "exynos-sysmmu 14860000.sysmmu: AW ACCESS PROTECTION FAULT occurred at 0x10 by 14830000.decon; 1 exynos 14860000.sysmmu: 14830000.decon W@10 PERMISSION {event=ACCESS PROTECTION}",
                "exynos-sysmmu 14860000.sysmmu: BUS ERROR occurred at 0x10 by 14830000.decon; 1 exynos 14860000.sysmmu: 14830000.decon -@10 ACCESS_FAULT {event=BUS ERROR}",
                "Unrecoverable System MMU Fault!; 1 exynos: detail",
                "mtk-iommu 1c01f000.iommu: fault type=0x280 iova=0x1f9700000 pa=0x1f8000000 master=0x50c(larb=0 port=3) layer=1 write; 1 mediatek 1c01f000.iommu: W@1f9700000 {fault_type=0x280, larb=0, layer=1, master=0x50c, pa=0x1f8000000, port=3}",
                "mtk-iommu 10205000.iommu: fault type=0x5 iova=0xf97000 pa=0x0 larb=2 port=1 layer=0 read; 1 mediatek 10205000.iommu: R@f97000 {fault_type=0x5, larb=2, layer=0, pa=0x0, port=1}",
                "sun50i-iommu 30f0000.iommu: Page fault for 0xbff00000 (master 2, dir wr); 1 allwinner 30f0000.iommu: stream 2 W@bff00000 PAGE_FAULT",
                "sun50i-iommu 30f0000.iommu: Page fault for 0xbff00000 (master 0, dir rd); 1 allwinner 30f0000.iommu: stream 0 R@bff00000 PAGE_FAULT",
                "ipmmu-vmsa febd0000.mmu: Unhandled fault: status 0x00000001 iova 0xffe00; 1 renesas febd0000.mmu: -@ffe00 NOT_PRESENT {status=0x1}",
                "ipmmu-vmsa febd0000.mmu: Unhandled fault: status 0x00002002 iova 0x40ffe00000; 1 renesas febd0000.mmu: -@40ffe00000 PERMISSION {status=0x2002}",
                "apple-dart 285810000.iommu: translation fault: status:0x800c0002 stream:12 code:0x2 (NO PGD FOR IOVA) at 0xfd68be00; 1 dart 285810000.iommu: stream c -@fd68be00 NOT_PRESENT {code=0x2, event=NO PGD FOR IOVA, status=0x800c0002}",
                "apple-dart 285810000.iommu: translation fault: status:0x80000010 stream:1 code:0x10 (WRITE FAULT) at 0x4000; 1 dart 285810000.iommu: stream 1 W@4000 PERMISSION {code=0x10, event=WRITE FAULT, status=0x80000010}",
                "apple-dart 285810000.iommu: translation fault: status:0x80000000 stream:1 code:0x0 (unknown) at 0x4000; 1 dart 285810000.iommu: stream 1 -@4000 {code=0x0, event=unknown, status=0x80000000}",
                "omap-iommu 55082000.mmu: 55082000.mmu: errs:0x00000002 da:0x00a0dfa0 pgd:0xc6468000 *pgd:px00000000; 1 omap 55082000.mmu: -@a0dfa0 NOT_PRESENT {domain=55082000.mmu, errs=0x2}",
                "omap-iommu 55082000.mmu: isp: errs:0x00000008 da:0x00a0dfa0 pgd:0xc6468000 *pgd:px1 pte:0xc1 *pte:0x2; 1 omap 55082000.mmu: -@a0dfa0 WALK_FETCH {domain=isp, errs=0x8}",
                "tegra-mc 70019000.memory-controller: displaya: read @0xfe056b40: SMMU page fault (Page fault [-W-]); 1 tegra 70019000.memory-controller: displaya R@fe056b40 PAGE_FAULT {event=SMMU page fault (Page fault [-W-])}",
                "tegra-mc 70019000.memory-controller: gpuswr: secure write @0x00000000fe056b40: EMEM address decode error (SMMU translation error [--S]); 1 tegra 70019000.memory-controller: gpuswr W@fe056b40 PAGE_FAULT {event=EMEM address decode error (SMMU translation error [--S]), secure=true}",
                "tegra-mc 70019000.memory-controller: ptcr: read @0x40: EMEM address decode error (EMEM decode error); 1 tegra 70019000.memory-controller: ptcr R@40 ACCESS_FAULT {event=EMEM address decode error (EMEM decode error)}",
                "zpci: 0001:00:00.0: Event 0x3a reports an error for PCI function 0x200; 1 s390: 0001:00:00.0 status",
                "zpci: 0000:00:00.0: Event 0x303 reconfigured PCI function 0x514; 1 s390: 0000:00:00.0 status",
                "zpci: n/a: Event 0x301 reconfigured PCI function 0x514; 1 s390: n/a status",
                "zpci: 0000:00:00.0: event code 0x3a; 1 s390: 0000:00:00.0 status",
            })
    void readsEachForm(String line, String expected) {
        assertEquals(List.of(expected), said(line));
    }

    /** The registers say that the bank kept the first fault and dropped others. */
    @Test
    void tellsThatFurtherFaultsWereNotRecorded() {
        assertEquals(
                List.of(
                        "1 smmuv2 a.iommu: W@1000 PERMISSION {cb=1, flags=[PF, MULTI],"
                                + " fsr=0x80000008, fsynr=0x10}",
                        "1 smmuv2 a.iommu: records_lost"),
                said(
                        "arm-smmu a.iommu: Unhandled context fault: fsr=0x80000008, iova=0x1000,"
                                + " fsynr=0x10, cb=1"));
    }

    @ParameterizedTest
    @CsvSource({
        "0x0, UNKNOWN",
        "0x1fe, NOT_PRESENT",
        "0x1fc, PERMISSION",
        "0x1f4, ACCESS_FLAG",
        "0x1f0, WALK_FETCH",
        "0x1e0, ADDRESS_SIZE",
        "0x160, UNKNOWN",
    })
    void namesTheReasonThatSaysMostIfThereAreSeveral(String fsr, String reason) {
        assertEquals(reason, ContextFault.reason(Long.decode(fsr)).name());
    }

    /** Lines are cut by terminals, and misread by whoever copies them from a screen. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "*** gpu fault: ttbr0=000000018bbd9000 tova=000000010bed0000 dir=R EAD type=TRANSLATION source=CCU (0,0,0,1); 1 adreno: R NOT_PRESENT {scratch=0,0,0,1, source=CCU, ttbr0=0x18bbd9000, type=TRANSLATION} truncated",
                "arm-smmu a.iommu: Unhandled context fault: fsr=0x402, iova=0x0000; 1 smmuv2 a.iommu: -@0 NOT_PRESENT {flags=[TF], fsr=0x402} truncated",
                "arm-smmu a.iommu: Unhandled context fault: fsr=0x402, iova=0xfdxxxxxx, fsynr=0x10, cb=1; 1 smmuv2 a.iommu: W NOT_PRESENT {cb=1, flags=[TF], fsr=0x402, fsynr=0x10} truncated",
                "arm-smmu a.iommu: Unhandled context fault:; 1 smmuv2 a.iommu: - truncated",
                "rk_iommu ff9d0000.iommu: Page fault at 0x02010040; 1 rockchip ff9d0000.iommu: -@2010040 PAGE_FAULT truncated",
                "mtk-iommu a.iommu: fault type=0x280 iova=0x1f9700000 pa=0x1f; 1 mediatek a.iommu: -@1f9700000 {fault_type=0x280, pa=0x1f} truncated",
                "apple-dart a.iommu: translation fault: status:0x800c0002 stream:0 code:0x2 (NO PG; 1 dart a.iommu: stream 0 - NOT_PRESENT {code=0x2, event=NO PG, status=0x800c0002} truncated",
            })
    void readsWhatIsLeftOfADamagedLine(String line, String expected) {
        assertEquals(List.of(expected), said(line));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "iommu/arm-smmu: ratelimit the message Unhandled context fault: too many of them",
                "Subject: Re: Unhandled context fault: fsr= and iova= explained, part 2",
                "i915 0000:00:02.0: [drm] GPU HANG: ecode 9:1:85dffffb, context fault: none",
                "*** gpu fault: handler registered for 4 rings",
                "*** fault: see the manual",
                "BUG: unable to handle page fault for address: ffffffffc0a0d000",
                "Page fault at 0x1234 in user space handled by the pager",
                "traps: Page fault for 0x1234 handled",
                "Unhandled fault: imprecise external abort (0x1406) at 0x00000000",
                "Unhandled fault: status 0x12 reported by the battery",
                "EXT4-fs error (device sda1): journal FAULT occurred at 0x1000",
                "usb 1-1: CRC ERROR occurred at 0x200",
                "nvme nvme0: fault type=0x1 injected",
                "drm: translation fault: status: unknown, see above",
                "eth0: errs:0x00 dropped:0x01",
                "flash: read @0x1000: ok",
                "tegra-mc 70019000.memory-controller: ptcr: read @0x40: Security violation (TrustZone violation)",
                "event code 0x3f received by the remote control",
                "systemd[1]: reconfigured PCI function",
                "cma: FSR    = 00000001 free pages",
                "dte_index: 0x8 unused",
                "arm-smmu 15000000.iommu: probing hardware configuration...",
                "arm-smmu 15000000.iommu: SMMUv2 with: 64 context banks (0 stage-2 only)",
                "rk_iommu ff9d0000.iommu: Enable stall request timed out, status: 0x00000000",
                "iommu: Default domain type: Translated",
                "e1000_intr: 5 callbacks suppressed",
                "amd_iommu_report_page_fault: 5 callbacks suppressed",
                "arm_smmu_evtq_thread: 5 callbacks suppressed",
                "arm_smmu_context_fault: x callbacks suppressed",
                " callbacks suppressed",
                "Unexpected global fault in the memory subsystem?",
                "docs: what \"access violation interrupt\" means",
                "sensor: GFSR 0x0",
            })
    void saysNothingOfWhatOnlyLooksAlike(String line) {
        assertEquals(List.of(), said(line));
    }

    @ParameterizedTest
    @CsvSource({
        "arm_smmu_context_fault, smmuv2, true",
        "arm_smmu_global_fault, smmuv2, true",
        "qcom_smmu_context_fault, smmuv2, true",
        "nvidia_smmu_context_fault, smmuv2, true",
        "qcom_iommu_fault, smmuv2, true",
        "mtk_iommu_isr, mediatek, false",
        "apple_dart_t8020_irq, dart, false",
        "msm_fault_handler, adreno, false",
        "a6xx_fault_handler, adreno, false",
        "adreno_fault_handler, adreno, false",
    })
    void knowsWhatEachLimitedFunctionStandsFor(String function, String arch, boolean more) {
        assertEquals(
                List.of(
                        String.format(
                                "1 %s: 83 of %s for 83 %s", arch, function, more ? "up" : "to 83")),
                said(function + ": 83 callbacks suppressed"));
    }

    /** A short literal would slow down the search for all literals. */
    @Test
    void isFoundByLongLiterals() {
        assertTrue(new DriverLog().literals().stream().allMatch(literal -> literal.length() >= 8));
        assertTrue(new TraceLog().literals().stream().allMatch(literal -> literal.length() >= 8));
    }
}
