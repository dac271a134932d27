package io.faultline.dispatcher.internal;

import io.faultline.fault.AccessHint;
import io.faultline.fault.Fault;
import io.faultline.fault.Origin;
import io.faultline.fault.PageRequestGroup;
import io.faultline.fault.Response;
import io.faultline.fault.TimeBase;
import io.faultline.handler.Notice;
import io.faultline.hardware.RecordDecoder;
import io.faultline.hardware.RecordQueue;
import io.faultline.platform.DeviceControl;
import io.faultline.queue.Outcome;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/**
 * The lane of one hardware queue. A step is: what other threads concluded, then one batch (decode,
 * collect, offer; give the slots back; send the answers; tell its end), then what is due.
 *
 * <p>The order within a batch is SMMUv3's: a PRI queue's entry must be consumed before its response
 * goes out, since the response gives the device its credits back (Arm IHI 0070, 8.1).
 */
final class QueueLane extends Lane {
    /**
     * How long a record may stay unwritten behind the index, as long as Linux waits for AMD's log
     * (errata 732, 733).
     */
    private static final long NOT_WRITTEN_NANOS = 100_000_000;

    private static final long OVER = Long.MAX_VALUE;

    /**
     * How long the rest of a queue is read when handlers have no more time; it takes some 200 ns a
     * record, and what has been read is to be answered before the unit's removal gives up.
     */
    private static final long READ_ON_NANOS = 200_000_000;

    private static final int NOT_OVER = Integer.MIN_VALUE;
    private static final String ENDED = "ended";

    /** How often is looked whether a handler has let go, while an owner waits for that. */
    private static final long ENDING_POLL_NANOS = 200_000;

    /** Places in {@link #counts}. */
    private static final int BATCHES = 0;

    private static final int OVERFLOWS = 1;

    /** How far a batch is. */
    private enum Stage {
        NONE,
        READING,
        /** Its slots are given back. */
        ENDING
    }

    private final UnitState unit;
    private final RecordQueue queue;
    private final String decoderKey;
    private final DeviceRows rows;
    private final CountsByWord malformed;

    /** The present thread's. */
    private LaneSink sink;

    private final Groups groups;
    private final boolean woken;

    private RecordDecoder decoder;

    /** The same, with where it comes from. */
    private Snapshot.Bound<RecordDecoder> bound;

    private volatile String state = "no decoder";
    private volatile int waitingRecords;
    private long records;
    private final Tally counts = new Tally(2);
    private long notWrittenSince;

    /** How far the present batch is; another thread carries on from there (R14). */
    private Stage stage = Stage.NONE;

    private final Pace pace;

    /** How much of what the queue's PROD covered when read is this batch. */
    private int most;

    /** Records that were there when an overflow was seen and are not consumed. */
    private int overflowLeft = NOT_OVER;

    /** Records of this batch that were copied so far. */
    private int copied;

    /** How often in a row the decoder has thrown, and at which record it did so last. */
    private int consecutiveThrows;

    private long thrownAt;

    /** Who is in the chain. */
    private List<HandlerEntry> handlers = List.of();

    /** How many handlers had left when this lane last looked after what they had taken over. */
    private long departures;

    /** When a unit that leaves has no more time; {@link #OVER} while it stays. */
    private long leaveBy = OVER;

    private Response leaveWith;

    /** A unit that leaves has its queue read, which nobody will read later. */
    private boolean readsRest;

    /** How many records at most are still read of it: at first what a full queue holds. */
    private int unread;

    private boolean saidGone;

    /** Raised by each reset; written by the lane. */
    private volatile int generation;

    private boolean gone;

    /** What owners of devices wait for (DeviceControl). */
    private final List<Ending> endings = new ArrayList<>();

