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
    /** Nearly all lines hold the first; the others are for old kernels and for cut beginnings. */
    private static final List<String> LITERALS =
            List.of(
                    "DMAR",
                    "DRHD: handling",
                    "INTR-REMAP",
                    "equest device [",
                    "equest Device [",
                    "[fault reason",
                    SuppressedFaults.FUNCTION,
                    "prq_event_thread",
                    "Invalid page request:",
                    "PRQ overflow",
                    "VT-d detected Invalidation");

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
