package io.faultline.shell.internal;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.BundleListener;
import org.osgi.framework.Constants;
import org.osgi.framework.wiring.FrameworkWiring;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.log.Logger;
import org.osgi.service.log.LoggerFactory;

/**
 * Says in the log what OSGi keeps to itself, or says so that nobody understands it: components that
 * could not be activated, bundles that go on with old classes. Looks when bundles or components
 * have changed; at old classes after a moment, since an update is often followed by the refresh
 * that mends it.
 */
@Component(service = Diagnostics.class, immediate = true)
public final class Diagnostics implements BundleListener {
    private static final long SOON_MILLIS = 20;
    private static final long CALM_MILLIS = 500;

    private final BundleContext context;
    private final Logger log;
    private final FrameworkWiring wiring;
    private final ScheduledExecutorService later =
            Executors.newSingleThreadScheduledExecutor(Diagnostics::thread);

    private FailedComponents components;
    private boolean isDue;
    private boolean isCalmDue;

    /** Used on the thread of {@link #later} only. */
    private final Set<String> saidOfBundles = new HashSet<>();

    /** Called by DS. */
    @Activate
    public Diagnostics(
            BundleContext context, @Reference(service = LoggerFactory.class) Logger log) {
        this.context = context;
        this.log = log;
        this.wiring =
                context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION).adapt(FrameworkWiring.class);
    }

    private static Thread thread(Runnable work) {
        Thread thread = new Thread(work, "faultline-diagnostics");
        thread.setDaemon(true);
        return thread;
    }

    @Reference
    synchronized void bindRuntime(ServiceComponentRuntime runtime) {
        components = new FailedComponents(runtime);
    }

    /** The runtime counts its changes in a service property. */
    void updatedRuntime(ServiceComponentRuntime runtime) {
        lookSoon();
    }

    synchronized void unbindRuntime(ServiceComponentRuntime runtime) {
        components = null;
    }

    @Activate
    void start() {
        context.addBundleListener(this);
        bundleChanged(null);
    }

    @Deactivate
    void stop() {
        context.removeBundleListener(this);
        later.shutdownNow();
    }

    /**
     * Looks at everything in a while.
     *
     * @param event is not looked at
     */
    @Override
    public synchronized void bundleChanged(BundleEvent event) {
        lookSoon();
        if (!isCalmDue && !later.isShutdown()) {
            isCalmDue = true;
            run(this::lookForOldClasses, CALM_MILLIS);
        }
    }

    private synchronized void lookSoon() {
        if (!isDue && !later.isShutdown()) {
            isDue = true;
            run(this::lookForFailures, SOON_MILLIS);
        }
    }

    private void run(Runnable look, long delayMillis) {
        // Nobody waits for the outcome: what is found is logged.
        var unused = later.schedule(look, delayMillis, TimeUnit.MILLISECONDS);
    }

    /** Says at once which components have failed that nothing was said of. */
    void lookForFailures() {
        synchronized (this) {
            isDue = false;
        }
        present().ifPresent(failed -> failed.news().forEach(line -> log.error("{}", line)));
    }

    /**
     * How many configurations of a component cannot be activated.
     *
     * @param say takes a line for each that nothing was said of yet
     */
    int failures(String component, Consumer<String> say) {
        return present().map(failed -> failed.check(component, say)).orElse(0);
    }

    /** How many configurations with these PIDs a component has not come to life for, or failed. */
    int pending(String component, Collection<?> pids) {
        return present().map(failed -> failed.pending(component, pids)).orElse(pids.size());
    }

    private synchronized Optional<FailedComponents> present() {
        return Optional.ofNullable(components);
    }

    private void lookForOldClasses() {
        synchronized (this) {
            isCalmDue = false;
        }
        try {
            List<String> lines = TwoWorlds.of(wiring);
            saidOfBundles.retainAll(lines);
            lines.stream().filter(saidOfBundles::add).forEach(line -> log.warn("{}", line));
        } catch (IllegalStateException e) {
            log.debug("the framework stops: {}", e.getMessage());
        }
    }

    /** All that is wrong now, a line each. */
    List<String> problems() {
        List<String> lines = new ArrayList<>();
        present().ifPresent(failed -> lines.addAll(failed.now()));
        lines.addAll(TwoWorlds.of(wiring));
        return lines;
    }
}