    QueueLane(int id, Core core, UnitState unit, RecordQueue queue) {
        super(id, core, unit.unit.name() + ":" + queue.kind());
        this.unit = unit;
        this.queue = queue;
        this.decoderKey = unit.unit.arch() + ":" + queue.kind();
        this.pace = new Pace(core.ticker());
        Settings settings = core.snapshot().settings();
        this.rows =
                new DeviceRows(
                        unit.unit,
                        unit.hardware::physicalFunction,
                        settings.overloadRetries(),
                        nanos(),
                        this::nextRowIndex);
        this.groups = new Groups(this, unit, rows);
        this.sink = new LaneSink(this, unit, rows, groups);
        this.malformed = sink.malformedByWord();
        this.generation = unit.hardware.generation();
        sink.origin(origin());
        this.woken = queue.listen(this::wake);
    }

    private Origin origin() {
        return new Origin(
                unit.unit,
                queue.kind(),
                unit.observed ? 0 : generation,
                unit.hardware.timeBase(),
                unit.observed);
    }

    @Override
    LaneChain chainFor(Snapshot present, LaneChain before) {
        return new LaneChain(present, unit.unit.name(), unit.observed, id(), before);
    }

    @Override
    void changed(Snapshot snapshot) {
        RecordDecoder before = decoder;
        bound = snapshot.decoders().get(decoderKey);
        decoder = bound == null || bound.standing().isClosed() ? null : bound.service();
        if (decoder != before) {
            notWrittenSince = 0;
        }
        groups.changed(snapshot);
        if (!snapshot.handlers().equals(handlers)) {
            handlers = snapshot.handlers();
            pace.other();
        }
        if (departures != snapshot.departures()) {
            departures = snapshot.departures();
            groups.departed();
        }
    }

    @Override
    int work() {
        int done = stage == Stage.NONE ? 0 : carryOn();
        if (isEnded()) {
            return done; // by force, while this thread was in a call
        }
        done += lookAtUnit();
        int limit = settings().batchLimit();
        pace.begin(nanos());
        done += groups.takeInbox(limit, pace);
        done += groups.flush();
        if (isInBatch()) {
            endBatch(sink.origin(), 0);
        }
        if (leaveBy != OVER) {
            return done + leave();
        }
        done += batch(limit);
        done += groups.due();
        return done + endings();
    }

    // --- resets (R9)

    /** Whether the unit was reset, or is gone: asked before anything that speaks to it. */
    private int lookAtUnit() {
        if (!gone && unit.hardware.isGone()) {
            gone = true;
            notWrittenSince = 0;
            tellWithdrawn(Notice.Kind.UNIT_GONE, unit.unit.name() + " is gone");
            return 1;
        }
        int present = unit.hardware.generation();
        if (present == generation) {
            return 0;
        }
        generation = present;
        notWrittenSince = 0;
        unread = readsRest ? queue.slots() : 0;
        sink.origin(origin());
        tellWithdrawn(
                Notice.Kind.UNIT_RESET,
                unit.unit.name() + " was reset: this is its generation " + present);
        return 1;
    }

    /**
     * No group needs an answer any more, the hardware that waited for it is not there: handlers are
     * told.
     */
    private void tellWithdrawn(Notice.Kind what, String description) {
        long withdrawn = groups.withdrawAll(description);
        notice(new Notice(what, sink.origin(), null, 0, withdrawn, description));
    }

    // --- a batch

    private int batch(int limit) {
        int available = gone ? RecordQueue.ENDED : queue.available();
        if (unit.hardware.generation() != generation) {
            return 1; // what is available may be of either generation: look again
        }
        waitingRecords = Math.max(available, 0);
        if (available <= 0 || decoder == null || isOfferingAgain()) {
            state = stateOf(available);
            copied = 0;
            return overflow();
        }
        state = "active";
        most = Math.min(available, limit);
        beginBatch();
        copied = 0;
        stage = Stage.READING;
        return carryOn();
    }

    /** Carries on with a batch: from its beginning, or where another thread was given up. */
    private int carryOn() {
        if (stage == Stage.READING) {
            try {
                send();
                read();
            } catch (GivenUp e) {
                throw e; // the batch is another thread's
            } catch (RuntimeException | Error e) {
                giveBack();
                throw e;
            }
            giveBack();
        }
        if (copied > 0) {
            lookAtUnit();
            groups.flush();
            endBatch(sink.origin(), copied);
            counts.increment(BATCHES);
            overflow();
        } else {
            forgetBatch();
        }
        stage = Stage.NONE;
        return copied;
    }

