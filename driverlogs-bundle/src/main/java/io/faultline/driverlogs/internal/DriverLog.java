package io.faultline.driverlogs.internal;

import io.faultline.log.LineDecoder;
import io.faultline.log.LogsOf;
import java.util.List;
import org.osgi.service.component.annotations.Component;

/**
 * Reads the lines of Linux' drivers for IOMMUs that have no bundle of their own, and of Xen's for
 * the SMMUv2. Each report names the architecture it is about.
 */
@Component
@LogsOf(arch = "drivers")
public final class DriverLog implements LineDecoder {
    /**
     * What the lines of {@link Forms}, {@link Dump} and {@link Limit} are found by: the least that
     * is long enough, without much that ordinary lines hold. Here and not there, so that a log
     * without such a line need not wait until those tables are made.
     */
    private static final List<String> LITERALS =
            List.of(
                    "Unhandled context fault:",
                    "], SID=0x",
                    "FSYNR0 = ",
                    "soft iova-to-phys",
                    "hard iova-to-phys",
                    "SOFTWARE TABLE WALK FAILED",
                    "*** gpu fault:",
                    "t: iova=",
                    "Page fau",
                    "dte_index: 0x",
                    "mmu_dte_addr: ",
                    " FAULT occurred at 0x",
                    " ERROR occurred at 0x",
                    "Unrecoverable System MMU Fault!",
                    " iova=0x",
                    "Unhandled fault: status 0x",
                    "translation fault: status:",
                    ": errs:0x",
                    "tegra-mc ",
                    "s an error",
                    "reconfigured PCI function",
                    "event code 0x",
                    "Unexpected global fault",
                    "Blocked unknown Stream ID",
                    ", GFSYNR0", // a headline may be lost
                    "-smmu co",
                    "Unexpected IOMMU page fault!",
                    "Fault occurred in context",
                    "fsl-pamu: ",
                    " callbacks suppressed");

    /** Keeps no state: sessions do. */
    public DriverLog() {}

    @Override
    public List<String> literals() {
        return LITERALS;
    }

    @Override
    public Session open(String source) {
        return new DriverSession();
    }
}
