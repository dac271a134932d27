package io.faultline.dispatcher.internal;

import io.faultline.fault.FaultKind;
import io.faultline.fault.Response;
import io.faultline.fault.Unit;
import io.faultline.hardware.RecordDecoder;
import io.faultline.platform.Counts;
import io.faultline.platform.DecoderView;
import io.faultline.platform.DeviceView;
import io.faultline.platform.HandlerView;
import io.faultline.platform.Platform;
import io.faultline.platform.UnitView;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Answers what others want to see of the dispatcher, without costing the lanes anything. */
final class PlatformView implements Platform {
    private static final String ACTIVE = "active";
    private static final Comparator<UnitView> BY_NAME = Comparator.comparing(UnitView::name);

    private final Dispatcher dispatcher;

    PlatformView(Dispatcher dispatcher) {
        this.dispatcher = dispatcher;
    }

    @Override
    public List<HandlerView> handlers() {
        List<HandlerView> views = new ArrayList<>();
        List<HandlerView> out = new ArrayList<>();
        for (HandlerEntry entry : dispatcher.handlers()) {
            (entry.life.standing.isClosed() ? out : views).add(view(entry));
        }
        views.addAll(out);
        for (Shadow shadow : dispatcher.shadows()) {
            views.add(view(shadow.entry, "shadow of " + shadow.of));
        }
        for (Vacancy vacancy : dispatcher.vacancies()) {
            views.add(view(vacancy.entry, vacancy.state(dispatcher.ticker().nanos())));
        }
        for (Dispatcher.Refusal refusal : dispatcher.refusals()) {
            boolean active =
                    views.stream().anyMatch(v -> v.serviceId() == refusal.source().serviceId());
            if (!active) {
                views.add(view(refusal));
            }
        }
        return List.copyOf(views);
    }

    private static HandlerView view(Dispatcher.Refusal refusal) {
        Source source = refusal.source();
        return new HandlerView(
                source.name(),
                source.serviceId(),
                0,
                source.bundle(),
                source.bundleId(),
                List.of(),
                "",
                false,
                "out: " + refusal.message(),
                0,
                0,
                0,
                0,
                0,
                -1);
    }

    @Override
    public List<HandlerView> chain(String kind, String unit, long requester) {
        Optional<FaultKind> known = FaultKind.of(kind);
        if (known.isEmpty()) {
            return List.of();
        }
        int number = Kinds.of(known.get());
        List<HandlerEntry> handlers = dispatcher.snapshot().handlers();
        boolean owned =
                handlers.stream()
                        .map(e -> e.filter)
                        .filter(
                                f ->
                                        unit == null
                                                || f.units().isEmpty()
                                                || f.units().contains(unit))
                        .anyMatch(f -> f.pasids() == null && f.owns(number, requester));
        return handlers.stream()
                .filter(e -> !owned || e.filter.requesters() != null)
                .filter(
                        e ->
                                (e.filter.kindSet() & (1 << number)) != 0
                                        && (unit == null
                                                || e.filter.units().isEmpty()
                                                || e.filter.units().contains(unit))
                                        && (requester < 0
                                                || e.filter.requesters() == null
                                                || e.filter.requesters().contains(requester)))
                .map(this::view)
                .toList();
    }

    private HandlerView view(HandlerEntry e) {
        return view(e, state(e));
    }

    private static HandlerView view(HandlerEntry e, String state) {
        long samples = e.life.sum(HandlerCells.SAMPLES);
        long handled = e.life.sum(HandlerCells.HANDLED);
        long failed = e.life.sum(HandlerCells.FAILED);
        long deferred = e.life.sum(HandlerCells.DEFERRED);
        long offered = e.life.sum(HandlerCells.OFFERED); // last: never less than the others' sum
        return new HandlerView(
                e.source.name(),
                e.source.serviceId(),
                e.ranking,
                e.source.bundle(),
                e.source.bundleId(),
                e.filter.kindWords(),
                e.filter.text(),
                e.filter.observed(),
                state,
                offered,
                handled,
                offered - handled - failed - deferred,
                failed,
                deferred,
                samples == 0 ? -1 : e.life.sum(HandlerCells.SAMPLED_NANOS) / samples);
    }

