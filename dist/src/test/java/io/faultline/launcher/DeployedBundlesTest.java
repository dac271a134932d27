package io.faultline.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.SynchronousBundleListener;

/** Bundles of a deploy folder in a Felix that has nothing else. */
class DeployedBundlesTest {
    private static final long LIMIT_MILLIS = 20_000;

    @TempDir private Path folder;
    private final List<String> said = new CopyOnWriteArrayList<>();
    private Path jar;
    private Container container;
    private DeployedBundles deployed;

    @BeforeEach
    void deploy() throws Exception {
        Path deploy = folder.resolve("deploy");
        assertTrue(deploy.toFile().mkdir());
        jar = deploy.resolve("lacking.jar");
        PlugIn.importing("com.example.missing", jar);
        container =
                new Container(
                        folder.resolve("cache"),
                        Map.of(Constants.FRAMEWORK_BEGINNING_STARTLEVEL, "1"));
        deployed = new DeployedBundles(container, deploy, said::add, 1);
    }

    @AfterEach
    void stop() {
        container.stop(LIMIT_MILLIS);
    }

    @Test
    void saysWhatABundleLacks() throws Exception {
        container.start();
        container.raise(Distribution.HANDLER_LEVEL);
        container.context().installBundle(jar.toUri().toString());

        deployed.awaitFirst(LIMIT_MILLIS);

        assertLacks();
    }

    /** To start a bundle before its level is reached does nothing, and says nothing. */
    @Test
    void judgesABundleOnlyWhenItsStartLevelIsReached() throws Exception {
        container.start();
        container.context().installBundle(jar.toUri().toString());
        deployed.awaitFirst(500);
        assertEquals(List.of(), said);

        container.raise(Distribution.HANDLER_LEVEL);
        deployed.awaitFirst(LIMIT_MILLIS);

        assertLacks();
    }

    /** Then a persistent start is only queued, and says nothing either. */
    @Test
    void judgesABundleThatComesWhileItsStartLevelIsBeingReached() throws Exception {
        container.start();
        Path other = folder.resolve("other.jar");
        PlugIn.importing("org.osgi.framework", "com.example.busy", other);
        Bundle busy = container.context().installBundle(other.toUri().toString());
        busy.start(); // when its level comes
        container.context().addBundleListener((SynchronousBundleListener) this::deployBehind);

        container.raise(Distribution.HANDLER_LEVEL);

        assertLacks();
    }

    /** On the thread that starts a level: until this returns that level is not done. */
    private void deployBehind(BundleEvent event) {
        boolean isBusy = event.getBundle().getLocation().endsWith("other.jar");
        if (isBusy && event.getType() == BundleEvent.STARTED) {
            try {
                container.context().installBundle(jar.toUri().toString());
                deployed.awaitFirst(LIMIT_MILLIS);
            } catch (BundleException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private void assertLacks() {
        assertEquals(1, said.size(), said::toString);
        assertEquals(
                jar
                        + ": bundle com.example.plugin 0.0.0 lacks package com.example.missing (no"
                        + " bundle has it)",
                said.get(0));
    }
}
