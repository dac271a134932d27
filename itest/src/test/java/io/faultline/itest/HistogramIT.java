package io.faultline.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.ops4j.pax.exam.CoreOptions.options;

import io.faultline.exam.Bundles;
import io.faultline.exam.Diagnosis;
import io.faultline.exam.HotBundle;
import io.faultline.exam.PaxExamTest;
import java.util.function.LongUnaryOperator;
import org.junit.jupiter.api.Test;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;

/**
 * HdrHistogram's own manifest asks for javax.xml.bind, which no JDK has any more. A bundle of ours
 * that uses it carries its classes instead, and leaves that package alone (bnd.bnd in the root).
 */
@PaxExamTest
class HistogramIT {
    @Configuration
    static Option[] felix() {
        return options(Bundles.felix());
    }

    @Test
    void worksInsideTheBundleThatUsesIt(BundleContext context) throws Exception {
        Bundle measuring =
                context.installBundle(
                        "hot:histogram",
                        HotBundle.of("hot.histogram", "io.faultline.itest.histogram").open());

        measuring.start();

        ServiceReference<LongUnaryOperator> reference =
                context.getServiceReference(LongUnaryOperator.class);
        assertEquals(
                1_000,
                context.getService(reference).applyAsLong(1_000),
                () -> Diagnosis.of(measuring));
        assertEquals(measuring, reference.getBundle());
        assertTrue(measuring.findEntries("org/HdrHistogram", "*.class", false).hasMoreElements());
        assertEquals(null, measuring.getHeaders().get(Constants.IMPORT_PACKAGE));
        measuring.uninstall();
    }
}
