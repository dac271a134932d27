package io.faultline.itest;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.faultline.exam.Await;
import io.faultline.exam.Bundles;
import io.faultline.exam.Felix;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;
import org.osgi.framework.wiring.FrameworkWiring;

/**
 * An update of the API without a refresh leaves handlers of two worlds. To which of both a handler
 * belongs that comes now differs from run to run, so only what is said and mended is tested.
 */
class UpdatedApiIT {
    private final List<Bundle> ours = new ArrayList<>();
    private Felix felix;
    private Bundle api;

    @BeforeEach
    void start(@TempDir Path storage) throws BundleException {
        felix = new Felix(storage);
        for (File jar : Bundles.all()) {
            ours.add(felix.install(jar));
        }
        for (Bundle bundle : ours) {
            bundle.start();
            if (bundle.getSymbolicName().equals("io.faultline.fault-api")) {
                api = bundle;
            }
        }
    }

    @AfterEach
    void stop() throws BundleException {
        felix.close();
    }

    @Test
    void isSaidAndMendedByARefresh() throws BundleException, IOException {
        List<String> before = decoders();

        api.update(Files.newInputStream(Bundles.jar("fault-api").toPath()));

        String health = Shell.run(felix.context(), "health");
        assertTrue(
                health.contains(
                        "bundle io.faultline.fault-api was updated, but its old classes are still"
                                + " used by io.faultline."),
                health);
        assertTrue(health.contains("io.faultline.decode, io.faultline.dispatcher"), health);
        assertTrue(health.contains("'faultline:refresh'"), health);

        String restarting = Shell.run(felix.context(), "refresh");

        assertTrue(restarting.contains("io.faultline.dispatcher"), restarting);
        FrameworkWiring wiring = felix.framework().adapt(FrameworkWiring.class);
        Await.until("old classes", wiring::getRemovalPendingBundles, Collection::isEmpty);
        Await.until(
                "bundles",
                () -> ours.stream().filter(b -> b.getState() != Bundle.ACTIVE).toList(),
                List::isEmpty);
        Await.until("decoders", this::decoders, before::equals);
    }

    /** None while the shell, which is restarted too, is not there. */
    private List<String> decoders() {
        return Shell.isThere(felix.context())
                ? Shell.run(felix.context(), "decoders").lines().sorted().toList()
                : List.of();
    }
}
