package io.faultline.guest.internal;

import io.faultline.guest.GuestView;
import io.faultline.guest.Guests;
import io.faultline.guest.RawCommands;
import io.faultline.guest.RawQueue;
import io.faultline.handler.FaultHandler;
import io.faultline.handler.Handles;
import io.faultline.hardware.Decodes;
import io.faultline.hardware.HardwareUnit;
import io.faultline.hardware.RecordDecoder;
import io.faultline.platform.HealthSource;
import io.faultline.platform.Platform;
import io.faultline.queue.Queues;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.log.Logger;
import org.osgi.service.log.LoggerFactory;
import org.osgi.service.metatype.annotations.Designate;

/** Wires {@link GuestServer} to the service registry. */
@Component(
        name = "guest",
        configurationPid = Config.PID,
        service = {Guests.class, HealthSource.class},
        immediate = true) // listens whether or not somebody looks
@Designate(ocd = Config.class)
public final class GuestComponent implements Guests, HealthSource {
    /** Framework property: the folder that a running platform keeps its state in. */
    private static final String STATE = "faultline.state";

    private final List<HardwareUnit> units = new CopyOnWriteArrayList<>();
    private final Map<String, RecordDecoder> decoders = new ConcurrentHashMap<>();
    private final Consumer<String> log;
    private final GuestServer server;
    private final Parcels parcels;
    private volatile Settings settings;

    /** What was refused of the present configuration. */
    private volatile List<String> refused = List.of();

    /** Why nobody can connect; null if everything is well. */
    private final String noSocket;

    /** Called by DS. */
    @Activate
    public GuestComponent(
            BundleContext context,
            @Reference Queues queues,
            @Reference Platform platform,
            @Reference(service = LoggerFactory.class) Logger logger,
            Map<String, Object> config) {
        this.log = logger::warn;
        this.settings = checked(Settings.DEFAULTS, config);
        this.server =
                new GuestServer(
                        settings, queues, lookUps(platform), registry(context), logger::warn);
        this.parcels = new Parcels(context);
        Map<String, Object> parcel = parcels.take();
        if (parcel != null) {
            server.restore(parcel);
        }
        this.noSocket = listen(socket(context, config), logger);
    }

    private String listen(Path socket, Logger logger) {
        try {
            server.listen(socket);
            logger.debug("guest: listening at {}", socket);
            return null;
        } catch (IOException e) {
            String why =
                    "guest: no socket: "
                            + e.getMessage()
                            + "; set 'socket' of "
                            + Config.PID
                            + " to another path and restart the bundle";
            log.accept(why);
            return why;
        }
    }

    private static Path socket(BundleContext context, Map<String, Object> config) {
        Object path = config.get("socket");
        if (path != null && !path.toString().isBlank()) {
            return Path.of(path.toString().trim());
        }
        String state = context.getProperty(STATE);
        return state == null
                ? context.getDataFile("guest.sock").toPath()
                : Path.of(state).resolve("guest.sock");
    }

    private Platforms lookUps(Platform platform) {
        return new Platforms() {
            @Override
            public HardwareUnit unit(String name) {
                return units.stream()
                        .filter(u -> u.unit().name().equals(name))
                        .findFirst()
                        .orElse(null);
            }

            @Override
            public int recordBytes(String key) {
                RecordDecoder decoder = decoders.get(key);
                return decoder == null ? 0 : decoder.recordBytes();
            }

            @Override
            public Map<String, String> settings() {
                return platform.settings();
            }
        };
    }

    private static Registry registry(BundleContext context) {
        return new Registry() {
            @Override
            public Registration register(FaultHandler handler, Map<String, Object> properties) {
                ServiceRegistration<FaultHandler> registration =
                        context.registerService(
                                FaultHandler.class,
                                handler,
                                FrameworkUtil.asDictionary(properties));
                Runnable leave = undo(registration);
                return new Registration() {
                    @Override
                    public void leave() {
                        leave.run();
                    }

                    @Override
                    public void leaveToSuccessor(int millis) {
                        Map<String, Object> changed = new HashMap<>(properties);
                        changed.put(Handles.HANDOVER_MS, millis);
                        registration.setProperties(FrameworkUtil.asDictionary(changed));
                        leave.run();
                    }
                };
            }

            @Override
            public Runnable register(HardwareUnit unit) {
                return undo(context.registerService(HardwareUnit.class, unit, null));
            }
        };
    }

    private static Runnable undo(ServiceRegistration<?> registration) {
        return () -> {
            try {
                registration.unregister();
            } catch (IllegalStateException e) {
                // the framework took it away with the bundle
            }
        };
    }

    private Settings checked(Settings present, Map<String, ?> config) {
        List<String> problems = new ArrayList<>();
        Settings changed = present.with(config, problems);
        problems.forEach(log);
        refused = List.copyOf(problems);
        return changed;
    }

    /** Called by DS; guests stay connected. */
    @Modified
    synchronized void configure(Map<String, Object> config) {
        settings = checked(settings, config);
        server.configure(settings);
    }

    /** Called by DS: guests are told; their sessions wait for the next version. */
    @Deactivate
    void close() {
        int millis = parcels.frameworkEnds() ? 0 : settings.handoverMillis();
        Map<String, Object> parcel = server.close(millis);
        if (!parcel.isEmpty()) {
            parcels.leave(parcel, millis);
        }
    }

    /** Called by DS. */
    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void bindUnit(HardwareUnit unit) {
        units.add(unit);
    }

    void unbindUnit(HardwareUnit unit) {
        units.remove(unit);
    }

    /** Called by DS. */
    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void bindDecoder(RecordDecoder decoder, Map<String, Object> properties) {
        decoders.put(key(properties), decoder);
    }

    void unbindDecoder(RecordDecoder decoder, Map<String, Object> properties) {
        decoders.remove(key(properties), decoder);
    }

    private static String key(Map<String, Object> properties) {
        return properties.get(Decodes.ARCH) + ":" + properties.get(Decodes.QUEUE);
    }

    @Override
    public List<String> health() {
        List<String> health = new ArrayList<>(refused);
        if (noSocket != null) {
            health.add(noSocket);
        }
        return health;
    }

    @Override
    public List<GuestView> guests() {
        return server.guests();
    }

    @Override
    public RawQueue open(String queue, String unit, int depth, RawCommands commands) {
        return server.open(queue, unit, depth, commands);
    }
}
