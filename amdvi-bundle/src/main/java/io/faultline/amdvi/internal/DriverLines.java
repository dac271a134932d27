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
     * Nearly all lines hold the first. The names are for the second line of an event that takes two
     * (4.9 to 4.19), and for lines whose beginning is lost.
     */
    private static final List<String> LITERALS =
            List.of(
                    "AMD-Vi: ",
                    "Event logged",
                    "ILLEGAL_DEV_TABLE_ENTRY",
                    "IO_PAGE_FAULT",
                    "DEV_TAB_HARDWARE_ERROR",
                    "PAGE_TAB_HARDWARE_ERROR",
                    "ILLEGAL_COMMAND_ERROR",
                    "COMMAND_HARDWARE_ERROR",
                    "IOTLB_INV_TIMEOUT",
                    "INVALID_DEVICE_REQUEST",
                    "INVALID_PPR_REQUEST",
                    "RMP_PAGE_FAULT",
                    "RMP_HW_ERROR",
                    "DEV_TABLE_HW_ERROR",
                    "PAGE_TABLE_HW_ERROR",
                    "COMMAND_HW_ERROR",
                    "INVALID_DEV_REQUEST",
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
