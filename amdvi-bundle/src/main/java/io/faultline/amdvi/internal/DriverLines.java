package io.faultline.amdvi.internal;

import io.faultline.log.LineDecoder;
import io.faultline.log.LogsOf;
import java.util.List;
import org.osgi.service.component.annotations.Component;

/** Reads the lines of Linux' AMD IOMMU driver, from 2.6 to 7.2, and of Xen's. */
@Component
@LogsOf(arch = AmdVi.ARCH)
public final class DriverLines implements LineDecoder {
    /**
     * Nearly all lines hold the first. Parts of names, each for several, are for the second line of
     * an event that takes two (4.9 to 4.19), and for lines whose beginning is lost.
     */
    private static final List<String> LITERALS =
            List.of(
                    "AMD-Vi: ",
                    "Event logged",
                    "ILLEGAL_DEV",
                    "ILLEGAL_COM",
                    "_PAGE_FAULT",
                    "_HARDWARE_ERROR",
                    "_HW_ERROR",
                    "IOTLB_INV",
                    "INVALID_DEV",
                    "INVALID_PPR",
                    "UNKNOWN event[0]=",
                    "amd_iommu_",
                    "iommu_print_event: ");

    /** Keeps no state: sessions do. */
    public DriverLines() {}

    @Override
    public List<String> literals() {
        return LITERALS;
    }

    @Override
    public Session open(String source) {
        return new LogSession();
    }
}
