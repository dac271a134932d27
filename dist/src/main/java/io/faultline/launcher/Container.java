package io.faultline.launcher;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.function.ToIntFunction;
import org.apache.felix.framework.FrameworkFactory;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.osgi.framework.startlevel.FrameworkStartLevel;
import org.osgi.framework.wiring.FrameworkWiring;

/** A Felix framework with bundles that ship and bundles that were plugged in. */
final class Container {
    private static final String COMMAND = "faultline.command";

    private final Framework framework;
    private final List<Bundle> shipped = new ArrayList<>();

    /**
     * Makes a framework that keeps what it must in {@code cache}; whatever lies there is forgotten.
     */
    Container(Path cache, Map<String, String> settings) throws BundleException {
        Map<String, String> all = new HashMap<>();
        all.put(Constants.FRAMEWORK_STORAGE, cache.toString());
        all.put(Constants.FRAMEWORK_STORAGE_CLEAN, Constants.FRAMEWORK_STORAGE_CLEAN_ONFIRSTINIT);
        all.put(
                Constants.FRAMEWORK_BEGINNING_STARTLEVEL,
                Integer.toString(Distribution.SOURCE_LEVEL));
        all.putAll(settings);
        framework = new FrameworkFactory().newFramework(all);
        framework.init();
        framework
                .adapt(FrameworkStartLevel.class)
                .setInitialBundleStartLevel(Distribution.HANDLER_LEVEL);
    }

    BundleContext context() {
        return framework.getBundleContext();
    }

    /**
     * Installs bundles that ship. They are read where they lie, not copied: nobody replaces them
     * while the program runs.
     */
    void install(Collection<Distribution.BundleFile> files) throws BundleException {
        for (Distribution.BundleFile file : files) {
            install(file);
        }
    }

    private Bundle install(Distribution.BundleFile file) throws BundleException {
        Bundle bundle = context().installBundle("reference:" + file.path().toUri());
        bundle.adapt(BundleStartLevel.class).setStartLevel(file.startLevel());
        shipped.add(bundle);
        return bundle;
    }

    /**
     * Installs and starts one more bundle that ships, when the framework runs.
     *
     * @throws IllegalStateException if it does not start
     */
    void add(Distribution.BundleFile file) {
        Bundle bundle = null;
        try {
            bundle = install(file);
            bundle.start(Bundle.START_ACTIVATION_POLICY);
        } catch (BundleException e) {
            String why = bundle == null ? Diagnosis.cause(e) : diagnosis().of(bundle, e);
            throw new IllegalStateException(file.path() + ": " + why, e);
        }
    }

    /**
     * Starts the bundles that ship, level by level; returns when the framework's beginning level is
     * reached.
     */
    void start() throws BundleException {
        // All at once: resolved when each is started, each would be a search of its own. What does
        // not resolve is told of by its start.
        framework.adapt(FrameworkWiring.class).resolveBundles(shipped);
        for (Bundle bundle : shipped) {
            bundle.start(Bundle.START_ACTIVATION_POLICY);
        }
        framework.start();
        checkThatAllRun();
    }

    /** Goes on to a higher level; returns when it is reached. */
    void raise(int level) throws InterruptedException {
        CountDownLatch reached = new CountDownLatch(1);
        framework
                .adapt(FrameworkStartLevel.class)
                .setStartLevel(level, event -> reached.countDown());
        reached.await();
        checkThatAllRun();
    }

    /** Whether somebody has stopped it, or is about to. */
    boolean isStopping() {
        return (framework.getState() & (Bundle.STARTING | Bundle.ACTIVE)) == 0;
    }

    private void checkThatAllRun() {
        int level = framework.adapt(FrameworkStartLevel.class).getStartLevel();
        for (Bundle bundle : shipped) {
            boolean isDue = bundle.adapt(BundleStartLevel.class).getStartLevel() <= level;
            if (isDue && bundle.getState() != Bundle.ACTIVE && !isStopping()) {
                throw new IllegalStateException(diagnosis().of(bundle, null));
            }
        }
    }

    /**
     * Installs and starts a bundle from somewhere else, copied: its file may be replaced at any
     * time.
     *
     * @return null if it runs, else one line that says why it does not
     */
    String plugIn(Path jar) {
        Bundle bundle;
        try {
            bundle = context().installBundle(jar.toUri().toString());
        } catch (BundleException e) {
            return jar + ": is no bundle: " + Diagnosis.cause(e);
        }
        if (bundle.getSymbolicName() == null) {
            return jar + ": is no bundle: its manifest has no Bundle-SymbolicName";
        }
        try {
            if (bundle.getHeaders("").get(Constants.FRAGMENT_HOST) == null) {
                bundle.start(Bundle.START_ACTIVATION_POLICY);
            }
            return null;
        } catch (BundleException e) {
            return jar + ": " + diagnosis().of(bundle, e);
        }
    }

    Diagnosis diagnosis() {
        return new Diagnosis(framework);
    }

    /** The command that a bundle offers under a name. */
    ToIntFunction<Map<String, Object>> command(String name) {
        try {
            for (ServiceReference<?> reference :
                    context()
                            .getServiceReferences(
                                    ToIntFunction.class, "(" + COMMAND + "=" + name + ")")) {
                @SuppressWarnings("unchecked") // the type that faultline.command promises
                var service = (ToIntFunction<Map<String, Object>>) context().getService(reference);
                if (service != null) {
                    return service;
                }
            }
        } catch (InvalidSyntaxException e) {
            throw new IllegalArgumentException("command name=" + name, e);
        }
        throw new IllegalStateException("no bundle offers the command " + name);
    }

    /** Stops it, the highest start level first, and waits until that is done. */
    void stop(long limitMillis) {
        try {
            framework.stop();
            framework.waitForStop(limitMillis);
        } catch (BundleException e) {
            throw new IllegalStateException("the framework does not stop", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // who interrupts wants us to go
        }
    }

    /** Waits until somebody else has stopped it. */
    void waitUntilStopped() throws InterruptedException {
        framework.waitForStop(0);
    }
}
