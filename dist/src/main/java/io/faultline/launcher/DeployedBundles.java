package io.faultline.launcher;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.SynchronousBundleListener;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.osgi.framework.wiring.BundleRevision;

/**
 * Looks after the bundles that come in through the deploy folder: gives decoders and encoders the
 * start level that lets them outlive the dispatcher, and says why a bundle does not run.
 *
 * <p><b>Threads.</b> Events come on the thread of the folder's watcher, verdicts are given on one
 * of this class.
 */
final class DeployedBundles implements SynchronousBundleListener {
    /** Bundles that arrive together may need each other, so a verdict waits this long. */
    static final long SETTLE_MILLIS = 1_500;

    /** A bundle that offers one of these belongs to an architecture. */
    private static final Set<String> ARCH_SERVICES =
            Set.of(
                    "io.faultline.hardware.RecordDecoder",
                    "io.faultline.hardware.ResponseEncoder",
                    "io.faultline.log.LineDecoder");

    private final Container container;
    private final Path folder;
    private final Consumer<String> out;
    private final long settleMillis;
    private final ScheduledExecutorService verdicts =
            Executors.newSingleThreadScheduledExecutor(DeployedBundles::daemon);

    /** Jars that have not been seen to run, nor found unable to. */
    private final Set<Path> awaited = new HashSet<>();

    /**
     * @param folder the folder that is watched
     * @param out takes a line about a bundle that does not run
     * @param settleMillis how long a verdict waits, usually {@link #SETTLE_MILLIS}
     */
    DeployedBundles(Container container, Path folder, Consumer<String> out, long settleMillis)
            throws IOException {
        this.container = container;
        this.folder = folder.toAbsolutePath().normalize();
        this.out = out;
        this.settleMillis = settleMillis;
        this.awaited.addAll(Distribution.jars(this.folder));
        container.context().addBundleListener(this);
    }

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "faultline-deployed-bundles");
        thread.setDaemon(true);
        return thread;
    }

    @Override
    public void bundleChanged(BundleEvent event) {
        Bundle bundle = event.getBundle();
        Path jar = jar(bundle);
        if (jar == null) {
            return;
        }
        switch (event.getType()) {
            case BundleEvent.INSTALLED, BundleEvent.UPDATED -> {
                if (isOfAnArchitecture(bundle)) {
                    bundle.adapt(BundleStartLevel.class).setStartLevel(Distribution.ARCH_LEVEL);
                }
                judgeLater(bundle);
            }
            case BundleEvent.STARTED, BundleEvent.LAZY_ACTIVATION -> settled(jar);
            default -> {} // what leaves was told to
        }
    }

    /** The file that a bundle came from, or null if it does not come from the deploy folder. */
    private Path jar(Bundle bundle) {
        String location = bundle.getLocation();
        if (!location.startsWith("file:")) {
            return null;
        }
        Path jar = Path.of(URI.create(location));
        return jar.startsWith(folder) ? jar : null;
    }

    private static boolean isOfAnArchitecture(Bundle bundle) {
        BundleRevision revision = bundle.adapt(BundleRevision.class);
        return revision.getDeclaredCapabilities("osgi.service").stream()
                .map(service -> service.getAttributes().get(Constants.OBJECTCLASS))
                .filter(Collection.class::isInstance)
                .flatMap(types -> ((Collection<?>) types).stream())
                .anyMatch(type -> ARCH_SERVICES.contains(type.toString()));
    }

    private void judgeLater(Bundle bundle) {
        // Nobody asks for the outcome: a verdict is told when it is given.
        var unused = verdicts.schedule(() -> judge(bundle), settleMillis, TimeUnit.MILLISECONDS);
    }

    private void judge(Bundle bundle) {
        try {
            if (bundle.getState() == Bundle.INSTALLED || bundle.getState() == Bundle.RESOLVED) {
                BundleException failure = isFragment(bundle) ? null : startAgain(bundle);
                if (isTooEarly(failure)) {
                    judgeLater(bundle);
                    return;
                }
                if (failure != null) {
                    out.accept(jar(bundle) + ": " + container.diagnosis().of(bundle, failure));
                }
            }
            settled(jar(bundle));
        } catch (IllegalStateException e) {
            settled(jar(bundle)); // it has left meanwhile, or the framework stops
        }
    }

    private static boolean isFragment(Bundle bundle) {
        BundleRevision revision = bundle.adapt(BundleRevision.class);
        return (revision.getTypes() & BundleRevision.TYPE_FRAGMENT) != 0;
    }

    /**
     * The folder's watcher keeps to itself why a start failed; it tries again and again anyway.
     *
     * <p>Any other start than a transient one returns at once, and says nothing, while the start
     * level is below the bundle's and while the framework is busy with that level (OSGi Core 8,
     * 9.3).
     */
    private static BundleException startAgain(Bundle bundle) {
        try {
            bundle.start(Bundle.START_TRANSIENT | Bundle.START_ACTIVATION_POLICY);
            return null;
        } catch (BundleException e) {
            return e;
        }
    }

    /** Whether the framework's start level is still below the bundle's. */
    private static boolean isTooEarly(BundleException failure) {
        return failure != null && failure.getType() == BundleException.START_TRANSIENT_ERROR;
    }

    private synchronized void settled(Path jar) {
        awaited.remove(jar);
        notifyAll();
    }

    /**
     * Waits until what lay in the folder at the start runs, or is known not to.
     *
     * @param limitMillis how long at most: a file that is no bundle never comes
     */
    synchronized void awaitFirst(long limitMillis) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(limitMillis);
        while (!awaited.isEmpty()) {
            long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
            if (left <= 0) {
                return;
            }
            wait(left);
        }
    }
}
