package io.faultline.smmuv3.internal;

import io.faultline.log.LineDecoder;
import io.faultline.log.LogsOf;
import java.util.List;
import org.osgi.service.component.annotations.Component;

/**
 * Reads what the Linux driver arm-smmu-v3 prints, in kernels since 4.1, and Xen's driver, which
 * prints the same.
 */
@Component
@LogsOf(arch = Smmu.ARCH)
public final class DriverLog implements LineDecoder {
    /** The driver's name is in nearly all its lines; the others find lines that lost their head. */
    private static final List<String> LITERALS =
            List.of(
                    "arm-smmu-v3",
                    "SMMUv3: ",
                    "event 0x",
                    "event: F_",
                    "event: C_",
                    "unexpected PRI request",
                    "EVTQ overflow",
                    "PRIQ overflow",
                    "arm_smmu_");

    @Override
    public List<String> literals() {
        return LITERALS;
    }

    @Override
    public Session open(String source) {
        return new LogSession();
    }
}
