package io.faultline.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.ops4j.pax.exam.CoreOptions.options;

import io.faultline.exam.Bundles;
import io.faultline.exam.Diagnosis;
import io.faultline.exam.HotBundle;
import io.faultline.exam.PaxExamTest;
import io.faultline.exam.Service;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.FrameworkUtil;
import org.osgi.service.cm.ConfigurationAdmin;

/** What the tests in the container take for granted. */
@PaxExamTest
class ContainerIT {
    private Bundle waiting;

    @Configuration
    static Option[] felix() {
        return options(Bundles.felix());
    }

    @BeforeEach
    void install(BundleContext context) throws BundleException {
        waiting = context.installBundle("hot:waiting", hot().open());
        waiting.start();
    }

    @AfterEach
    void uninstall() throws BundleException {
        waiting.uninstall();
    }

    @Test
    void runsATestInsideABundle(BundleContext context) {
        assertSame(context.getBundle(), FrameworkUtil.getBundle(ContainerIT.class));
    }

    @Test
    void handsServicesToTests(@Service ConfigurationAdmin admin) {
        assertNotNull(admin);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.0.1", "2.0.0"})
    void updatesABundleThatIsBuiltHere(String version) throws BundleException {
        waiting.update(hot().version(version).open());

        assertEquals(version, waiting.getVersion().toString());
        assertEquals(Bundle.ACTIVE, waiting.getState());
    }

    @Test
    void namesTheReferenceThatAComponentWaitsFor(BundleContext context) {
        String diagnosis = Diagnosis.of(context.getBundle());

        assertEquals(
                "component io.faultline.itest.hot.Waiting: reference work is not satisfied",
                diagnosis);
    }

    @Test
    void saysWhenNothingIsWrong(BundleContext context) {
        context.registerService(Callable.class, () -> "done", null);

        assertEquals(
                "every bundle is active, every component satisfied",
                Diagnosis.of(context.getBundle()));
    }

    @Test
    void namesThePackageThatABundleLacks(BundleContext context) throws BundleException {
        HotBundle hot = HotBundle.of("hot.lacking", "io.faultline.itest.hot");
        Bundle lacking =
                context.installBundle(
                        "hot:lacking", hot.with("Import-Package", "no.such.thing").open());

        String diagnosis = Diagnosis.of(context.getBundle());

        lacking.uninstall();
        assertTrue(diagnosis.contains("bundle hot.lacking: "), diagnosis);
        assertTrue(diagnosis.contains("no.such.thing"), diagnosis);
    }

    private static HotBundle hot() {
        return HotBundle.of("hot.waiting", "io.faultline.itest.hot");
    }
}