    /** Active once faults may meet it: whoever waits for that may send some. */
    private String state(HandlerEntry entry) {
        String state = state(entry.life.standing);
        boolean offered =
                dispatcher.snapshot().handlers().stream().anyMatch(e -> e.life == entry.life);
        return offered || !state.equals(ACTIVE) ? state : "out: it comes back";
    }

    private String state(Standing standing) {
        String why = standing.whyOut(dispatcher.ticker().nanos());
        return why == null ? ACTIVE : "out: " + why;
    }

    @Override
    public List<UnitView> units() {
        Map<Unit, UnitView> views = new LinkedHashMap<>();
        for (UnitState unit : dispatcher.units()) {
            views.put(unit.unit, view(unit));
        }
        for (LogLane log : dispatcher.logs()) {
            for (DeviceRows rows : log.rows()) {
                views.merge(rows.unit, view(log, rows), PlatformView::merge);
            }
        }
        return views.values().stream().sorted(BY_NAME).toList();
    }

    private static UnitView view(UnitState unit) {
        List<UnitView.QueueView> queues = new ArrayList<>();
        List<Tally> rows = new ArrayList<>();
        Map<String, Long> malformed = new TreeMap<>();
        Map<String, Long> responses = new TreeMap<>();
        for (QueueLane lane : unit.lanes) {
            queues.add(lane.view());
            lane.rows().forEach(r -> r.all().forEach(row -> rows.add(row.tally)));
        }
        Counts counts = Count.sum(rows); // before the reasons, which come first
        for (QueueLane lane : unit.lanes) {
            lane.malformed().addTo(malformed);
            lane.addResponsesTo(responses);
        }
        return new UnitView(
                unit.unit.arch(),
                unit.unit.name(),
                unit.observed,
                unit.lanes.stream().mapToInt(QueueLane::generation).max().orElse(1),
                queues,
                counts,
                malformed,
                responses,
                unit.lanes.stream().mapToLong(QueueLane::refused).sum());
    }

    private static UnitView view(LogLane log, DeviceRows rows) {
        Counts counts = Count.sum(rows.all().stream().map(row -> row.tally).toList());
        Map<String, Long> malformed = new TreeMap<>();
        log.addMalformedTo(rows.unit, malformed);
        return new UnitView(
                rows.unit.arch(),
                rows.unit.name(),
                true,
                0,
                List.of(
                        new UnitView.QueueView(
                                log.name(), log.id(), log.state(), 0, log.batches(), 0)),
                counts,
                malformed,
                Map.of(),
                0);
    }

    /** One unit that several logs, or a queue and a log, speak of. */
    private static UnitView merge(UnitView a, UnitView b) {
        List<UnitView.QueueView> queues = new ArrayList<>(a.queues());
        queues.addAll(b.queues());
        Map<String, Long> malformed = new TreeMap<>(a.malformed());
        b.malformed().forEach((word, n) -> malformed.merge(word, n, Long::sum));
        return new UnitView(
                a.arch(),
                a.name(),
                a.observed() && b.observed(),
                Math.max(a.generation(), b.generation()),
                queues,
                Count.sum(a.counts(), b.counts()),
                malformed,
                a.responses(),
                a.refused() + b.refused());
    }

    @Override
    public List<DeviceView> devices(String unit) {
        SortedMap<Long, List<DeviceRow>> rows = new TreeMap<>(Long::compareUnsigned);
        for (Lane lane : dispatcher.lanes()) {
            for (DeviceRows of : lane.rows()) {
                if (of.unit.name().equals(unit)) {
                    of.all().forEach(r -> add(rows, r));
                }
            }
        }
        return rows.values().stream().map(PlatformView::view).toList();
    }

    private static void add(SortedMap<Long, List<DeviceRow>> rows, DeviceRow row) {
        boolean device = row.requester >= 0;
        if (device || row.tally.get(Count.RECORDS) + row.tally.get(Count.LOST) > 0) {
            rows.computeIfAbsent(row.requester, r -> new ArrayList<>()).add(row);
        }
    }

    private static DeviceView view(List<DeviceRow> rows) {
        String name = null;
        long first = Long.MAX_VALUE;
        long last = 0;
        for (DeviceRow row : rows) {
            name = name == null ? row.name : name;
            if (row.tally.get(Count.LAST_TIME) != 0) {
                first = Math.min(first, row.tally.get(Count.FIRST_TIME));
                last = Math.max(last, row.tally.get(Count.LAST_TIME));
            }
        }
        Counts counts = Count.sum(rows.stream().map(row -> row.tally).toList());
        return new DeviceView(
                rows.get(0).requester, name, counts, first == Long.MAX_VALUE ? 0 : first, last);
    }

