package io.faultline.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.ops4j.pax.exam.CoreOptions.options;

import io.faultline.exam.Bundles;
import io.faultline.exam.Diagnosis;
import io.faultline.exam.PaxExamTest;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;

@PaxExamTest
class BundlesIT {
    @Configuration
    static Option[] everything() {
        return options(Bundles.felix(), Bundles.faultline());
    }

    @Test
    void resolveAndStart(BundleContext context) {
        List<Bundle> ours =
                Stream.of(context.getBundles())
                        .filter(bundle -> bundle.getSymbolicName().startsWith("io.faultline."))
                        .toList();

        List<Bundle> down =
                ours.stream().filter(bundle -> bundle.getState() != Bundle.ACTIVE).toList();

        assertEquals(List.of(), down, () -> Diagnosis.of(context.getBundle()));
        assertEquals(Bundles.ours().size(), ours.size());
    }
}
