package io.faultline.replay.internal;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Objects;

/** Captures among the test's resources: what an emulated IOMMU wrote. */
final class Captures {
    private Captures() {}

    static Path file(String name) {
        try {
            return Path.of(Objects.requireNonNull(Captures.class.getResource(name), name).toURI());
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }
}