    /** Whatever happens, a record that was offered is never read again. */
    private void giveBack() {
        stage = Stage.ENDING;
        if (copied > 0) {
            queue.consumed(copied);
            unread -= Math.min(unread, copied);
            for (int i = 0; i < endings.size(); i++) { // no iterator: most often there is nothing
                endings.get(i).read(copied);
            }
        }
    }

    private String stateOf(int available) {
        return switch (available) {
            case RecordQueue.ENDED -> ENDED;
            case RecordQueue.INCONSISTENT -> "inconsistent";
            default -> decoder == null ? "no decoder" : "active";
        };
    }

    /** Reads what is left of the batch, each record decoded and offered. */
    private void read() {
        RecordDecoder present = decoder;
        if (present == null || unit.hardware.generation() != generation) {
            return; // the decoder was given up and there is no other, or the unit was reset
        }
        ByteBuffer memory = queue.memory();
        int recordBytes = present.recordBytes();
        int slots = queue.slots();
        int slot = (queue.first() + copied) % slots;
        sink.beginBatch(recordBytes, time());
        while (copied < most) {
            refresh();
            // a snapshot taken on the way may have another decoder, which reads the rest, or leave
            // something to be offered again, which comes before the rest
            if (decoder != present
                    || isOfferingAgain()
                    || !record(present, memory, slot * recordBytes)
                    || !pace.goesOn()) {
                return;
            }
            if (++slot == slots) {
                slot = 0;
            }
        }
    }

    /** Whether nothing new may be offered yet; a unit that leaves offers no new group at all. */
    private boolean isOfferingAgain() {
        return leaveBy == OVER && groups.isOfferingAgain();
    }

    private long time() {
        if (unit.hardware.timeBase() == TimeBase.NONE) {
            return 0;
        }
        long recorded = queue.recordedAt();
        return recorded >= 0 ? recorded : nanos();
    }

    /**
     * Decodes one record and sends its fault on its way. Returns false if it is not written yet.
     */
    private boolean record(RecordDecoder present, ByteBuffer memory, int at) {
        LaneSink mine = sink;
        CallGuard guard = guard();
        Throwable thrown = null;
        mine.begin(++records);
        guard.begin();
        try {
            Calls.decode(present, memory, at, mine);
        } catch (RuntimeException | Error e) {
            thrown = e;
        }
        guard.keep();
        if (thrown != null) {
            mine.defect();
            defect("decoder " + decoderKey, thrown);
            countThrows();
        }
        if (mine.isNotWritten() && mayStillCome()) {
            records--;
            return false;
        }
        isCopied();
        send();
        return true;
    }

    private void isCopied() {
        notWrittenSince = 0;
        copied++;
        sink.end();
    }

    /** Sends the fault of the record that was decoded last on its way, unless that was done. */
    private void send() {
        if (!sink.hasFault()) {
            return;
        }
        DeviceRow row = sink.row();
        seen(row);
        Fault fault = sink.takeFault();
        if (fault instanceof PageRequestGroup group && !unit.observed) {
            groups.complete(group, row, sink.isRefused());
        } else {
            other(fault, sink.kind(), row);
        }
    }

    /** A decoder that keeps throwing is taken out (R4): its records wait (R15). */
    private void countThrows() {
        consecutiveThrows = records == thrownAt + 1 ? consecutiveThrows + 1 : 1;
        thrownAt = records;
        if (consecutiveThrows >= settings().handlerFailures()) {
            quarantine(bound, consecutiveThrows);
            consecutiveThrows = 0;
            decoder = null; // until the next snapshot has another one
        }
    }

    private boolean mayStillCome() {
        if (notWrittenSince == 0) {
            notWrittenSince = nanos();
        }
        return nanos() - notWrittenSince < NOT_WRITTEN_NANOS;
    }

