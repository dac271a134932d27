package io.faultline.itest;

import org.osgi.framework.Bundle;

/**
 * The start levels that the program uses: what others need comes before them and goes after them.
 */
final class StartLevels {
    static final int HIGHEST = 6;

    private StartLevels() {}

    static int of(Bundle bundle) {
        return switch (bundle.getSymbolicName()) {
            case "io.faultline.fault-api", "testkit.recorders" -> 2;
            case "io.faultline.smmuv3",
                    "io.faultline.vtd",
                    "io.faultline.amdvi",
                    "io.faultline.riscv",
                    "io.faultline.virtio",
                    "io.faultline.iommufd",
                    "io.faultline.driverlogs" ->
                    3;
            case "io.faultline.dispatcher" -> 4;
            case "io.faultline.kernellog",
                    "io.faultline.qemu",
                    "io.faultline.replay",
                    "hot.stalling" ->
                    HIGHEST;
            default -> isFelix(bundle) ? 1 : 5;
        };
    }

    private static boolean isFelix(Bundle bundle) {
        String name = bundle.getSymbolicName();
        return !name.startsWith("io.faultline.") && !name.startsWith("hot.");
    }
}
