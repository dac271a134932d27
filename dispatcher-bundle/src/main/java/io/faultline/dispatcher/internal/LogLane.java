package io.faultline.dispatcher.internal;

import io.faultline.fault.Fault;
import io.faultline.fault.Origin;
import io.faultline.fault.Unit;
import io.faultline.handler.Notice;
import io.faultline.log.LogSource;
import io.faultline.queue.Outcome;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The lane of one log. It reads outside its epoch, since a pipe may keep it waiting, and keeps what
 * the lines say; then, inside, it offers that. All faults here are observed (R18): never pending,
 * deferred or answered.
 */
final class LogLane extends Lane {
    /** Units with counters of their own; lines that make up names share one row. */
    private static final int MOST_UNITS = 64;

    private final LogSource source;
    private final Map<Unit, PerUnit> units = new ConcurrentHashMap<>();
    private final LogSink sink = new LogSink(this);
    private final boolean woken;

    private LaneChain present;

    /** How many of the reports are done with, and whose they were; for who takes over (R14). */
    private int at;

    private final List<Origin> origins = new ArrayList<>();
    private boolean sourceEnded;
    private volatile boolean leaving;
    private long batches;

    /** One unit that the log speaks of. */
    private record PerUnit(DeviceRows rows, ChainOf chain, CountsByWord malformed) {}

    /** A unit's chain, made when the unit is first met under a snapshot. */
    private static final class ChainOf {
        private LaneChain chain;
    }

    LogLane(int id, Core core, LogSource source) {
        super(id, core, source.name());
        this.source = source;
        this.woken = source.listen(this::wake);
    }

    /** What a line told, to be offered or noticed. */
    record Report(Fault fault, int kind, Notice notice) {}

    @Override
    int prepare() {
        if (sourceEnded || leaving) {
            return 0;
        }
        sink.reports().clear();
        origins.clear();
        at = 0;
        try {
            int read = source.read(sink, core().snapshot().settings().batchLimit());
            if (read == LogSource.ENDED) {
                sourceEnded = true;
                return 0;
            }
            return read;
        } catch (IOException e) {
            sourceEnded = true;
            core().messages()
                    .warn(
                            source.name()
                                    + ": cannot be read any further: "
                                    + e.getMessage()
                                    + "; what came before counts");
        } catch (RuntimeException | Error e) {
            sourceEnded = true;
            defect(source.name() + " is read no further", e);
        }
        return 0;
    }

    @Override
    int work() {
        runCommands();
        List<Report> reports = sink.reports();
        if (reports.isEmpty()) {
            return 0;
        }
        if (at == 0) {
            beginBatch();
            batches++;
        }
        while (at < reports.size()) {
            Report report = reports.get(at++);
            refresh();
            if (report.fault() != null) {
                if (!origins.contains(report.fault().origin())) {
                    origins.add(report.fault().origin());
                }
                offer(report.fault(), report.kind());
            } else if (report.notice() != null) {
                notice(report.notice());
            }
        }
        for (Origin origin : origins) {
            endBatch(origin, reports.size());
        }
        int done = reports.size();
        reports.clear();
        wakeTaps();
        return done;
    }

    private void runCommands() {
        for (Runnable command = inbox().takeCommand();
                command != null;
                command = inbox().takeCommand()) {
            command.run();
        }
    }

    private void offer(Fault fault, int kind) {
        DeviceRow row = row(fault.unit(), fault.hasRequester(), fault.requester());
        seen(row);
        row.tally.increment(Count.RECORDS);
        row.tally.increment(
                switch (kind) {
                    case Kinds.UNRECOVERABLE -> Count.UNRECOVERABLE;
                    case Kinds.PAGE_REQUEST -> Count.PAGE_REQUESTS;
                    case Kinds.HINT -> Count.HINTS;
                    default -> Count.STOP_MARKERS;
                });
        if (kind == Kinds.PAGE_REQUEST) {
            row.tally.increment(Count.GROUP_MEMBERS);
        }
        row.tally.increment(Count.COMPLETED);
        offered(fault, kind, row, offer(fault, kind, row, null), null);
    }

    @Override
    void offered(Fault fault, int kind, DeviceRow row, Offers.End end, Waiting before) {
        switch (end) {
            case HANDLED -> row.tally.increment(Count.HANDLED);
            case FAILED -> row.tally.increment(Count.FAILED);
            default -> row.tally.increment(Count.UNHANDLED);
        }
        show(fault, kind, row, end == Offers.End.HANDLED ? Outcome.HANDLED : outcome(end));
    }

    @Override
    void resumed(Calls.What what) {
        // who was told something is off the list; line decoders are the scanner's
    }

    private static Outcome outcome(Offers.End end) {
        return end == Offers.End.FAILED ? Outcome.FAILED : Outcome.OBSERVED;
    }

    /** The row of a device, for a report that is being made. */
    DeviceRow row(Unit unit, boolean hasRequester, int requester) {
        DeviceRows rows = perUnit(unit).rows();
        return hasRequester
                ? rows.row(requester, core().snapshot().settings(), nanos())
                : rows.unattributed;
    }

    CountsByWord malformed(Unit unit) {
        return perUnit(unit).malformed();
    }

    private PerUnit perUnit(Unit unit) {
        PerUnit known = units.get(unit);
        if (known != null) {
            return known;
        }
        Unit counted = units.size() < MOST_UNITS ? unit : new Unit(unit.arch(), "others");
        return units.computeIfAbsent(
                counted,
                u ->
                        new PerUnit(
                                new DeviceRows(
                                        u,
                                        requester -> requester,
                                        core().snapshot().settings().overloadRetries(),
                                        nanos(),
                                        this::nextRowIndex),
                                new ChainOf(),
                                new CountsByWord()));
    }

    @Override
    LaneChain chainFor(Snapshot snapshot, LaneChain before) {
        present = new LaneChain(snapshot, "", true, id(), before);
        return present;
    }

    @Override
    LaneChain chainOf(Fault fault) {
        return chainOf(fault.unit());
    }

    private LaneChain chainOf(Unit unit) {
        ChainOf mine = perUnit(unit).chain();
        if (mine.chain == null || mine.chain.snapshot != present.snapshot) {
            mine.chain = new LaneChain(present.snapshot, unit.name(), true, id(), mine.chain);
        }
        return mine.chain;
    }

    @Override
    Post[] postsOf(Origin origin) {
        return origin == null ? chain().all : chainOf(origin.unit()).all;
    }

    @Override
    void changed(Snapshot snapshot) {
        // line decoders are the scanner's; chains are made when a unit is met
    }

    @Override
    boolean mayDefer(Fault fault) {
        return false;
    }

    @Override
    long deadlineFor(Fault fault) {
        throw new IllegalStateException("observed faults are never deferred");
    }

    @Override
    boolean hasWork() {
        return false;
    }

    @Override
    long nextDue() {
        return Long.MAX_VALUE;
    }

    @Override
    boolean isWoken() {
        return woken || sourceEnded;
    }

    @Override
    Collection<DeviceRows> rows() {
        return units.values().stream().map(PerUnit::rows).toList();
    }

    /** The log leaves: nothing more is read. From any thread. */
    void leave() {
        leaving = true;
        source.listen(null);
        inbox().command(this::end);
    }

    // --- views, from any thread

    String state() {
        return sourceEnded ? "ended" : "active";
    }

    long batches() {
        return batches;
    }

    void addMalformedTo(Unit unit, Map<String, Long> sums) {
        PerUnit known = units.get(unit);
        if (known != null) {
            known.malformed().addTo(sums);
        }
    }
}
