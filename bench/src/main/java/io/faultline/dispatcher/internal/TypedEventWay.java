package io.faultline.dispatcher.internal;

import io.faultline.fault.Fault;
import java.util.ArrayList;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.typedevent.TypedEventBus;
import org.osgi.service.typedevent.TypedEventConstants;
import org.osgi.service.typedevent.TypedEventHandler;

/** Aries Typed Event Bus in a framework, each handler a service of its own. */
final class TypedEventWay implements Way {
    private static final String TOPIC = "io/faultline/FAULT";

    private final RealFramework framework;
    private final TypedEventBus bus;
    private final List<Progress> seen = new ArrayList<>();
    private final List<ServiceRegistration<?>> registrations = new ArrayList<>();
    private long sent;

    TypedEventWay() {
        framework =
                new RealFramework(
                        Map.of(), "org.apache.aries.typedevent.bus.impl.TypedEventBusActivator");
        bus = framework.service(TypedEventBus.class);
    }

    /** An event of exactly the handlers' type: it needs no conversion. */
    record Told(Fault fault) {}

    /** What is registered: the type of its events is read from the class. */
    private static final class Receiver implements TypedEventHandler<Told> {
        private final Progress progress;

        Receiver(Progress progress) {
            this.progress = progress;
        }

        @Override
        public void notify(String topic, Told event) {
            progress.handle(event.fault());
        }
    }

    @SuppressWarnings("JdkObsolete") // the API of services asks for a Dictionary
    @Override
    public void to(List<Counting> handlers) {
        registrations.forEach(ServiceRegistration::unregister);
        registrations.clear();
        seen.clear();
        sent = 0;
        Dictionary<String, Object> properties = new Hashtable<>();
        properties.put(TypedEventConstants.TYPED_EVENT_TOPICS, TOPIC);
        properties.put(TypedEventConstants.TYPED_EVENT_TYPE, Told.class.getName());
        for (Counting handler : handlers) {
            Progress progress = new Progress(handler);
            seen.add(progress);
            registrations.add(
                    framework
                            .context()
                            .registerService(
                                    TypedEventHandler.class, new Receiver(progress), properties));
        }
    }

    @Override
    public void run(Fault[] faults) {
        for (Fault fault : faults) {
            bus.deliver(TOPIC, new Told(fault));
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
