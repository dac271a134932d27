package io.faultline.driverlogs.internal;

import io.faultline.log.LineSink;
import java.util.List;

/**
 * A function whose lines the kernel limits: {@code arm_smmu_context_fault: 83 callbacks
 * suppressed}.
 *
 * @param name its name, or how the names of several begin
 * @param arch whose faults it prints
 * @param oneEach whether it is called for each fault. An SMMUv2 keeps one fault for each context
 *     bank until its interrupt is served: there may have been more
 */
record Limit(String name, String arch, boolean oneEach) {
    private static final String LITERAL = " callbacks suppressed";

    private static final List<Limit> ALL =
            List.of(
                    new Limit("arm_smmu_context_fault", ContextFault.ARCH, false),
                    new Limit("arm_smmu_global_fault", ContextFault.ARCH, false),
                    new Limit("qcom_smmu_context_fault", ContextFault.ARCH, false),
                    new Limit("qcom_iommu_fault", ContextFault.ARCH, false),
                    new Limit("nvidia_smmu_", ContextFault.ARCH, false),
                    new Limit("msm_fault_handler", "adreno", true),
                    new Limit("a6xx_fault_handler", "adreno", true),
                    new Limit("adreno_fault_handler", "adreno", true),
                    new Limit("mtk_iommu_isr", "mediatek", true),
                    new Limit("apple_dart_", "dart", true));

    /** Reads a line; reports nothing if it is no such line, or another architecture's. */
    static void read(String text, LineSink out) {
        int end = text.indexOf(LITERAL);
        int digits = text.lastIndexOf(' ', end - 1) + 1;
        if (end <= 0 || digits < 2 || Text.endOfDecimal(text, digits) != end) {
            return;
        }
        String function = Text.speakerName(text, digits);
        for (Limit limit : ALL) {
            if (function != null && limit.isOf(function)) {
                long calls = Text.number(text, digits, end);
                out.unit(limit.arch, null)
                        .suppressed(function, calls, calls, limit.oneEach ? calls : Long.MAX_VALUE);
                return;
            }
        }
    }

    private boolean isOf(String function) {
        return name.endsWith("_") ? function.startsWith(name) : function.equals(name);
    }
}
