package io.faultline.dispatcher.internal;

import io.faultline.fault.Fault;
import java.util.ArrayList;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.event.Event;
import org.osgi.service.event.EventAdmin;
import org.osgi.service.event.EventConstants;
import org.osgi.service.event.EventHandler;

/**
 * Felix EventAdmin in a framework, each handler a service of its own. Its Timeout is 0: the default
 * hands each call to another thread, which costs a hundred times as much and is no fair peer.
 */
final class EventAdminWay implements Way {
    private static final String TOPIC = "io/faultline/FAULT";
    private static final String FAULT = "fault";

    private final boolean post;
    private final RealFramework framework;
    private final EventAdmin admin;
    private final List<Progress> seen = new ArrayList<>();
    private final List<ServiceRegistration<EventHandler>> registrations = new ArrayList<>();
    private long sent;

    EventAdminWay(boolean post) {
        this.post = post;
        framework =
                new RealFramework(
                        Map.of("org.apache.felix.eventadmin.Timeout", "0"),
                        "org.apache.felix.eventadmin.impl.Activator");
        admin = framework.service(EventAdmin.class);
    }

    @SuppressWarnings("JdkObsolete") // the API of services asks for a Dictionary
    @Override
    public void to(List<Counting> handlers) {
        registrations.forEach(ServiceRegistration::unregister);
        registrations.clear();
        seen.clear();
        sent = 0;
        Dictionary<String, Object> properties = new Hashtable<>();
        properties.put(EventConstants.EVENT_TOPIC, TOPIC);
        for (Counting handler : handlers) {
            Progress progress = new Progress(handler);
            seen.add(progress);
            EventHandler service = event -> progress.handle((Fault) event.getProperty(FAULT));
            registrations.add(
                    framework.context().registerService(EventHandler.class, service, properties));
        }
    }

    @Override
    public void run(Fault[] faults) {
        for (Fault fault : faults) {
            Event event = new Event(TOPIC, Map.of(FAULT, fault));
            if (post) {
                admin.postEvent(event);
            } else {
                admin.sendEvent(event);
            }
        }
        sent += faults.length;
        for (Progress progress : seen) {
            progress.await(sent);
        }
    }

    @Override
    public void close() {
        framework.close();
    }
}
