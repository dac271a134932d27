package io.faultline.dispatcher.internal;

import io.faultline.fault.Fault;
import io.faultline.handler.FaultHandler;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.osgi.framework.ServiceRegistration;
import org.osgi.util.tracker.ServiceTracker;

/** Looks its services up for each event, in a ServiceTracker, which is the fast way to do it. */
final class LookupWay implements Way {
    private static final FaultHandler[] NONE = {};

    private final RealFramework framework = new RealFramework(Map.of());
    private final ServiceTracker<FaultHandler, FaultHandler> tracker =
            new ServiceTracker<>(framework.context(), FaultHandler.class, null);
    private final List<ServiceRegistration<FaultHandler>> registrations = new ArrayList<>();

    LookupWay() {
        tracker.open();
    }

    @Override
    public void to(List<Counting> handlers) {
        registrations.forEach(ServiceRegistration::unregister);
        registrations.clear();
        for (Counting handler : handlers) {
            registrations.add(
                    framework.context().registerService(FaultHandler.class, handler, null));
        }
    }

    @Override
    public void run(Fault[] faults) {
        for (Fault fault : faults) {
            for (FaultHandler handler : tracker.getServices(NONE)) {
                offer(handler, fault);
            }
        }
    }

    private static void offer(FaultHandler handler, Fault fault) {
        try {
            handler.handle(fault, null);
        } catch (Exception e) {
            throw new IllegalStateException("no handler here throws", e);
        }
    }

    @Override
    public void close() {
        tracker.close();
        framework.close();
    }
}
