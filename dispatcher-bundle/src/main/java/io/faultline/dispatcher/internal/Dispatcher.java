package io.faultline.dispatcher.internal;

import io.faultline.fault.Response;
import io.faultline.handler.FaultHandler;
import io.faultline.handler.Handles;
import io.faultline.handler.Ticker;
import io.faultline.hardware.Decodes;
import io.faultline.hardware.HardwareUnit;
import io.faultline.hardware.RecordDecoder;
import io.faultline.hardware.RecordQueue;
import io.faultline.hardware.ResponseEncoder;
import io.faultline.log.LogSource;
import io.faultline.platform.DecoderView;
import io.faultline.platform.DeviceControl;
import io.faultline.platform.HandlerControl;
import io.faultline.platform.HealthSource;
import io.faultline.platform.Platform;
import io.faultline.queue.BoundedQueue;
import io.faultline.queue.FaultTap;
import io.faultline.queue.QueueGrant;
import io.faultline.queue.Queues;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * The core without a framework: what comes and goes is added and removed here, a snapshot of it is
 * published, and lanes work by the snapshot. The component binds services to it; tests make their
 * own.
 *
 * <p><b>Threads.</b> Safe for any thread. Adding and removing take a lock that no lane ever takes;
 * what removes waits, outside that lock, until no lane is inside the plug-in any more (R6).
 */
public final class Dispatcher implements Core, Queues {
    /** What SCR leaves of its five seconds. */
    private static final long MOST_WAIT_MILLIS = 4000;

    private static final long GRACE_AFTER_LIMIT_MILLIS = 500;

    private static final long MILLI = 1_000_000L;
    private static final VarHandle SNAPSHOT;

