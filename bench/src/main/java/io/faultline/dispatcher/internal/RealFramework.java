package io.faultline.dispatcher.internal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.felix.framework.FrameworkFactory;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.launch.Framework;

/**
 * A real framework around peers that are bundles. It exports the packages that we talk to them by
 * from our class path, so that both sides have the same classes.
 */
final class RealFramework implements AutoCloseable {
    private static final String PACKAGES =
            String.join(
                    ",",
                    "org.apache.aries.component.dsl;version=1.3.0",
                    "org.osgi.service.event;version=1.4.0",
                    "org.osgi.service.typedevent;version=1.0.0",
                    "org.osgi.service.typedevent.monitor;version=1.0.0",
                    "org.osgi.util.converter;version=1.0.9",
                    "org.osgi.util.function;version=1.2.0",
                    "org.osgi.util.promise;version=1.3.0",
                    "org.osgi.util.pushstream;version=1.1.0",
                    "org.slf4j;version=1.7.36");

    private final Path storage;
    private final Framework framework;

    /**
     * Starts a framework.
     *
     * @param properties its properties
     * @param bundles a class of each bundle to be started in it
     */
    RealFramework(Map<String, String> properties, String... bundles) {
        Map<String, String> all = new HashMap<>(properties);
        try {
            storage = Files.createTempDirectory("bench-framework");
            all.put(Constants.FRAMEWORK_STORAGE, storage.toString());
            all.put(Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA, PACKAGES);
            framework = new FrameworkFactory().newFramework(all);
            framework.start();
            for (String one : bundles) {
                Class<?> type = Class.forName(one, false, RealFramework.class.getClassLoader());
                String jar = type.getProtectionDomain().getCodeSource().getLocation().toString();
                Bundle bundle = framework.getBundleContext().installBundle(jar);
                bundle.start();
            }
        } catch (IOException | BundleException | ClassNotFoundException e) {
            throw new IllegalStateException("no framework to measure in: " + e.getMessage(), e);
        }
    }

    BundleContext context() {
        return framework.getBundleContext();
    }

    /** A service that there is. */
    <S> S service(Class<S> type) {
        return context().getService(context().getServiceReference(type));
    }

    @Override
    public void close() {
        try {
            framework.stop();
            framework.waitForStop(10_000);
            try (Stream<Path> files = Files.walk(storage)) {
                for (Path path : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        } catch (BundleException e) {
            throw new IllegalStateException("the framework does not stop: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the framework stops", e);
        }
    }
}
