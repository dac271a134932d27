package io.faultline.testkit;

import io.faultline.dispatcher.internal.Dispatcher;
import io.faultline.dispatcher.internal.Settings;
import io.faultline.dispatcher.internal.Source;
import io.faultline.fault.Fault;
import io.faultline.fault.FaultKind;
import io.faultline.fault.Origin;
import io.faultline.fault.PageRequestGroup;
import io.faultline.fault.Response;
import io.faultline.fault.Unit;
import io.faultline.handler.FaultHandler;
import io.faultline.handler.Handles;
import io.faultline.hardware.Decodes;
import io.faultline.hardware.Encodes;
import io.faultline.hardware.HardwareUnit;
import io.faultline.hardware.RecordDecoder;
import io.faultline.hardware.ResponseEncoder;
import io.faultline.platform.Platform;
import io.faultline.queue.FaultTap;
import io.faultline.queue.Outcome;
import io.faultline.queue.TapBatch;
import io.faultline.queue.Taps;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * The platform's core without a framework and without threads: the classes that ship, run by hand.
 * A test adds what is under test, offers it faults, and looks at what became of them.
 *
 * <pre>{@code
 * @Test
 * void swallowsTheBootFault() {
 *     SteppedLane lane = new SteppedLane();
 *     lane.add(new BootFaultHandler());
 *     Fault boot = new FaultBuilder().unit("smmuv3", "arm-smmu-v3.0.auto").code(0x10).iova(0)
 *             .observed().unrecoverable(Reason.NOT_PRESENT);
 *
 *     assertEquals(Outcome.HANDLED, lane.offer(boot));
 * }
 * }</pre>
 *
 * <p>What is added stands in the chain by the property {@code service.ranking}, higher first, and
 * then in the order of addition. Without properties given, they are those of its class's annotation
 * ({@link Handles}, {@link Decodes}, {@link Encodes}, {@link Taps}).
 *
 * <p>Time stands until {@link #advance} moves it.
 *
 * <p><b>Threads.</b> For one thread; only what {@code Deferral} allows may come from others.
 */
public final class SteppedLane implements AutoCloseable {
    /** How many records a group that is offered may have. */
    private static final int SLOTS = 4096;

    private static final String RANKING = "service.ranking";

    private final ManualTicker ticker = new ManualTicker();
    private final List<String> messages = new ArrayList<>();
    private final Dispatcher dispatcher =
            Dispatcher.stepped(Settings.DEFAULTS, ticker, messages::add);
    private final IdentityHashMap<Object, Runnable> removals = new IdentityHashMap<>();
    private final Map<Origin, RecordingQueue> queues = new HashMap<>();
    private final List<String> takenQueues = new ArrayList<>();
    private final BuiltFaults builtFaults = new BuiltFaults();
    private final BuiltLog builtLog = new BuiltLog();
    private final RecordingPort port = new RecordingPort();
    private final List<Seen> seen = new ArrayList<>();
    private long lastId;

    /**
     * A fault that was offered to the chain, and what became of it at first.
     *
     * @param fault the fault as handlers saw it
     * @param outcome what became of it
     */
    public record Seen(Fault fault, Outcome outcome) {}

    /** A lane with no handlers and the platform's default settings. */
    public SteppedLane() {
        dispatcher.addLog(builtLog);
        String[] kinds =
                Arrays.stream(FaultKind.values()).map(FaultKind::word).toArray(String[]::new);
        FaultTap watcher = this::watch;
        add(watcher, Map.of(Taps.KINDS, kinds, Taps.CAPACITY, SLOTS));
    }

    private void watch(TapBatch batch) {
        for (int i = 0; i < batch.size(); i++) {
            seen.add(new Seen(batch.fault(i), batch.outcome(i)));
        }
    }

    /**
     * Adds a handler with the properties of its {@link Handles} annotation and ranking 0.
     *
     * @param handler the handler
     * @return this
     * @throws IllegalArgumentException if the platform would refuse the handler
     */
    public SteppedLane add(FaultHandler handler) {
        return add(handler, ServiceProperties.of(handler.getClass(), Handles.class));
    }

    /**
     * Adds a handler.
     *
     * @param handler the handler
     * @param properties its service properties, for example {@code Map.of(Handles.KINDS,
     *     "page_request", "service.ranking", 1000)}
     * @return this
     * @throws IllegalArgumentException if the platform would refuse the handler
     */
    public SteppedLane add(FaultHandler handler, Map<String, ?> properties) {
        Source source = source(handler, properties);
        accepted(() -> dispatcher.addHandler(handler, source, properties));
        removals.put(handler, () -> dispatcher.removeHandler(source.serviceId()));
        return this;
    }

    /**
     * Adds a decoder with the properties of its {@link Decodes} annotation. Its queue's records
     * come from a unit that is added, not from {@link #offer}.
     *
     * @param decoder the decoder
     * @return this
     */
    public SteppedLane add(RecordDecoder decoder) {
        Map<String, Object> properties = ServiceProperties.of(decoder.getClass(), Decodes.class);
        Source source = source(decoder, properties);
        takenQueues.add(properties.get(Decodes.ARCH) + ":" + properties.get(Decodes.QUEUE));
        accepted(() -> dispatcher.addDecoder(decoder, source, properties));
        removals.put(decoder, () -> dispatcher.removeDecoder(source.serviceId()));
        return this;
    }

    /**
     * Adds an encoder with the properties of its {@link Encodes} annotation. Without one, answers
     * are kept all the same, with commands of no meaning.
     *
     * @param encoder the encoder
     * @return this
     */
    public SteppedLane add(ResponseEncoder encoder) {
        Map<String, Object> properties = ServiceProperties.of(encoder.getClass(), Encodes.class);
        Source source = source(encoder, properties);
        accepted(() -> dispatcher.addEncoder(encoder, source, properties));
        removals.put(encoder, () -> dispatcher.removeEncoder(source.serviceId()));
        return this;
    }

    /**
     * Adds a tap with the properties of its {@link Taps} annotation.
     *
     * @param tap the tap
     * @return this
     * @throws IllegalArgumentException if the platform would refuse the tap
     */
    public SteppedLane add(FaultTap tap) {
        return add(tap, ServiceProperties.of(tap.getClass(), Taps.class));
    }

    private SteppedLane add(FaultTap tap, Map<String, ?> properties) {
        Source source = source(tap, properties);
        accepted(() -> dispatcher.addTap(tap, source, properties));
        removals.put(tap, () -> dispatcher.removeTap(source.serviceId()));
        return this;
    }

    /**
     * Adds a unit whose records a decoder reads, for example a {@link RecordingUnit}.
     *
     * @param unit the unit
     * @return this
     */
    public SteppedLane add(HardwareUnit unit) {
        dispatcher.addUnit(unit, source(unit, Map.of()));
        removals.put(unit, () -> dispatcher.removeUnit(unit, Response.INVALID));
        return this;
    }

    /** What the platform only logs, a test shall not overlook. */
    private void accepted(Runnable addition) {
        int before = messages.size();
        addition.run();
        for (String message : messages.subList(before, messages.size())) {
            if (message.contains(" is refused: ")) {
                throw new IllegalArgumentException(message);
            }
        }
    }

    private Source source(Object service, Map<String, ?> properties) {
        return Source.named(Dispatcher.nameOf(properties, service), ++lastId);
    }

    /**
     * Takes out what was added, as if its bundle had been stopped, and steps.
     *
     * @param added a handler, decoder, encoder, tap or unit
     * @throws IllegalArgumentException if it was not added
     */
    public void remove(Object added) {
        Runnable removal = removals.remove(added);
        if (removal == null) {
            throw new IllegalArgumentException(added + " was not added");
        }
        removal.run();
        step();
    }

    /**
     * Changes settings of the dispatcher.
     *
     * @param settings keys as in its configuration, for example {@code Map.of("batch.limit", 1)}
     * @return this
     */
    public SteppedLane configure(Map<String, ?> settings) {
        dispatcher.configure(settings);
        return this;
    }

    /**
     * Offers a fault to the chain, as if hardware had just reported it, or a log if it is observed.
     * Unit, queue, requester, PASID, addresses, access, reason, code and raw words are those of the
     * given fault. Time and sequence of one that is not observed are the lane's, and it has four
     * raw words.
     *
     * @param fault what is reported, for example from {@link FaultBuilder}
     * @return what became of it; null if it is not for a chain yet, such as part of a group
     * @throws IllegalArgumentException if no source could report it
     */
    public Outcome offer(Fault fault) {
        int before = seen.size();
        if (fault.observed()) {
            if (fault instanceof PageRequestGroup group && group.size() > 1) {
                throw new IllegalArgumentException(
                        "size=" + group.size() + ": an observed page request is a group of one");
            }
            builtLog.add(fault);
        } else {
            RecordingQueue queue = queues.computeIfAbsent(place(fault), this::open);
            for (long number : builtFaults.records(fault)) {
                if (!queue.write(number, 0L, 0L, 0L)) {
                    throw new IllegalArgumentException("more than " + SLOTS + " requests");
                }
            }
        }
        step();
        return before == seen.size() ? null : seen.get(seen.size() - 1).outcome();
    }

    /** What tells one queue from another; a unit's generation is the lane's business. */
    private static Origin place(Fault fault) {
        Origin origin = fault.origin();
        return new Origin(origin.unit(), origin.queue(), 0, origin.timeBase(), false);
    }

    private RecordingQueue open(Origin origin) {
        Unit unit = origin.unit();
        String key = unit.arch() + ":" + origin.queue();
        if (takenQueues.contains(key)) {
            throw new IllegalArgumentException(
                    key
                            + " has a decoder of its own: write records to a RecordingUnit, or offer"
                            + " faults of another queue");
        }
        addBuiltPlugins(unit.arch(), origin.queue());
        RecordingQueue queue = new RecordingQueue(origin.queue(), BuiltFaults.RECORD_BYTES, SLOTS);
        add(new RecordingUnit(unit, port, queue).timeBase(origin.timeBase()));
        return queue;
    }

    /** Behind those of a test. A second one for the same queue does no harm. */
    private void addBuiltPlugins(String arch, String queue) {
        Map<String, Object> properties =
                Map.of(Decodes.ARCH, arch, Decodes.QUEUE, queue, RANKING, Integer.MIN_VALUE);
        dispatcher.addDecoder(builtFaults, source(builtFaults, properties), properties);
        BuiltAnswers answers = new BuiltAnswers();
        dispatcher.addEncoder(answers, source(answers, properties), properties);
    }

    /**
     * Lets the lanes do what there is to do: records that were written, deferrals that were
     * concluded, deadlines that have passed.
     */
    public void step() {
        dispatcher.step();
    }

    /**
     * Moves the time and steps.
     *
     * @param by how far
     */
    public void advance(Duration by) {
        ticker.advance(by);
        step();
    }

    /**
     * The clock.
     *
     * @return moved by {@link #advance}
     */
    public ManualTicker ticker() {
        return ticker;
    }

    /**
     * What came to the chain so far.
     *
     * @return in order; a copy
     */
    public List<Seen> seen() {
        return List.copyOf(seen);
    }

    /**
     * The answers to groups that were {@linkplain #offer offered}.
     *
     * @return the responses in the order of submission
     */
    public List<Response> responses() {
        return port.responses();
    }

    /**
     * The command port of the units that {@link #offer} makes: can be filled up and broken.
     *
     * @return always the same object
     */
    public RecordingPort port() {
        return port;
    }

    /**
     * What an operator would see: chain, counters, health.
     *
     * @return always the same object
     */
    public Platform platform() {
        return dispatcher.platform();
    }

    /**
     * What the platform logged.
     *
     * @return in order; a copy
     */
    public List<String> messages() {
        return List.copyOf(messages);
    }

    /** Stops the platform: what is outstanding is answered INVALID (R7). */
    @Override
    public void close() {
        dispatcher.close(Response.INVALID);
    }
}
