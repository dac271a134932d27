package io.faultline.iopf.internal;

import io.faultline.fault.AccessHint;
import io.faultline.fault.Fault;
import io.faultline.fault.PageRequestGroup;
import io.faultline.handler.Batch;
import io.faultline.handler.FaultContext;
import io.faultline.handler.FaultHandler;
import io.faultline.handler.Handles;
import io.faultline.handler.Verdict;
import io.faultline.mm.AddressSpace;
import io.faultline.mm.AddressSpaces;
import io.faultline.platform.HealthSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.osgi.framework.Constants;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.propertytypes.ServiceRanking;
import org.osgi.service.log.Logger;
import org.osgi.service.log.LoggerFactory;
import org.osgi.service.metatype.annotations.Designate;

/**
 * Resolves page requests and stalls against address spaces; brings in early what hints name.
 *
 * <p>Ranking 1000: before the drivers of devices, which have 0 unless they say otherwise. So a
 * driver is asked only where no page could be brought in, and sees why (R2).
 *
 * <p>On the lane if the space cannot block, else in a {@link Pool}.
 *
 * <p>When it is updated, page requests wait for its successor (R6, handover).
 */
@Component(
        name = IoPgfault.NAME,
        configurationPid = Config.PID,
        property = Handles.HANDOVER_MS + ":Integer=2000",
        service = {FaultHandler.class, HealthSource.class, IoPgfault.class})
@Designate(ocd = Config.class)
@Handles(kinds = {"page_request", "hint"})
@ServiceRanking(1000)
public final class IoPgfault implements FaultHandler, HealthSource {
    static final String NAME = "io-pgfault";

    private final Spaces spaces = new Spaces();
    private final Statistics statistics = new Statistics();
    private final Resolver resolver = new Resolver(statistics);
    private final Consumer<String> log;
    private volatile Settings settings;

    /** What was refused of the present configuration. */
    private volatile List<String> refused = List.of();

    private volatile Pool pool;

    /** Called by DS. */
    @Activate
    public IoPgfault(
            @Reference(service = LoggerFactory.class) Logger logger, Map<String, Object> config) {
        this(config, logger::warn);
    }

    IoPgfault(Map<String, ?> config, Consumer<String> log) {
        this.log = log;
        this.settings = checked(Settings.DEFAULTS, config);
        Rehearsal.lasting(settings.rehearsalMillis());
        this.pool = new Pool(spaces, resolver, statistics, settings, null);
    }

    private Settings checked(Settings present, Map<String, ?> config) {
        List<String> problems = new ArrayList<>();
        Settings changed = present.with(config, problems);
        problems.forEach(log);
        refused = List.copyOf(problems);
        return changed;
    }

    /** Called by DS; a group in the pool stays where it is. */
    @Modified
    synchronized void configure(Map<String, Object> config) {
        Settings before = settings;
        Settings changed = checked(before, config);
        Pool present = pool;
        if (changed.workers() != before.workers()) {
            pool = new Pool(spaces, resolver, statistics, changed, present);
            present.finish();
        } else {
            present.configure(changed);
        }
        settings = changed;
    }

    /** Called by DS after the service is gone: no lane is inside. */
    @Deactivate
    synchronized void close() {
        try {
            pool.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Called by DS. */
    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            unbind = "unbindSpaces",
            updated = "updatedSpaces")
    void bindSpaces(AddressSpaces provider, Map<String, Object> properties) {
        Object ranking = properties.get(Constants.SERVICE_RANKING);
        spaces.add(id(properties), ranking instanceof Integer number ? number : 0, provider);
    }

    void updatedSpaces(AddressSpaces provider, Map<String, Object> properties) {
        bindSpaces(provider, properties);
    }

    /** Returns when no thread is inside the provider or a space of its (R6). */
    void unbindSpaces(AddressSpaces provider, Map<String, Object> properties) {
        if (!spaces.remove(id(properties))) {
            log.accept(
                    "io-pgfault: "
                            + provider
                            + " is still at work on a page 4 s after it was unregistered: the call"
                            + " is given up");
        }
    }

    private static long id(Map<String, Object> properties) {
        return (Long) properties.get(Constants.SERVICE_ID);
    }

    @Override
    public Verdict handle(Fault fault, FaultContext context) {
        Visitor visitor = spaces.visitor(context.lane());
        visitor.enter();
        try {
            if (fault instanceof PageRequestGroup group) {
                return handleGroup(group, context, visitor);
            }
            return fault instanceof AccessHint hint ? handleHint(hint, context) : Verdict.PASSED;
        } finally {
            visitor.leave();
        }
    }

    /** What the batch has brought for the pool is worked at from now on, with one wake-up. */
    @Override
    public void endOfBatch(Batch batch) {
        pool.wake();
    }

    private Verdict handleGroup(PageRequestGroup group, FaultContext context, Visitor visitor) {
        boolean shadow = context.shadow();
        Cause hopeless = Resolver.hopeless(group);
        if (hopeless != null) {
            return resolver.failed(group, hopeless, 0, null, shadow);
        }
        AddressSpace space = spaces.find(group, Resolver.stage(group));
        Settings present = settings;
        if (shadow) {
            return resolver.resolve(group, space, null, null, context.nanos(), present);
        }
        if (space != null && space.mayBlock()) {
            return defer(group, space, context);
        }
        if (!visitor.isTimed()) {
            return resolver.resolve(
                    group, space, null, visitor.progress(), context.nanos(), present);
        }
        long begin = System.nanoTime();
        Verdict verdict =
                resolver.resolve(group, space, null, visitor.progress(), context.nanos(), present);
        statistics.time(System.nanoTime() - begin);
        return verdict;
    }

    private Verdict defer(PageRequestGroup group, AddressSpace space, FaultContext context) {
        Pool.Job job = new Pool.Job(group, context.defer(), context.nanos(), System.nanoTime());
        // a failure after defer() cancels the deferral (R1)
        return take(space, job)
                ? Verdict.DEFERRED
                : resolver.failed(group, Cause.POOL_FULL, 0, space, false);
    }

    /** A pool that was replaced meanwhile takes nothing; the one in its place does. */
    private boolean take(AddressSpace space, Pool.Job job) {
        Pool present = pool;
        boolean taken = present.take(space, job);
        while (!taken && present != pool) {
            present = pool;
            taken = present.take(space, job);
        }
        return taken;
    }

    private Verdict handleHint(AccessHint hint, FaultContext context) {
        AddressSpace space = spaces.find(hint, 1);
        if (context.shadow() || space == null) {
            return space == null ? Verdict.PASSED : Verdict.HANDLED;
        }
        statistics.countHint();
        if (!space.mayBlock()) {
            resolver.pageIn(hint, space, settings);
        } else if (!take(space, new Pool.Job(hint, null, context.nanos(), 0))) {
            statistics.countDroppedHint();
        }
        return Verdict.HANDLED;
    }

    @Override
    public List<String> health() {
        return refused;
    }

    Statistics statistics() {
        return statistics;
    }
}
