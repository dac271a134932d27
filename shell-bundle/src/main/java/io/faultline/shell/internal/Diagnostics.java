package io.faultline.shell.internal;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
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
 * Says in the log what OSGi keeps to itself: components that could not be activated, bundles that
 * go on with old classes. Looks when bundles or components have changed and it has been calm for a
 * moment: an update is often followed by the refresh that mends it.
 */
@Component(service = Diagnostics.class, immediate = true)
public final class Diagnostics implements BundleListener {
    private static final long CALM_MILLIS = 500;

    private final BundleContext context;
    private final Logger log;
    private final FrameworkWiring wiring;
    private final ScheduledExecutorService later =
            Executors.newSingleThreadScheduledExecutor(Diagnostics::thread);

    private FailedComponents components;
    private boolean isDue;

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
        lookLater();
    }

    synchronized void unbindRuntime(ServiceComponentRuntime runtime) {
        components = null;
    }

    @Activate
    void start() {
        context.addBundleListener(this);
        lookLater();
    }

    @Deactivate
    void stop() {
        context.removeBundleListener(this);
        later.shutdownNow();
    }

    @Override
    public void bundleChanged(BundleEvent event) {
        lookLater();
    }

    private synchronized void lookLater() {
        if (!isDue && !later.isShutdown()) {
            isDue = true;
            // Nobody waits for the outcome: what is found is logged.
            var unused = later.schedule(this::look, CALM_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private void look() {
        FailedComponents present;
        synchronized (this) {
            isDue = false;
            present = components;
        }
        try {
            if (present != null) {
                present.news().forEach(line -> log.error("{}", line));
            }
            List<String> lines = TwoWorlds.of(wiring);
            saidOfBundles.retainAll(lines);
            lines.stream().filter(saidOfBundles::add).forEach(line -> log.warn("{}", line));
        } catch (IllegalStateException e) {
            log.debug("the framework stops: {}", e.getMessage());
        }
    }

    /** All that is wrong now, a line each. */
    List<String> problems() {
        FailedComponents present;
        synchronized (this) {
            present = components;
        }
        List<String> lines = new ArrayList<>();
        if (present != null) {
            lines.addAll(present.now());
        }
        lines.addAll(TwoWorlds.of(wiring));
        return lines;
    }
}
