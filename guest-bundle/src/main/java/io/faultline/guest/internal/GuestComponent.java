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
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.log.Logger;
import org.osgi.service.log.LoggerFactory;
import org.osgi.service.metatype.annotations.Designate;

/**
 * Wires {@link GuestServer} to the service registry.
 *
 * <p>The dispatcher is a dynamic reference: sessions and claims stay when it leaves. Claims are
 * services of this bundle, so the dispatcher that comes next binds them with all other handlers,
 * before it binds a unit and begins to read its queues: no page request of a guest's device can
 * come to a handler of the host in between (R19).
 */
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
    private final Logger logger;
    private final Consumer<String> log;
    private final GuestServer server;
    private final Parcels parcels;
    private final Path socket;
    private volatile Settings settings;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    private volatile Queues queues;

    private volatile Platform platform;

    /** What was refused of the present configuration. */
    private volatile List<String> refused = List.of();

    /** Why nobody can connect; null if everything is well. */
    private volatile String noSocket;

    /** Called by DS. */
    @Activate
    public GuestComponent(
            BundleContext context,
            @Reference(service = LoggerFactory.class) Logger logger,
            Map<String, Object> config) {
        this.logger = logger;
        this.log = logger::warn;
        List<String> problems = new ArrayList<>();
        this.settings = Settings.DEFAULTS.with(config, problems);
        this.server = new GuestServer(settings, lookUps(), registry(context), log);
        this.parcels = new Parcels(context);
        this.socket = socket(context, config);
        say(problems);
    }

    /** Called by DS, when the dispatcher, units and decoders that are there are bound. */
    @Activate
    void start() {
        Map<String, Object> parcel = parcels.take();
        if (parcel != null) {
            server.restore(parcel);
        }
        noSocket = listen();
    }

    private String listen() {
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

    private Platforms lookUps() {
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
                Platform present = platform;
                return present == null ? null : present.settings();
            }

            @Override
            public Queues queues() {
                return queues;
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

    private void say(List<String> problems) {
        problems.forEach(log);
        refused = List.copyOf(problems);
    }

    /** Called by DS; guests stay connected. */
    @Modified
    synchronized void configure(Map<String, Object> config) {
        List<String> problems = new ArrayList<>();
        settings = settings.with(config, problems);
        server.configure(settings);
        say(problems); // last: what was not refused is in force
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

    /** Called by DS; of the next dispatcher behind {@link #unbindPlatform} of the former. */
    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindPlatform(Platform present) {
        platform = present;
        server.dispatcherCame();
    }

    /** Called by DS, before the dispatcher ends what it has under way. */
    void unbindPlatform(Platform former) {
        if (platform == former) {
            platform = null;
            server.dispatcherLeaves();
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
        String why = noSocket;
        if (why != null) {
            health.add(why);
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