    /** A fault that hardware expects no answer for. */
    private void other(Fault fault, int kind, DeviceRow row) {
        row.tally.increment(Count.COMPLETED);
        if (row.shut != null || isOutOfTime() || isHintTooMany(fault, row)) {
            row.tally.increment(Count.SHED);
            show(fault, kind, row, Outcome.SHED);
            return;
        }
        offeredOther(fault, kind, row, offer(fault, kind, row, null));
    }

    /**
     * Hints go first when there is no room (R11), and nobody can take one over of a unit that
     * leaves.
     */
    private boolean isHintTooMany(Fault fault, DeviceRow row) {
        return fault instanceof AccessHint
                && !unit.observed
                && (leaveBy != OVER || groups.isOver(row, fault));
    }

    private void offeredOther(Fault fault, int kind, DeviceRow row, Offers.End end) {
        switch (end) {
            case HANDLED -> {
                row.tally.increment(Count.HANDLED);
                show(fault, kind, row, Outcome.HANDLED);
            }
            case DEFERRED -> {
                groups.defer(offers().deferral());
                show(fault, kind, row, Outcome.DEFERRED);
            }
            case FAILED -> {
                row.tally.increment(Count.FAILED);
                show(fault, kind, row, Outcome.FAILED);
                unhandledFault(fault, kind);
            }
            case UNHANDLED -> {
                row.tally.increment(Count.UNHANDLED);
                show(fault, kind, row, unit.observed ? Outcome.OBSERVED : Outcome.UNHANDLED);
                unhandledFault(fault, kind);
            }
        }
    }

    // --- another thread carries on (R14)

    @Override
    void adopted() {
        sink = new LaneSink(sink);
    }

    @Override
    void offered(Fault fault, int kind, DeviceRow row, Offers.End end, Waiting before) {
        if (before != null) {
            groups.offeredAgain(before, end);
        } else if (fault instanceof PageRequestGroup group && !unit.observed) {
            groups.offered(group, row, end);
        } else {
            offeredOther(fault, kind, row, end);
        }
    }

    @Override
    void resumed(Calls.What what) {
        if (what == Calls.What.DECODE) {
            sink.defect(); // what it had said before counts, else the record is malformed
            isCopied();
        } else if (what == Calls.What.ENCODE) {
            groups.encoderBlocked();
        }
    }

    @Override
    GivenUpCall.Called inside(LaneThread thread, Calls.What what) {
        return switch (what) {
            case DECODE -> new GivenUpCall.Called(bound.source(), bound.standing());
            case ENCODE -> groups.encoder();
            default -> super.inside(thread, what);
        };
    }

    private void unhandledFault(Fault fault, int kind) {
        if (kind == Kinds.UNRECOVERABLE && !unit.observed) {
            unhandled(fault);
        }
    }

    /**
     * Acknowledges an overflow once everything has been consumed that was there when it was seen
     * (R9). Not everything that is there: a storm never pauses.
     */
    private int overflow() {
        if (overflowLeft == NOT_OVER) {
            if (decoder == null || !queue.overflowed()) {
                return 0;
            }
            int available = queue.available();
            if (available == RecordQueue.INCONSISTENT) {
                return 0;
            }
            overflowLeft = available;
        } else {
            overflowLeft -= copied;
        }
        if (overflowLeft > 0) {
            return 0;
        }
        overflowLeft = NOT_OVER;
        groups.discardPartial();
        counts.increment(OVERFLOWS);
        rows.unattributed.tally.increment(Count.LOST);
        notice(
                new Notice(
                        Notice.Kind.OVERFLOW,
                        sink.origin(),
                        null,
                        0,
                        -1,
                        name() + " overflowed: hardware lost records, nobody knows how many"));
        queue.acknowledge();
        return 1;
    }

    @Override
    boolean mayDefer(Fault fault) {
        return !unit.observed
                && leaveBy == OVER
                && (fault instanceof PageRequestGroup || fault instanceof AccessHint);
    }

