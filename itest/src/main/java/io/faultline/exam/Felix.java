package io.faultline.exam;

import java.io.File;
import java.nio.file.Path;
import java.util.Map;
import org.apache.felix.framework.FrameworkFactory;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.launch.Framework;

/**
 * A framework without a probe, for tests that start everything themselves or refresh the API: a
 * probe would be restarted with it. They see services of Java's own types only.
 */
public final class Felix implements AutoCloseable {
    private static final long STOP_MILLIS = 10_000;

    private final Framework framework;

    /**
     * Starts it at start level 1, with nothing in it.
     *
     * @param storage an empty folder
     */
    public Felix(Path storage) throws BundleException {
        framework =
                new FrameworkFactory()
                        .newFramework(
                                Map.of(
                                        Constants.FRAMEWORK_STORAGE,
                                        storage.toString(),
                                        Constants.FRAMEWORK_BEGINNING_STARTLEVEL,
                                        "1",
                                        "felix.log.level",
                                        "0"));
        framework.start();
    }

    /** Installs a jar. */
    public Bundle install(File jar) throws BundleException {
        return context().installBundle(jar.toURI().toString());
    }

    /** Installs a bundle that is built now. */
    public Bundle install(String location, HotBundle bundle) throws BundleException {
        return context().installBundle(location, bundle.open());
    }

    /** The system bundle. */
    public Framework framework() {
        return framework;
    }

    /** The system bundle's context. */
    public BundleContext context() {
        return framework.getBundleContext();
    }

    /** Stops it. */
    @Override
    public void close() throws BundleException {
        framework.stop();
        try {
            FrameworkEvent end = framework.waitForStop(STOP_MILLIS);
            if (end.getType() == FrameworkEvent.WAIT_TIMEDOUT) {
                throw new IllegalStateException("did not stop within " + STOP_MILLIS + " ms");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // whoever runs the tests wants them to end
        }
    }
}
