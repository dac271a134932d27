package io.faultline.fault;

import java.util.Objects;

/**
 * The identity of one IOMMU instance. Two units are the same if architecture and name are.
 *
 * @param arch the architecture's word: {@code smmuv3}, {@code vtd}, ...
 * @param name the instance's name, for example {@code arm-smmu-v3.0.auto} or {@code dmar0}; unique
 *     within a running platform
 */
public record Unit(String arch, String name) {
    /**
     * Checks that nothing is missing.
     *
     * @param arch not null
     * @param name not null
     */
    public Unit {
        Objects.requireNonNull(arch, "arch");
        Objects.requireNonNull(name, "name");
    }

    /** The name, which says more to a reader than both parts. */
    @Override
    public String toString() {
        return name;
    }
}