    @Override
    long deadlineFor(Fault fault) {
        return groups.deadlineFor(fault);
    }

    @Override
    boolean hasWork() {
        return leaveBy == OVER && queue.available() > 0 && decoder != null;
    }

    @Override
    long nextDue() {
        if (notWrittenSince != 0) {
            return nanos();
        }
        long due = Math.min(groups.nextDue(), leaveBy);
        return endings.isEmpty() ? due : Math.min(due, nanos() + ENDING_POLL_NANOS);
    }

    @Override
    boolean isWoken() {
        return (woken || state.equals(ENDED)) && !groups.isHoldingAnswers() && leaveBy == OVER;
    }

    @Override
    boolean holdBack(boolean back) {
        return queue.holdBack(back && !gone && decoder != null && leaveBy == OVER);
    }

    @Override
    Collection<DeviceRows> rows() {
        return List.of(rows);
    }

    // --- what owners of devices ask for; on the lane

    /** The lane's share of {@link io.faultline.platform.DeviceControl#flush} and {@code remove}. */
    void end(Ending.Request request, CompletableFuture<DeviceControl.Result> done) {
        Ending ending = new Ending(this, groups, request, done);
        if (isEnded()) {
            ending.abandon();
            return;
        }
        ending.begin(gone ? RecordQueue.ENDED : queue.available());
        endings.add(ending);
    }

    private int endings() {
        if (endings.isEmpty()) {
            return 0;
        }
        int before = endings.size();
        endings.removeIf(Ending::step);
        return before - endings.size();
    }

    void deviceRemoved(int requester, long withdrawn) {
        DeviceRow row = rows.ownRow(requester, settings(), nanos());
        row.shut = row.allocation.failed ? Response.FAILURE : null;
        if (row.allocation.function == requester) {
            reopen(row.allocation);
        }
        notice(
                new Notice(
                        Notice.Kind.DEVICE_REMOVED,
                        sink.origin(),
                        null,
                        requester,
                        withdrawn,
                        "0x" + Integer.toHexString(requester) + " was removed"));
    }

    /**
     * Handlers are not asked about a device any more, or again if {@code response} is null.
     *
     * @return how many groups ended by that
     */
    long shut(int requester, Response response) {
        DeviceRow row = rows.ownRow(requester, settings(), nanos());
        if (response == Response.FAILURE) {
            return fail(row.allocation);
        }
        if (response == null) {
            reopen(row.allocation);
        }
        row.shut = response;
        return 0;
    }

    /** Response Failure concerns a function and its virtual functions. */
    private long fail(Allocation allocation) {
        allocation.failed = true;
        long ended = 0;
        for (DeviceRow row : rows.all()) {
            if (row.allocation == allocation) {
                row.shut = Response.FAILURE;
                ended +=
                        groups.end(
                                (int) row.requester,
                                DeviceControl.ALL_PASIDS,
                                Count.SHED,
                                Response.FAILURE,
                                "its page requests are shut down");
            }
        }
        return ended;
    }

    private void reopen(Allocation allocation) {
        allocation.failed = false;
        for (DeviceRow row : rows.all()) {
            if (row.allocation == allocation && row.shut == Response.FAILURE) {
                row.shut = null;
            }
        }
    }

    // --- leaving

    /**
     * The unit leaves: what is in its queue is read until there is no more, handlers get the time
     * they have, the rest is answered (R7). Called on the lane.
     *
     * @param last whether nobody will read the queue later: its page requests are answered without
     *     asking handlers, who could not take them over any more; other faults are offered while
     *     there is time. Else what is unread stays where it is.
     */
    void beginLeaving(Response rest, boolean last, long graceNanos) {
        if (leaveBy == OVER && !isEnded()) {
            leaveWith = rest;
            leaveBy = nanos() + graceNanos;
            readsRest = last && !unit.observed;
            unread = readsRest ? queue.slots() : 0;
            queue.listen(null);
            letThrough();
        }
    }

    /** What page requests are answered that are read now; null as long as the unit stays. */
    Response leavesWith() {
        return leaveWith;
    }