    @Override
    public List<DecoderView> decoders() {
        List<Snapshot.Bound<?>> all = dispatcher.allDecoders();
        Snapshot snapshot = dispatcher.snapshot(); // has those
        List<DecoderView> views = new ArrayList<>();
        for (Snapshot.Bound<?> bound : all) {
            boolean records = bound.service() instanceof RecordDecoder;
            Snapshot.Bound<?> used =
                    records
                            ? snapshot.decoders().get(bound.key())
                            : snapshot.encoders().get(bound.key());
            String[] key = bound.key().split(":", 2);
            views.add(
                    new DecoderView(
                            records ? "records" : "responses",
                            key[0],
                            key.length > 1 ? key[1] : null,
                            bound.source().bundle(),
                            bound.source().bundleId(),
                            bound.equals(used) ? ACTIVE : unused(bound.standing())));
        }
        dispatcher.lineDecoders().forEach(views::add);
        return views;
    }

    private String unused(Standing standing) {
        return standing.isClosed() ? state(standing) : "another one has the higher ranking";
    }

    @Override
    public List<FaultView> lastFaults(int limit) {
        List<FaultView> all = new ArrayList<>();
        for (Lane lane : dispatcher.lanes()) {
            lane.lastFaults().forEach(all::add);
        }
        all.sort(
                Comparator.comparingLong((FaultView v) -> v.fault().time())
                        .thenComparingLong(v -> v.fault().sequence())
                        .reversed());
        return List.copyOf(all.subList(0, Math.min(limit, all.size())));
    }

    @Override
    public SortedMap<String, String> settings() {
        return dispatcher.snapshot().settings().view();
    }

    private static String shut(UnitState unit, long device, Response response) {
        return unit.unit.name()
                + ": handlers are not asked about device 0x"
                + Long.toHexString(device)
                + ", its page requests are answered "
                + response
                + "; `faultline:unblock "
                + unit.unit.name()
                + " 0x"
                + Long.toHexString(device)
                + "` ends that";
    }

    @Override
    public List<String> health() {
        List<String> health = new ArrayList<>(dispatcher.health().all());
        dispatcher.refusals().forEach(refusal -> health.add(refusal.message()));
        for (GivenUpCall.Called plugin : dispatcher.plugins()) {
            String why = plugin.standing().whyOut(dispatcher.ticker().nanos());
            if (why != null) {
                Source source = plugin.source();
                health.add(
                        "chain: "
                                + source
                                + " is out: "
                                + why
                                + "; `faultline:readmit "
                                + source.name()
                                + "` lets it back in");
            }
        }
        for (TapEntry tap : dispatcher.snapshot().taps()) {
            if (tap.isOut()) {
                health.add("taps: " + tap.source + " kept failing and is out; update its bundle");
            } else if (tap.lost() > 0) {
                health.add(
                        "taps: "
                                + tap.source
                                + " has lost "
                                + tap.lost()
                                + " faults: it is slower than they come, or asks for too small a"
                                + " queue ("
                                + tap.grant.granted()
                                + " granted)");
            }
        }
        for (UnitState unit : dispatcher.units()) {
            Map<Long, Response> shut = new TreeMap<>();
            unit.lanes.forEach(lane -> shut.putAll(lane.shut()));
            shut.forEach((device, response) -> health.add(shut(unit, device, response)));
            for (QueueLane lane : unit.lanes) {
                UnitView.QueueView view = lane.view();
                if (view.waiting() > 0 && view.state().equals("no decoder")) {
                    health.add(
                            lane.name()
                                    + ": "
                                    + view.waiting()
                                    + " records wait for a decoder of "
                                    + unit.unit.arch()
                                    + ":"
                                    + view.kind()
                                    + "; install its bundle");
                }
                if (view.state().equals("inconsistent")) {
                    health.add(
                            lane.name()
                                    + ": its index registers contradict each other; nothing is read"
                                    + " until they make sense again");
                }
            }
        }
        return health;
    }
}
