package io.faultline.dispatcher.internal;

import io.faultline.fault.Response;
import io.faultline.handler.FaultHandler;
import io.faultline.hardware.Decodes;
import io.faultline.hardware.HardwareUnit;
import io.faultline.hardware.RecordDecoder;
import io.faultline.hardware.ResponseEncoder;
import io.faultline.log.LineDecoder;
import io.faultline.log.LogSource;
import io.faultline.platform.DeviceControl;
import io.faultline.platform.HandlerControl;
import io.faultline.platform.HealthSource;
import io.faultline.platform.Platform;
import io.faultline.queue.FaultTap;
import io.faultline.queue.Queues;
import java.util.Map;
import java.util.TreeMap;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.log.LoggerFactory;
import org.osgi.service.metatype.annotations.Designate;

/**
 * Wires the {@link Dispatcher} to the service registry. Holds no logic: tests build a dispatcher
 * without a framework.
 *
 * <p>All references are dynamic, so that whatever comes and goes never bounces the dispatcher. DS
 * binds before it activates: the dispatcher is there from construction on. It binds in the order of
 * the description, which bnd sorts by name: handlers, and with them the owners of devices, are in
 * the chain before the first unit's lane reads a record (R19).
 */
@Component(
        service = {},
        configurationPid = Config.PID,
        configurationPolicy = ConfigurationPolicy.OPTIONAL)
@Designate(ocd = Config.class)
public final class DispatcherComponent {
    private static final String LOGGER = "io.faultline.dispatcher";

    private final BundleContext context;
    private final Dispatcher dispatcher;

    /** Comes and goes without bouncing the dispatcher; without it the JDK's own logger is used. */
    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    private volatile LoggerFactory loggers;

    private ServiceRegistration<Platform> platform;
    private ServiceRegistration<DeviceControl> control;
    private ServiceRegistration<HandlerControl> handlers;
    private ServiceRegistration<Queues> queues;

    /**
     * Starts a dispatcher.
     *
     * @param context the bundle's
     * @param properties the configuration
     */
    @Activate
    public DispatcherComponent(BundleContext context, Map<String, Object> properties) {
        this.context = context;
        this.dispatcher = Dispatcher.running(Settings.DEFAULTS, this::warn);
        // a value that is refused is said and shown in health; the default stays in force for it
        configure(properties);
    }

    private void warn(String message) {
        LoggerFactory present = loggers;
        if (present != null) {
            present.getLogger(LOGGER).warn(message);
        } else {
            System.getLogger(LOGGER).log(System.Logger.Level.WARNING, message);
        }
    }

    @Activate
    void publish() {
        platform = context.registerService(Platform.class, dispatcher.platform(), null);
        control = context.registerService(DeviceControl.class, dispatcher.control(), null);
        handlers = context.registerService(HandlerControl.class, dispatcher.handlerControl(), null);
        queues = context.registerService(Queues.class, dispatcher, null);
    }

    /**
     * Without this method a change of settings would deactivate the dispatcher and every handler
     * with it.
     *
     * @param properties the configuration
     */
    @Modified
    void configure(Map<String, Object> properties) {
        // what a configuration does not say, or says no more, is at its default
        Map<String, Object> all = new TreeMap<>(Settings.DEFAULTS.view());
        all.putAll(properties);
        dispatcher.configure(all);
    }

    @Deactivate
    void stop() {
        platform.unregister();
        control.unregister();
        handlers.unregister();
        queues.unregister();
        dispatcher.close(restOf());
    }

    /**
     * What groups are answered that nobody answers in time: ask again, if somebody will be there.
     */
    private Response restOf() {
        int state = context.getBundle(Constants.SYSTEM_BUNDLE_ID).getState();
        return state == Bundle.STOPPING ? Response.INVALID : Response.SUCCESS;
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindHandler(FaultHandler handler, ServiceReference<FaultHandler> reference) {
        Map<String, Object> properties = properties(reference);
        dispatcher.addHandler(handler, source(reference, properties, handler), properties);
    }

    void updatedHandler(FaultHandler handler, ServiceReference<FaultHandler> reference) {
        bindHandler(handler, reference);
    }

    /** Returns when no lane is inside the handler any more, so that DS may deactivate it (R6). */
    void unbindHandler(ServiceReference<FaultHandler> reference) {
        dispatcher.removeHandler(id(reference));
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindTap(FaultTap tap, ServiceReference<FaultTap> reference) {
        Map<String, Object> properties = properties(reference);
        dispatcher.addTap(tap, source(reference, properties, tap), properties);
    }

    void unbindTap(ServiceReference<FaultTap> reference) {
        dispatcher.removeTap(id(reference));
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindDecoder(RecordDecoder decoder, ServiceReference<RecordDecoder> reference) {
        Map<String, Object> properties = properties(reference);
        dispatcher.addDecoder(decoder, source(reference, properties, decoder), properties);
    }

    void updatedDecoder(RecordDecoder decoder, ServiceReference<RecordDecoder> reference) {
        bindDecoder(decoder, reference);
    }

    void unbindDecoder(ServiceReference<RecordDecoder> reference) {
        dispatcher.removeDecoder(id(reference));
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindEncoder(ResponseEncoder encoder, ServiceReference<ResponseEncoder> reference) {
        Map<String, Object> properties = properties(reference);
        dispatcher.addEncoder(encoder, source(reference, properties, encoder), properties);
    }

    void updatedEncoder(ResponseEncoder encoder, ServiceReference<ResponseEncoder> reference) {
        bindEncoder(encoder, reference);
    }

    void unbindEncoder(ServiceReference<ResponseEncoder> reference) {
        dispatcher.removeEncoder(id(reference));
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindLineDecoder(ServiceReference<LineDecoder> reference) {
        Map<String, Object> properties = properties(reference);
        dispatcher.addLineDecoder(
                source(reference, properties, reference),
                String.valueOf(properties.get(Decodes.ARCH)));
    }

    void unbindLineDecoder(ServiceReference<LineDecoder> reference) {
        dispatcher.removeLineDecoder(id(reference));
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindUnit(HardwareUnit unit, ServiceReference<HardwareUnit> reference) {
        dispatcher.addUnit(unit, source(reference, properties(reference), unit));
    }

    /** Drains the unit while its port still works (R7). */
    void unbindUnit(HardwareUnit unit) {
        dispatcher.removeUnit(unit, restOf());
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindLog(LogSource log) {
        dispatcher.addLog(log);
    }

    void unbindLog(LogSource log) {
        dispatcher.removeLog(log);
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindHealth(HealthSource from, ServiceReference<HealthSource> reference) {
        dispatcher.addHealth(from, source(reference, properties(reference), from));
    }

    void unbindHealth(ServiceReference<HealthSource> reference) {
        dispatcher.removeHealth(id(reference));
    }

    private static Map<String, Object> properties(ServiceReference<?> reference) {
        Map<String, Object> properties = new TreeMap<>();
        for (String key : reference.getPropertyKeys()) {
            properties.put(key, reference.getProperty(key));
        }
        return properties;
    }

    private static long id(ServiceReference<?> reference) {
        return (Long) reference.getProperty(Constants.SERVICE_ID);
    }

    private static Source source(
            ServiceReference<?> reference, Map<String, Object> properties, Object service) {
        Bundle bundle = reference.getBundle();
        return new Source(
                Dispatcher.nameOf(properties, service),
                id(reference),
                bundle == null ? "-" : bundle.getSymbolicName(),
                bundle == null ? -1 : bundle.getBundleId());
    }
}