    static {
        try {
            SNAPSHOT =
                    MethodHandles.lookup()
                            .findVarHandle(Dispatcher.class, "snapshot", Snapshot.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Ticker ticker;
    private final Messages messages;
    private final boolean threads;
    private final PlatformView view = new PlatformView(this);
    private final Control control = new Control(this);
    private final Handlers handlerControl = new Handlers(this);
    private final Health health = new Health();
    private final Watchdog watchdog = new Watchdog(this);

    /** Plug-ins that have gone into quarantine since the last snapshot. */
    private final Queue<News> news = new ConcurrentLinkedQueue<>();

    /** Lanes at work; removers read it after they have published. */
    private final List<Lane> lanes = new CopyOnWriteArrayList<>();

    /** All below is guarded by this. */
    private final Map<Long, HandlerEntry> handlers = new HashMap<>();

    /** Handlers that are only shown faults, by service id. */
    private final Map<Long, Shadow> shadows = new LinkedHashMap<>();

    /** By the service id of a promoted shadow: whose place it has. */
    private final Map<Long, HandlerEntry> promoted = new HashMap<>();

    /** The places of handlers that have left and whose successors are waited for. */
    private final List<Vacancy> vacancies = new ArrayList<>();

    /** How many handlers have left. */
    private long departures;

    /** Handlers and taps whose properties are wrong, by service id. */
    private final Map<Long, Refusal> refused = new LinkedHashMap<>();

    private final Map<Long, TapEntry> taps = new LinkedHashMap<>();
    private final List<Snapshot.Bound<RecordDecoder>> decoders = new ArrayList<>();
    private final List<Snapshot.Bound<ResponseEncoder>> encoders = new ArrayList<>();
    private final Map<Object, UnitState> units = new LinkedHashMap<>();

    /** Those that were there when everything ended. Guarded by the lock. */
    private final Map<Object, UnitState> leavingUnits = new LinkedHashMap<>();

    private final Map<Object, LogLane> logs = new LinkedHashMap<>();
    private final Map<Long, DecoderView> lineDecoders = new LinkedHashMap<>();
    private boolean closed;

    /** Written under the lock, read by lanes for each fault. */
    private Snapshot snapshot;

    private Dispatcher(Settings settings, Ticker ticker, Messages messages, boolean threads) {
        this.ticker = ticker;
        this.messages = messages;
        this.threads = threads;
        this.snapshot =
                new Snapshot(1, settings, List.of(), List.of(), Map.of(), Map.of(), 0, List.of());
        if (threads) {
            watchdog.start();
        }
    }

    /**
     * A dispatcher whose lanes have threads.
     *
     * @param settings what is in force at first
     * @param messages where messages go
     * @return a dispatcher without any plug-in
     */
    public static Dispatcher running(Settings settings, Messages messages) {
        return new Dispatcher(settings, Ticker.SYSTEM, messages, true);
    }

    /**
     * A dispatcher whose lanes are stepped by hand, for tests.
     *
     * @param settings what is in force at first
     * @param ticker the clock
     * @param messages where messages go
     * @return a dispatcher without any plug-in
     */
    public static Dispatcher stepped(Settings settings, Ticker ticker, Messages messages) {
        return new Dispatcher(settings, ticker, messages, false);
    }

    /** A plug-in that was refused, and why. */
    record Refusal(Source source, String message) {}

    /** A plug-in that has gone into quarantine. */
    private record News(Source source, Standing standing) {}

    // --- what lanes need

    @Override
    public Snapshot snapshot() {
        return (Snapshot) SNAPSHOT.getAcquire(this);
    }

    @Override
    public Ticker ticker() {
        return ticker;
    }

    @Override
    public Messages messages() {
        return messages;
    }

    // --- settings

    /**
     * Changes settings. A value that is refused is said, shown in health, and leaves the present
     * one.
     *
     * @param properties keys as in the metatype
     */
    public synchronized void configure(Map<String, ?> properties) {
        List<String> problems = new ArrayList<>();
        Settings settings = snapshot.settings().with(properties, problems);
        health.settings(problems);
        problems.forEach(messages::warn);
        publish(settings);
    }

    /**
     * Shows what somebody says in health.
     *
     * @param from who says it
     * @param source where it comes from
     */
    public void addHealth(HealthSource from, Source source) {
        health.add(from, source);
    }

    /**
     * Shows it no more.
     *
     * @param serviceId whose
     */
    public void removeHealth(long serviceId) {
        health.remove(serviceId);
    }

    // --- handlers

    /**
     * Adds a handler, or changes its place and filter if it is there.
     *
     * @param handler the handler
     * @param source where it comes from
     * @param properties its service properties
     */
    public void addHandler(FaultHandler handler, Source source, Map<String, ?> properties) {
        boolean shadow = properties.get(Handles.SHADOW) != null;
        synchronized (this) {
            Shadow before = shadows.get(source.serviceId());
            if (before == null && !shadow) {
                addToChain(handler, source, properties);
                return;
            }
        }
        removeHandler(source.serviceId()); // it changes its role, or begins anew
        if (shadow) {
            addShadow(handler, source, properties);
        } else {
            addHandler(handler, source, properties);
        }
    }

    private void addShadow(FaultHandler handler, Source source, Map<String, ?> properties) {
        synchronized (this) {
            try {
                HandlerEntry entry =
                        new HandlerEntry(
                                handler,
                                source,
                                ranking(properties),
                                HandlerFilter.of(properties),
                                Vacancy.handoverMillis(properties),
                                new HandlerEntry.Life());
                String of = properties.get(Handles.SHADOW).toString();
                Shadow fresh = new Shadow(entry, of, freeLaneId(), this);
                refused.remove(source.serviceId());
                shadows.put(source.serviceId(), fresh);
                if (threads) {
                    fresh.start();
                }
            } catch (IllegalArgumentException e) {
                String message = "chain: shadow " + source + " is refused: " + e.getMessage();
                refused.put(source.serviceId(), new Refusal(source, message));
                messages.warn(message);
                return;
            }
            publish(snapshot.settings());
        }
    }

    private boolean removeShadow(long serviceId) {
        Shadow shadow;
        synchronized (this) {
            shadow = shadows.remove(serviceId);
            if (shadow == null) {
                return false;
            }
            shadow.end();
            refused.remove(serviceId);
            publish(snapshot.settings());
        }
        stop(shadow);
        wakeLanes();
        return true;
    }

    private void stop(Shadow shadow) {
        if (!shadow.stop(waitMillis())) {
            say(
                    "shadow "
                            + shadow.entry.source
                            + " is still inside a call; it leaves all the same, the call runs on");
        }
    }

    /** Puts a shadow in the place of its handler. */
    void promote(Shadow shadow) {
        named(shadow.of);
        stop(shadow);
        synchronized (this) {
            long id = shadow.entry.source.serviceId();
            HandlerEntry before = named(shadow.of);
            if (shadows.remove(id) == null) {
                throw new IllegalStateException(shadow.entry.source + " has left");
            }
            before.life.standing.stepAside("replaced by its shadow " + shadow.entry.source.name());
            promoted.put(id, before);
            handlers.put(
                    id,
                    new HandlerEntry(
                            shadow.entry.handler,
                            shadow.entry.source,
                            before.ranking,
                            shadow.entry.filter,
                            shadow.entry.handoverMillis,
                            new HandlerEntry.Life()));
            publish(snapshot.settings());
            before.life.standing.close();
        }
        wakeLanes();
    }

    private synchronized HandlerEntry named(String name) {
        return handlers.values().stream()
                .filter(entry -> entry.source.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("there is no handler " + name));
    }

    /** Handlers that are only shown faults, in the order of their registration. */
    synchronized List<Shadow> shadows() {
        return List.copyOf(shadows.values());
    }

    private void addToChain(FaultHandler handler, Source source, Map<String, ?> properties) {
        HandlerEntry known = handlers.get(source.serviceId());
        HandlerEntry.Life life = known == null ? new HandlerEntry.Life() : known.life;
        try {
            HandlerFilter filter = HandlerFilter.of(properties);
            int ranking = ranking(properties);
            HandlerEntry entry =
                    new HandlerEntry(
                            handler,
                            source,
                            ranking,
                            filter,
                            Vacancy.handoverMillis(properties),
                            life);
            handlers.put(source.serviceId(), entry);
            succeed(entry);
            refused.remove(source.serviceId());
            life.standing.readmit();
        } catch (IllegalArgumentException e) {
            String message = "chain: handler " + source + " is refused: " + e.getMessage();
            if (known != null) {
                message += "; it stays as it was";
            }
            refused.put(source.serviceId(), new Refusal(source, message));
            messages.warn(message);
            return;
        }
        publish(snapshot.settings());
        wakeLanes();
    }

    /** Gives a handler what handlers of its name have left. */
    private void succeed(HandlerEntry entry) {
        if (entry.filter.wantsPageRequests()) {
            for (Vacancy vacancy : List.copyOf(vacancies)) {
                if (vacancy.entry.source.name().equals(entry.source.name())) {
                    end(vacancy, entry);
                }
            }
        }
    }

    private void end(Vacancy vacancy, HandlerEntry heir) {
        vacancies.remove(vacancy);
        vacancy.entry.life.leaveTo(heir);
        vacancy.entry.life.standing.leave(); // it may still take over, its heir gets that as well
        departures++;
    }

    private static int ranking(Map<String, ?> properties) {
        Object ranking = properties.get("service.ranking");
        if (ranking == null) {
            return 0;
        }
        if (ranking instanceof Integer number) {
            return number;
        }
        throw new IllegalArgumentException(
                "service.ranking="
                        + ranking
                        + " is of type "
                        + ranking.getClass().getSimpleName()
                        + " and would silently count as 0; make it an Integer");
    }

    /**
     * Takes a handler out. When this returns no lane is inside it and none will be (R6), unless a
     * call lasts beyond the limit: that is said.
     *
     * @param serviceId its id
     */
    public void removeHandler(long serviceId) {
        if (removeShadow(serviceId)) {
            return;
        }
        HandlerEntry entry;
        long version;
        synchronized (this) {
            refused.remove(serviceId);
            entry = handlers.remove(serviceId);
            if (entry == null) {
                return;
            }
            HandlerEntry before = promoted.remove(serviceId);
            if (before != null) {
                before.life.standing.readmit();
            }
            if (entry.handoverMillis > 0 && entry.filter.wantsPageRequests() && !closed) {
                Vacancy vacancy = new Vacancy(entry, ticker.nanos() + entry.handoverMillis * MILLI);
                entry.life.leaveTo(vacancy.entry);
                vacancies.add(vacancy);
            }
            entry.life.standing.leave();
            departures++;
            version = publish(snapshot.settings());
        }
        awaitQuiet(version, "handler " + entry.source);
        // not before: a lane that still goes down the old chain would find nobody in its place
        entry.life.standing.close();
        wakeLanes();
    }

    // --- taps

    /**
     * Adds a tap and begins to show it faults.
     *
     * @param tap the tap
     * @param source where it comes from
     * @param properties its service properties
     */
    public void addTap(FaultTap tap, Source source, Map<String, ?> properties) {
        TapEntry entry;
        try {
            entry = new TapEntry(tap, source, properties, snapshot().settings(), messages);
        } catch (IllegalArgumentException e) {
            String message = "taps: " + source + " is refused: " + e.getMessage();
            messages.warn(message);
            synchronized (this) {
                refused.put(source.serviceId(), new Refusal(source, message));
            }
            return;
        }
        if (threads) {
            entry.start();
        } else {
            tap.granted(entry.grant);
        }
        synchronized (this) {
            taps.put(source.serviceId(), entry);
            publish(snapshot.settings());
        }
    }

    /**
     * Takes a tap out. When this returns no call into it is running (R6), unless it lasts beyond
     * the limit: that is said.
     *
     * @param serviceId its id
     */
    public void removeTap(long serviceId) {
        TapEntry entry;
        synchronized (this) {
            refused.remove(serviceId);
            entry = taps.remove(serviceId);
            if (entry == null) {
                return;
            }
            publish(snapshot.settings());
        }
        if (!entry.stop(waitMillis())) {
            messages.warn(
                    "taps: " + entry.source + " is still inside consume(); it leaves all the same");
        }
    }

    // --- decoders and encoders

    /**
     * Adds a record decoder. Of two for one queue the one with the higher ranking is used, then the
     * older.
     *
     * @param decoder the decoder
     * @param source where it comes from
     * @param properties its service properties
     */
    public synchronized void addDecoder(
            RecordDecoder decoder, Source source, Map<String, ?> properties) {
        add(decoders, decoder, source, properties, Decodes.ARCH, Decodes.QUEUE);
    }

    /**
     * Takes a record decoder out; waits as for a handler. Its queues' records wait for another one
     * (R15).
     *
     * @param serviceId its id
     */
    public void removeDecoder(long serviceId) {
        remove(decoders, serviceId, "decoder");
    }

    /**
     * Adds an encoder.
     *
     * @param encoder the encoder
     * @param source where it comes from
     * @param properties its service properties
     */
    public synchronized void addEncoder(
            ResponseEncoder encoder, Source source, Map<String, ?> properties) {
        add(encoders, encoder, source, properties, Decodes.ARCH);
    }

    /**
     * Takes an encoder out; waits as for a handler. Decided answers wait for another one until
     * their deadline (R7).
     *
     * @param serviceId its id
     */
    public void removeEncoder(long serviceId) {
        remove(encoders, serviceId, "encoder");
    }

    private <T> void add(
            List<Snapshot.Bound<T>> to,
            T service,
            Source source,
            Map<String, ?> properties,
            String... keys) {
        Snapshot.Bound<T> bound;
        Snapshot.Bound<T> known =
                to.stream()
                        .filter(b -> b.source().serviceId() == source.serviceId())
                        .findFirst()
                        .orElse(null);
        try {
            bound =
                    new Snapshot.Bound<>(
                            service,
                            source,
                            ranking(properties),
                            key(properties, keys),
                            known == null ? new Standing() : known.standing());
            bound.standing().readmit();
        } catch (IllegalArgumentException e) {
            messages.warn(
                    "decoders: "
                            + source
                            + " is refused: "
                            + e.getMessage()
                            + (known == null ? "" : "; it stays as it was"));
            return;
        }
        to.removeIf(before -> before.source().serviceId() == source.serviceId());
        to.add(bound);
        publish(snapshot.settings());
        wakeLanes();
    }

    /** What it is for: {@code arch:queue} or the architecture. */
    private static String key(Map<String, ?> properties, String... keys) {
        List<String> words = new ArrayList<>();
        for (String key : keys) {
            Object word = properties.get(key);
            if (word == null) {
                throw new IllegalArgumentException(key + " is missing");
            }
            words.add(word.toString());
        }
        return String.join(":", words);
    }

    private <T> void remove(List<Snapshot.Bound<T>> from, long serviceId, String role) {
        Source source = null;
        Snapshot.Bound<T> leaver = null;
        long version;
        synchronized (this) {
            for (Snapshot.Bound<T> bound : from) {
                if (bound.source().serviceId() == serviceId) {
                    source = bound.source();
                    leaver = bound;
                    bound.standing().leave();
                }
            }
            if (source == null) {
                return;
            }
            from.removeIf(bound -> bound.source().serviceId() == serviceId);
            version = publish(snapshot.settings());
        }
        awaitQuiet(version, role + " " + source);
        leaver.standing().close();
    }

    // --- sources

    /**
     * Adds a unit: each of its queues gets a lane.
     *
     * @param hardware the unit; removed by the same object
     * @param source where it comes from
     */
    public void addUnit(HardwareUnit hardware, Source source) {
        synchronized (this) {
            if (closed) {
                return;
            }
            UnitState unit = new UnitState(hardware, source);
            for (RecordQueue queue : hardware.queues()) {
                unit.lanes.add(new QueueLane(freeLaneId(), this, unit, queue));
                lanes.add(unit.lanes.get(unit.lanes.size() - 1));
            }
            units.put(hardware, unit);
            unit.lanes.forEach(this::start);
        }
    }

    /**
     * Takes a unit out: drains it while its port still works (R7), what is unread in its queues
     * included.
     *
     * @param hardware the unit
     * @param rest what groups are answered that no handler answers within {@code
     *     shutdown.grace.ms}: INVALID if the platform stops, SUCCESS (ask again) if a successor
     *     will come
     */
    public void removeUnit(HardwareUnit hardware, Response rest) {
        UnitState unit;
        UnitState leaving;
        synchronized (this) {
            unit = units.remove(hardware);
            leaving = leavingUnits.get(hardware);
        }
        if (unit != null) {
            drain(List.copyOf(unit.lanes), rest, true);
        } else if (leaving != null) {
            awaitEnd(leaving.lanes, MOST_WAIT_MILLIS); // who closes drains it
        }
    }

    /**
     * Adds a log: a lane reads it.
     *
     * @param log the log; removed by the same object
     */
    public synchronized void addLog(LogSource log) {
        if (!closed) {
            LogLane lane = new LogLane(freeLaneId(), this, log);
            lanes.add(lane);
            logs.put(log, lane);
            start(lane);
        }
    }

    /**
     * Takes a log out.
     *
     * @param log the log
     */
    public void removeLog(LogSource log) {
        LogLane lane;
        synchronized (this) {
            lane = logs.remove(log);
        }
        if (lane != null) {
            lane.leave();
            awaitEnd(List.of(lane), waitMillis());
        }
    }

    private int freeLaneId() {
        int id = 0;
        while (isTaken(id)) {
            id++;
        }
        return id;
    }

    private boolean isTaken(int id) {
        return lanes.stream().anyMatch(lane -> lane.id() == id)
                || shadows.values().stream().anyMatch(shadow -> shadow.lane() == id);
    }

    private void start(Lane lane) {
        if (threads) {
            lane.present().start();
        }
    }

    private void drain(List<QueueLane> leaving, Response rest, boolean last) {
        long grace = snapshot().settings().shutdownGraceMillis();
        for (QueueLane lane : leaving) {
            long nanos = threads ? grace * 1_000_000 : 0;
            lane.inbox().command(() -> lane.beginLeaving(rest, last, nanos));
        }
        awaitEnd(leaving, Math.min(MOST_WAIT_MILLIS, grace + GRACE_AFTER_LIMIT_MILLIS));
    }

    /** Waits for all of them together. */
    private void awaitEnd(List<? extends Lane> leaving, long millis) {
        if (threads) {
            awaitThreads(leaving, millis);
        } else {
            for (Lane lane : leaving) {
                while (!lane.isEnded()) {
                    lane.stepByHand();
                }
            }
        }
        leaving.forEach(lanes::remove);
    }

    private void awaitThreads(List<? extends Lane> leaving, long millis) {
        long until = System.nanoTime() + millis * MILLI;
        List<LaneEnd> waited = new ArrayList<>();
        for (Lane lane : leaving) {
            if (!lane.isCurrentThread()) {
                waited.add(new LaneEnd(lane));
            }
        }
        while (!waited.isEmpty()) {
            long now = System.nanoTime();
            for (LaneEnd end : waited) {
                end.lane.wake();
                if (now - until > 0) {
                    press(end, now, millis);
                }
            }
            LockSupport.parkNanos(this, 50_000);
            waited.removeIf(end -> end.lane.isEnded());
        }
    }

    /** Its time is over: calls that hold it up are given up, so that the rest is answered. */
    private void press(LaneEnd end, long now, long millis) {
        if (end.isOver(now)) {
            messages.warn(
                    "lane "
                            + end.lane.name()
                            + " has not ended within "
                            + millis
                            + " ms: a plug-in keeps it; its groups may stay unanswered");
            end.lane.end();
        } else if (end.isCallOver(now)) {
            watchdog.giveUp(end.lane);
        }
    }

    /**
     * Ends everything: all units are drained, all threads end. Nothing is accepted afterwards.
     * Records that were not read wait in their queues for the next dispatcher, if one will come
     * (R7).
     *
     * @param rest as for {@link #removeUnit}
     */
    public void close(Response rest) {
        List<QueueLane> leaving = new ArrayList<>();
        List<LogSource> leavingLogs;
        synchronized (this) {
            closed = true;
            units.values().forEach(unit -> leaving.addAll(unit.lanes));
            leavingUnits.putAll(units);
            units.clear();
            leavingLogs = logs.keySet().stream().map(LogSource.class::cast).toList();
        }
        drain(leaving, rest, rest == Response.INVALID);
        leavingLogs.forEach(this::removeLog);
        List<Long> leavingTaps;
        synchronized (this) {
            leavingTaps = List.copyOf(taps.keySet());
        }
        leavingTaps.forEach(this::removeTap);
        shadows().forEach(shadow -> removeShadow(shadow.entry.source.serviceId()));
        watchdog.stop();
    }

    // --- snapshots

    /** Publishes what is there now. Under the lock. Returns the version. */
    private long publish(Settings settings) {
        Snapshot next =
                new Snapshot(
                        snapshot.version() + 1,
                        settings,
                        Stream.concat(
                                        handlers.values().stream()
                                                .filter(e -> !e.life.standing.isOut()),
                                        vacancies.stream().map(vacancy -> vacancy.entry))
                                .sorted(HandlerEntry.ORDER)
                                .toList(),
                        List.copyOf(taps.values()),
                        best(decoders),
                        best(encoders),
                        departures,
                        List.copyOf(shadows.values()));
        SNAPSHOT.setVolatile(this, next);
        return next.version();
    }

    private static <T> Map<String, Snapshot.Bound<T>> best(List<Snapshot.Bound<T>> all) {
        Map<String, Snapshot.Bound<T>> best = new HashMap<>();
        all.stream()
                .filter(bound -> !bound.standing().isOut())
                .sorted(
                        Comparator.comparingInt((Snapshot.Bound<T> b) -> b.ranking())
                                .reversed()
                                .thenComparingLong(b -> b.source().serviceId()))
                .forEach(bound -> best.putIfAbsent(bound.key(), bound));
        return Map.copyOf(best);
    }

    private long waitMillis() {
        return Math.min(
                MOST_WAIT_MILLIS,
                snapshot().settings().handlerLimitMillis() + GRACE_AFTER_LIMIT_MILLIS);
    }

    /** Waits until every lane has let go of what is older than a version. See {@link LaneEpoch}. */
    private void awaitQuiet(long version, String what) {
        long limitMillis = waitMillis();
        long until = System.nanoTime() + limitMillis * 1_000_000;
        // called from inside a lane, that one is not waited for: the standing keeps calls away
        Lane mine = lanes.stream().filter(Lane::isCurrentThread).findFirst().orElse(null);
        for (Lane lane : lanes) {
            if (lane != mine && !awaitQuiet(lane, mine, version, until)) {
                say(
                        what
                                + " has not let go of lane "
                                + lane.name()
                                + " within "
                                + limitMillis
                                + " ms; it leaves all the same, the call runs on");
                return;
            }
        }
    }

    private boolean awaitQuiet(Lane lane, Lane mine, long version, long until) {
        LaneThread thread = lane.present();
        long epoch = thread.epoch.read();
        if (mine != null) {
            mine.awaits(lane);
        }
        try {
            int rounds = 0;
            while (!thread.epoch.isQuiet(epoch, version)) {
                if (mine != null && awaits(lane, mine)) {
                    say(
                            "lanes "
                                    + mine.name()
                                    + " and "
                                    + lane.name()
                                    + " are inside handlers that stop each other: neither waits"
                                    + " for the other's call, which ends as soon as it can");
                    return true;
                }
                if (lane.present() != thread) { // given up: its successor counts
                    thread = lane.present();
                    epoch = thread.epoch.read();
                } else if (System.nanoTime() - until > 0) {
                    return false;
                }
                if (++rounds < 100) {
                    Thread.onSpinWait();
                } else {
                    LockSupport.parkNanos(this, 20_000);
                }
            }
            return true;
        } finally {
            if (mine != null) {
                mine.awaits(null);
            }
        }
    }

    /** Whether a lane's removal waits for another lane, directly or by others. */
    private boolean awaits(Lane lane, Lane other) {
        Lane next = lane.awaited();
        for (int i = 0; i < lanes.size() && next != null; i++) {
            if (next == other) {
                return true;
            }
            next = next.awaited();
        }
        return false;
    }

    private void say(String message) {
        health.add(message);
        messages.warn(message);
    }

    // --- plug-ins that throw or block (R4, R14)

    /** A call was given up: its lane goes on. By the watchdog. */
    void gaveUp(Lane lane, GivenUpCall call) {
        Settings settings = snapshot().settings();
        Source source = call.plugin().source();
        boolean out =
                call.plugin()
                        .standing()
                        .blocked("lane " + lane.name(), settings.handlerBlocks(), ticker.nanos());
        publishAgain();
        lane.takeOver(call);
        say(
                "chain: "
                        + source
                        + " has not let go of lane "
                        + lane.name()
                        + " within "
                        + settings.handlerLimitMillis()
                        + " ms: the call is given up, the lane goes on without it "
                        + (out ? "; " + readmitBy(source) : "until it returns")
                        + "; it is at "
                        + call.where());
    }

    private static String readmitBy(Source source) {
        return "it is taken out; `faultline:readmit " + source.name() + "` lets it back in";
    }

    @Override
    public void returned(GivenUpCall call) {
        call.plugin().standing().returned();
        publishAgain();
        wakeLanes();
    }

    @Override
    public void quarantined(Source source, Standing standing) {
        news.add(new News(source, standing));
        watchdog.wake();
    }

    private synchronized long publishAgain() {
        return publish(snapshot.settings());
    }

    /** What is done now and then, by the watchdog. */
    void chores() {
        long now = ticker.nanos();
        boolean changed = false;
        for (News next = news.poll(); next != null; next = news.poll()) {
            changed = true;
            say(
                    "chain: "
                            + next.source
                            + " "
                            + next.standing.whyOut(now)
                            + "; "
                            + readmitBy(next.source));
        }
        changed |= endVacancies(now);
        for (GivenUpCall.Called plugin : plugins()) {
            if (plugin.standing().readmitIfDue(now)) {
                changed = true;
                messages.warn("chain: " + plugin.source() + " is let back in after its delay");
            }
        }
        if (changed) {
            publishAgain();
            wakeLanes();
        }
    }

    private synchronized boolean endVacancies(long now) {
        boolean any = false;
        for (Vacancy vacancy : List.copyOf(vacancies)) {
            if (now - vacancy.untilNanos >= 0) {
                end(vacancy, null);
                any = true;
                messages.warn(
                        "chain: no successor of "
                                + vacancy.entry.source.name()
                                + " has come in time: its groups go on to the other handlers");
            }
        }
        return any;
    }

    /** The places that are kept for successors. */
    synchronized List<Vacancy> vacancies() {
        return List.copyOf(vacancies);
    }

    /** All that lanes call, in or out. */
    synchronized List<GivenUpCall.Called> plugins() {
        List<GivenUpCall.Called> all = new ArrayList<>();
        handlers.values().stream()
                .sorted(HandlerEntry.ORDER)
                .forEach(e -> all.add(new GivenUpCall.Called(e.source, e.life.standing)));
        allDecoders().forEach(b -> all.add(new GivenUpCall.Called(b.source(), b.standing())));
        return all;
    }

    /** Lets a plug-in back in. */
    boolean readmit(GivenUpCall.Called plugin) {
        plugin.standing().readmit();
        publishAgain();
        wakeLanes();
        return !plugin.standing().isClosed();
    }

    private void wakeLanes() {
        lanes.forEach(Lane::wake);
    }

    // --- stepping by hand

    /**
     * Steps all lanes until none has anything to do, then gives taps what is there. For a
     * dispatcher without threads.
     *
     * @return how much was done
     */
    public int step() {
        if (threads) {
            throw new IllegalStateException("this dispatcher's lanes have threads of their own");
        }
        int sum = 0;
        int done;
        do {
            done = 0;
            for (Lane lane : lanes) {
                done += lane.stepByHand();
            }
            sum += done;
        } while (done > 0);
        chores();
        for (Shadow shadow : shadows()) {
            while (shadow.drain() > 0) {
                sum++;
            }
        }
        for (TapEntry tap : snapshot().taps()) {
            while (tap.drainOnce() > 0) {
                sum++;
            }
        }
        return sum;
    }

    // --- queues and views

    @Override
    public <E> BoundedQueue<E> open(int requested, int least) {
        return new NegotiatedQueue<>(
                QueueGrant.negotiate(requested, least, snapshot().settings().queueLimit()));
    }

    /**
     * What the platform shows of itself.
     *
     * @return always the same object
     */
    public Platform platform() {
        return view;
    }

    /**
     * What can be done with devices.
     *
     * @return always the same object
     */
    public DeviceControl control() {
        return control;
    }

    /**
     * What can be done with handlers.
     *
     * @return always the same object
     */
    public HandlerControl handlerControl() {
        return handlerControl;
    }

    List<Lane> lanes() {
        return lanes;
    }

    Health health() {
        return health;
    }

    synchronized List<UnitState> units() {
        return List.copyOf(units.values());
    }

    synchronized List<LogLane> logs() {
        return List.copyOf(logs.values());
    }

    /** All handlers, in the order of the chain, whether they are in it or out. */
    synchronized List<HandlerEntry> handlers() {
        return handlers.values().stream().sorted(HandlerEntry.ORDER).toList();
    }

    synchronized List<Refusal> refusals() {
        return List.copyOf(refused.values());
    }

    synchronized List<Snapshot.Bound<?>> allDecoders() {
        List<Snapshot.Bound<?>> all = new ArrayList<>(decoders);
        all.addAll(encoders);
        return all;
    }

    /**
     * Shows a line decoder; the log scanner uses it.
     *
     * @param source where it comes from
     * @param arch whose lines it reads
     */
    public synchronized void addLineDecoder(Source source, String arch) {
        lineDecoders.put(
                source.serviceId(),
                new DecoderView("lines", arch, null, source.bundle(), source.bundleId(), "active"));
    }

    /**
     * Shows a line decoder no more.
     *
     * @param serviceId its id
     */
    public synchronized void removeLineDecoder(long serviceId) {
        lineDecoders.remove(serviceId);
    }

    synchronized List<DecoderView> lineDecoders() {
        return List.copyOf(lineDecoders.values());
    }

    /** The name of a handler: its own, its component's, or its class's. */
    public static String nameOf(Map<String, ?> properties, Object service) {
        Object name = properties.get(Handles.NAME);
        Object component = name != null ? name : properties.get("component.name");
        return component != null
                ? component.toString()
                : Objects.requireNonNull(service).getClass().getName();
    }
}
