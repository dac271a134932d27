package io.faultline.vtd.internal;

import io.faultline.log.LineDecoder;
import io.faultline.log.LogsOf;
import java.util.List;
import org.osgi.service.component.annotations.Component;

/**
 * Reads the lines of Linux' {@code dmar.c} and of its page request code, from 2.6 to 7.2, and of
 * Xen.
 */
@Component
@LogsOf(arch = RecordingRegister.ARCH)
public final class DmarLines implements LineDecoder {
    /**
     * What the lines hold that say something, and boot logs hardly ever: {@code DMAR} alone stands
     * in a hundred lines that are no fault's, and short literals cost every log that is read.
     */
    private static final List<String> LITERALS =
            List.of(
                    "equest device",
                    "equest Device",
                    "[DMA Read",
                    "[DMA Write",
                    "[DMA read",
                    "[DMA write",
                    "INTR-REMAP",
                    "fault addr ",
                    "fault index ",
                    "[fault reason",
                    "DMAR: reason ",
                    "fault status reg",
                    SuppressedFaults.FUNCTION,
                    "prq_event_thread",
                    "nvalid page request:",
                    "age request without PASID",
                    "age request for invalid PASID",
                    "age request in Privilege Mode",
                    "ddress is not canonical",
                    "xecution request not supported",
                    "PRQ overflow",
                    "VT-d detected Invalidation",
                    "DMAR: Invalidation ",
                    "QI HEAD:",
                    "QI PRIOR:",
                    "Dump dmar",
                    "root entry:",
                    "context entry:",
                    "pasid dir entry:",
                    "pasid table entry",
                    " table is not present",
                    "pte level:",
                    "PTE not present");

    /** Keeps no state: sessions do. */
    public DmarLines() {}

    @Override
    public List<String> literals() {
        return LITERALS;
    }

    @Override
    public Session open(String source) {
        return new DmarSession();
    }
}