    private boolean isOutOfTime() {
        return leaveBy != OVER && nanos() - leaveBy >= 0;
    }

    private int leave() {
        groups.due();
        int read = readsRest && unread > 0 ? readRest() : 0;
        if (read > 0) {
            return read;
        }
        if (!groups.isQuiet() && !isOutOfTime()) {
            return 0;
        }
        if (!gone) {
            drain(); // again if a call in it was given up
        }
        if (!gone && !saidGone) {
            saidGone = true;
            sayUnread();
            notice(
                    new Notice(
                            Notice.Kind.UNIT_GONE,
                            sink.origin(),
                            null,
                            0,
                            -1,
                            unit.unit.name() + " has left"));
        }
        tellNotices();
        wakeTaps();
        state = ENDED;
        end();
        // whoever asks from now on sees that the lane has ended; who asked before is answered here
        endings.forEach(Ending::abandon);
        endings.clear();
        groups.takeInbox();
        return 1;
    }

    /** The next lane of this queue, if there will be one, is told of what comes. */
    private void letThrough() {
        try {
            queue.holdBack(false);
        } catch (RuntimeException | Error e) {
            defect("lane " + name(), e);
        }
    }

    /** Returns 0 if there is nothing more, or it cannot be read. */
    private int readRest() {
        if (isOutOfTime() && nanos() - leaveBy >= READ_ON_NANOS) {
            return 0;
        }
        copied = 0;
        try {
            int done = batch(Math.min(settings().batchLimit(), unread));
            return done == 0 && notWrittenSince != 0 && !isOutOfTime() ? 1 : done;
        } catch (GivenUp e) {
            throw e;
        } catch (RuntimeException | Error e) {
            readsRest = false; // what waits for its answer is not to wait for a broken queue
            defect("lane " + name(), e);
            return stage == Stage.NONE ? 0 : 1; // who was offered something is told the batch's end
        }
    }

    /** With the unit its counters go: what found no way to the hardware is said instead. */
    private void drain() {
        long before = undeliverable();
        groups.drain(leaveWith);
        long lost = undeliverable() - before;
        if (lost > 0) {
            core().messages()
                    .warn(
                            name()
                                    + ": its unit leaves with "
                                    + lost
                                    + " groups undeliverable: there is no encoder of "
                                    + unit.unit.arch()
                                    + ", or its port takes no more");
        }
    }

    private void sayUnread() {
        int left = readsRest ? queue.available() : 0;
        if (left > 0) {
            String why =
                    decoder == null
                            ? "there is no decoder of " + decoderKey
                            : "they are not written yet, or there are too many for its time";
            core().messages()
                    .warn(
                            "%s: its unit leaves with %d records unread, whose page requests nobody answers: %s"
                                    .formatted(name(), left, why));
        }
    }

    private long undeliverable() {
        return Count.sum(rows.all().stream().map(row -> row.tally).toList()).undeliverable();
    }

    // --- views, from any thread

    UnitState unit() {
        return unit;
    }

    int generation() {
        return generation;
    }

    /** Answers of handlers that came too late or for a second time. */
    long refused() {
        return inbox().refused();
    }

    /** Devices about which handlers are not asked, with what their page requests are answered. */
    Map<Long, Response> shut() {
        Map<Long, Response> shut = new TreeMap<>();
        for (DeviceRow row : rows.all()) {
            Response response = row.shut;
            if (response != null) {
                shut.put(row.requester, response);
            }
        }
        return shut;
    }

    io.faultline.platform.UnitView.QueueView view() {
        return new io.faultline.platform.UnitView.QueueView(
                queue.kind(),
                id(),
                state,
                waitingRecords,
                counts.get(BATCHES),
                counts.get(OVERFLOWS));
    }

    /** Malformed records by reason word. */
    CountsByWord malformed() {
        return malformed;
    }

    /** Adds the answers that hardware took, by response. */
    void addResponsesTo(Map<String, Long> sums) {
        groups.addResponsesTo(sums);
    }
}
