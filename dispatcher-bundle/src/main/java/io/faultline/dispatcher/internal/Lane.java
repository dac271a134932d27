package io.faultline.dispatcher.internal;

import io.faultline.fault.Fault;
import io.faultline.fault.Origin;
import io.faultline.handler.Batch;
import io.faultline.handler.Notice;
import io.faultline.queue.Outcome;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.concurrent.locks.LockSupport;

/**
 * The one thread that drains one source: a hardware queue ({@link QueueLane}) or a log ({@link
 * LogLane}). All calls into handlers are made here. What is common to both: the chain in force, the
 * offers, taps, the end of a batch, notices, and how the thread waits.
 *
 * <p>A lane does its work in steps. A thread repeats them; a test does them by hand.
 */
abstract class Lane {
    /** How long an idle lane that nobody wakes sleeps between two looks. */
    private static final long POLL_NANOS = 200_000;

    /** The same for a lane that is woken: bounds what a missed wake-up costs. */
    private static final long NAP_NANOS = 50_000_000;

    private static final long SECOND = 1_000_000_000L;

    private final int id;
    private final Core core;
    private final String name;
    private final Inbox inbox = new Inbox(this::wake);
    private final LastFaults lastFaults = new LastFaults();
    private final RateLimit unhandledLimit = new RateLimit();
    private final RateLimit defectLimit = new RateLimit();
    private final LaneBatch batch = new LaneBatch();

    /** What handlers are to be told, once nothing of the lane's work stands on the stack. */
    private final ArrayDeque<Told> toTell = new ArrayDeque<>();

    /** Who is being told something; for who takes over. */
    private HandlerEntry told;

    /** The present thread's; it alone uses them. */
    private Offers offers;

    private CallGuard guard;
    private boolean toResume;

    private LaneChain chain;
    private TapLink[] taps = {};
    private long nanos;
    private long batchNumber;

    /** Whether what is offered now belongs to a batch whose end is still to come. */
    private boolean inBatch;

    private int rowIndices;

    /**
     * The index of the last fault's device, -1 before the first one, and when a fault of another
     * one came last (R17).
     */
    private int lastDevice = -1;

    private long otherDeviceNanos;
    private boolean otherDeviceEver;

    /** Who works at this lane. Written before its first thread starts, then by the watchdog. */
    private volatile LaneThread present;

    /** The lane that a removal on this lane's thread waits for. Written by that thread. */
    private volatile Lane awaited;

    private volatile boolean asleep;
    private volatile boolean ended;
    private final Spin spin;

    /** The source's interrupt may be held back: by this lane, or by one before that ended so. */
    private boolean held = true;

    Lane(int id, Core core, String name) {
        this.id = id;
        this.core = core;
        this.name = name;
        this.nanos = core.ticker().nanos();
        this.spin = new Spin(nanos);
        this.present = new LaneThread(this, null);
        adoptThread(present);
    }

    /**
     * Does what there is to do now: one batch at most.
     *
     * @return 0 if there was nothing to do
     */
    private int step(LaneThread me) {
        me.epoch.enter();
        try {
            nanos = core.ticker().nanos();
            refresh();
            if (toResume) {
                toResume = false;
                resume(me.takeCall());
            }
            if (ended) {
                return 0; // by force, while this thread was in a call
            }
            int done = work();
            tellNotices();
            return done;
        } catch (GivenUp e) {
            throw e;
        } catch (RuntimeException | Error e) {
            defect("lane " + name, e);
            return 0;
        } finally {
            me.epoch.leave();
        }
    }

    // --- a thread that was given up (R14)

    /**
     * Another thread takes over. By the watchdog, which has given the present one up; all that one
     * did at the lane happens before.
     */
    final void takeOver(GivenUpCall call) {
        LaneThread next = new LaneThread(this, call);
        present = next;
        next.start();
    }

    private void adoptThread(LaneThread me) {
        offers = me.offers;
        guard = me.guard;
        toResume = me.hasTakenOver();
        if (toResume) {
            adopted();
        }
    }

    /** A new thread has begun: what a plug-in may still hold of the former one's is replaced. */
    void adopted() {}

    /** Carries on where the thread was that has been given up. */
    private void resume(GivenUpCall call) {
        if (call.what() == Calls.What.HANDLE) {
            Waiting rest =
                    call.by().offers.rest(GivenUpCall.reason(settings().handlerLimitMillis()));
            Fault fault = rest.fault;
            int kind = Kinds.of(fault.kind());
            Offers.End end = offer(fault, kind, rest.row, rest);
            offered(fault, kind, rest.row, end, rest.first ? null : rest);
        } else {
            resumed(call.what());
        }
    }

    /** What a way down the chain came to, when another thread has to carry on. */
    abstract void offered(Fault fault, int kind, DeviceRow row, Offers.End end, Waiting before);

    /** A call other than into a handler's {@code handle} was given up. */
    abstract void resumed(Calls.What what);

    /** Whose call a thread is inside of. By the watchdog, when that thread has been given up. */
    GivenUpCall.Called inside(LaneThread thread, Calls.What what) {
        HandlerEntry entry = what == Calls.What.HANDLE ? thread.offers.offeredTo() : told;
        return new GivenUpCall.Called(entry.source, entry.life.standing);
    }

    /** The lane's own work, inside its epoch. Returns 0 if there was none. */
    abstract int work();

    /** Does what need not be inside the epoch: nothing of it may call a plug-in of the chain. */
    int prepare() {
        return 0;
    }

    /** Whether there is something to do at once, asked before sleeping. */
    abstract boolean hasWork();

    /** When something is due next, in ticker time; {@code Long.MAX_VALUE} if nothing is. */
    abstract long nextDue();

    /** Whether somebody wakes this lane when its source has something. */
    abstract boolean isWoken();

    /**
     * Holds the source's interrupt back, or lets it through: then what came before is found by the
     * next look.
     *
     * @return whether it is held back
     */
    boolean holdBack(boolean back) {
        return false;
    }

    /** The settings or plug-ins have changed. */
    abstract void changed(Snapshot snapshot);

    /** The units that this lane counts for. */
    abstract Collection<DeviceRows> rows();

    // --- the chain in force

    /**
     * Loads the snapshot; if it is a new one, the lane stands between two calls and uses it from
     * now on.
     */
    final void refresh() {
        Snapshot present = core.snapshot();
        if (chain == null || present != chain.snapshot) {
            adopt(present);
        }
    }

    private void adopt(Snapshot present) {
        chain = chainFor(present, chain);
        offers.forget(); // else the last fault's handlers would stay in memory
        told = null;
        adoptTaps(present);
        changed(present);
        this.present.epoch.sees(present.version());
    }

    abstract LaneChain chainFor(Snapshot present, LaneChain before);

    private void adoptTaps(Snapshot present) {
        TapLink[] links = new TapLink[present.taps().size()];
        for (int i = 0; i < links.length; i++) {
            TapEntry entry = present.taps().get(i);
            TapLink link = link(entry);
            links[i] = link != null ? link : new TapLink(entry, entry.addRing());
        }
        for (TapLink link : taps) {
            if (!present.taps().contains(link.entry)) {
                link.entry.removeRing(link.ring);
            }
        }
        taps = links;
    }

    private TapLink link(TapEntry entry) {
        for (TapLink link : taps) {
            if (link.entry == entry) {
                return link;
            }
        }
        return null;
    }

    final LaneChain chain() {
        return chain;
    }

    final Settings settings() {
        return chain.snapshot.settings();
    }

    // --- a fault's way

    /** Offers a fault down the chain in force. */
    final Offers.End offer(Fault fault, int kind, DeviceRow row, Waiting before) {
        if (!toTell.isEmpty()) {
            tellNotices(); // what happened before a fault is told before it
        }
        Post[] posts = chainOf(fault).of(kind, fault);
        if (before != null && before.heir != null) {
            posts = first(before.heir, posts);
        }
        return offers.offer(fault, row, posts, before);
    }

    /** The same posts, a successor's first: it gets what it inherits at whatever ranking (R6). */
    private static Post[] first(HandlerEntry heir, Post[] posts) {
        Post[] sorted = posts.clone();
        for (int i = 0; i < sorted.length; i++) {
            Post post = sorted[i];
            if (post.entry.life == heir.life) {
                System.arraycopy(sorted, 0, sorted, 1, i);
                sorted[0] = post;
            }
        }
        return sorted;
    }

    /** The chain for a fault; a log's faults come from several units. */
    LaneChain chainOf(Fault fault) {
        return chain;
    }

    final Offers offers() {
        return offers;
    }

    /** Whether a fault can be taken over (R1, R18). */
    abstract boolean mayDefer(Fault fault);

    /** When a fault that is taken over now is answered by the platform. */
    abstract long deadlineFor(Fault fault);

    /** Shows what became of a fault to taps and to the ring of last faults. */
    final void show(Fault fault, int kind, DeviceRow row, Outcome outcome) {
        lastFaults.add(fault, outcome);
        row.seen(fault.time(), fault.deviceName());
        if (taps.length != 0) {
            showTaps(fault, kind, row, outcome);
        }
    }

    private void showTaps(Fault fault, int kind, DeviceRow row, Outcome outcome) {
        for (TapLink link : taps) {
            if ((link.entry.kindSet & (1 << kind)) != 0) {
                int share = othersSeen(row) ? share(link.entry.grant.granted()) : Integer.MAX_VALUE;
                link.ring.offer(fault, outcome, row.index, share);
                link.used = true;
            }
        }
    }

    /**
     * What one device may hold of a bounded place while others need it: at least one slot (R17).
     */
    final int share(int places) {
        return Math.max(1, (int) (settings().deviceShare() * places));
    }

    /** Notes that a device has something; before {@link #othersSeen} is asked about it. */
    final void seen(DeviceRow row) {
        int index = row.index;
        if (index != lastDevice) {
            otherDeviceEver = lastDevice >= 0;
            otherDeviceNanos = nanos;
            lastDevice = index;
        }
    }

    /** Whether a device other than this one was seen in the last second (R17). */
    final boolean othersSeen(DeviceRow row) {
        return otherDeviceEver && (row.index != lastDevice || nanos - otherDeviceNanos < SECOND);
    }

    /** Counts and logs, ten in five seconds, what nobody handled: never silently dropped (R3). */
    final void unhandled(Fault fault) {
        long heldBack = unhandledLimit.pass(nanos);
        if (heldBack >= 0) {
            core.messages()
                    .warn(
                            "unhandled: "
                                    + fault
                                    + (heldBack > 0 ? " (" + heldBack + " more before)" : ""));
        }
    }

    /** Says, ten times in five seconds at most, that a plug-in or a source is broken. */
    final void defect(String where, Throwable e) {
        if (defectLimit.pass(nanos) >= 0) {
            core.messages().warn(where + ": " + Offers.describe(e) + " at " + firstFrame(e));
        }
    }

    private static String firstFrame(Throwable e) {
        StackTraceElement[] frames = e.getStackTrace();
        return frames.length == 0 ? "an unknown place" : frames[0].toString();
    }

    // --- batches and notices

    final void beginBatch() {
        batchNumber++;
        inBatch = true;
    }

    /** Something is offered again: outside of a batch it is one of its own, without records. */
    final void joinBatch() {
        if (!inBatch) {
            beginBatch();
        }
    }

    final boolean isInBatch() {
        return inBatch;
    }

    /** The batch had no record: nobody was offered any. */
    final void forgetBatch() {
        inBatch = false;
    }

    /**
     * Tells the end of a batch to each handler that was offered a fault of it and is still there
     * (R12).
     */
    final void endBatch(Origin origin, int records) {
        refresh();
        inBatch = false;
        batch.origin = origin;
        batch.records = records;
        for (Post post : postsOf(origin)) {
            if (post.batch == batchNumber && !post.entry.life.standing.isClosed()) {
                post.batch = 0; // also if another thread has to carry on
                tellEnd(post);
            }
        }
        wakeTaps();
    }

    private void tellEnd(Post post) {
        CallGuard mine = guard;
        Throwable thrown = null;
        told = post.entry;
        mine.begin();
        try {
            Calls.endOfBatch(post.handler, batch);
        } catch (RuntimeException | Error e) {
            thrown = e;
        }
        mine.keep();
        if (thrown == null) {
            post.throwsAtEnd = 0;
        } else {
            defect("endOfBatch of " + post.entry.source, thrown);
            countThrows(post, ++post.throwsAtEnd);
        }
    }

    /** A handler that keeps throwing is taken out (R4). */
    final void countThrows(Post post, int inARow) {
        if (inARow >= settings().handlerFailures()) {
            post.forgetThrows();
            quarantine(post.entry.source, post.entry.life.standing, inARow);
        }
    }

    final void quarantine(Snapshot.Bound<?> bound, int inARow) {
        quarantine(bound.source(), bound.standing(), inARow);
    }

    private void quarantine(Source source, Standing standing, int inARow) {
        String failed = inARow == 1 ? "failed once" : "failed " + inARow + " times in a row";
        if (standing.quarantine(failed, nanos)) {
            core.quarantined(source, standing);
        }
    }

    /** The posts that may have been offered a fault of this origin. */
    Post[] postsOf(Origin origin) {
        return chain.all;
    }

    final void wakeTaps() {
        for (TapLink link : taps) {
            if (link.used) {
                link.used = false;
                link.entry.wake();
            }
        }
    }

    /** Tells all handlers of a unit what happened, before the next fault is offered. */
    final void notice(Notice notice) {
        for (Post post : postsOf(notice.origin())) {
            tell(post.entry, notice);
        }
    }

    /** Tells one handler what happened, before the next fault is offered. */
    final void tell(HandlerEntry entry, Notice notice) {
        toTell.add(new Told(entry, notice));
    }

    /** Something that a handler is to be told. */
    private record Told(HandlerEntry entry, Notice notice) {}

    /** Tells what is to be told. Each is off the list before its call begins. */
    final void tellNotices() {
        for (Told next = toTell.poll(); next != null; next = toTell.poll()) {
            // not isClosed: who leaves is no longer in the snapshot that its remover waits for
            if (!next.entry.life.standing.isOut()) {
                tell(next);
            }
        }
    }

    private void tell(Told next) {
        CallGuard mine = guard;
        Throwable thrown = null;
        told = next.entry;
        mine.begin();
        try {
            Calls.notice(next.entry.handler, next.notice);
        } catch (RuntimeException | Error e) {
            thrown = e;
        }
        mine.keep();
        if (thrown != null) {
            defect("notice of " + next.entry.source, thrown);
        }
    }

    // --- the thread

    /** One step on the calling thread, for a lane without a thread of its own. */
    final int stepByHand() {
        if (ended) {
            return 0;
        }
        LaneThread me = present;
        me.runsHere();
        int prepared = prepare();
        return step(me) + prepared;
    }

    /** Works until the lane has ended. */
    final void run(LaneThread me) {
        adoptThread(me);
        while (!ended) {
            int prepared = toResume ? 0 : prepare();
            if (step(me) + prepared == 0) {
                idleGuarded();
            } else {
                spin.worked();
            }
        }
    }

    /** A source that is broken costs a look now and then, not the lane. */
    private void idleGuarded() {
        try {
            idle();
        } catch (RuntimeException | Error e) {
            asleep = false;
            held = true; // or not: who let go of it in vain tries again
            defect("lane " + name, e);
            LockSupport.parkNanos(this, POLL_NANOS);
        }
    }

    private void idle() {
        if (spin.lingers(nanos, settings().lingerNanos())) {
            held = holdBack(true);
            if (held) {
                giveWay();
                return;
            }
        } else if (held) {
            held = holdBack(false);
            return; // for a look
        }
        if (spin.goesOn(nanos)) {
            Thread.onSpinWait();
            return;
        }
        asleep = true;
        if (!ended && inbox.isEmpty() && !hasWork()) {
            long due = nextDue();
            long nap = isWoken() ? NAP_NANOS : POLL_NANOS;
            long until = due == Long.MAX_VALUE ? nap : due - core.ticker().nanos();
            if (until > 0) {
                LockSupport.parkNanos(this, Math.min(nap, until));
            }
        }
        asleep = false;
    }

    /**
     * Who lingers takes a processor from who may cause what is looked for: an emulator, a driver.
     * If one of them waits for a processor he goes first.
     */
    @SuppressWarnings("ThreadPriorityCheck") // nothing depends on it but time
    private void giveWay() {
        long before = core.ticker().nanos();
        Thread.yield();
        spin.gaveWay(before, core.ticker().nanos());
    }

    /** There is something to do. From any thread. */
    final void wake() {
        if (asleep) {
            present.unpark();
        }
    }

    /** Nothing is to be done any more: the thread ends. By the lane. */
    final void end() {
        ended = true;
    }

    final boolean isEnded() {
        return ended;
    }

    final boolean isCurrentThread() {
        return present.isCurrent();
    }

    /** Who works at this lane. From any thread. */
    final LaneThread present() {
        return present;
    }

    /** The lane that a removal on this lane's thread waits for; else null. */
    final Lane awaited() {
        return awaited;
    }

    /** By a removal on this lane's thread. */
    final void awaits(Lane other) {
        awaited = other;
    }

    // --- for its parts and for views

    final int id() {
        return id;
    }

    final String name() {
        return name;
    }

    final Core core() {
        return core;
    }

    final Inbox inbox() {
        return inbox;
    }

    final CallGuard guard() {
        return guard;
    }

    final long nanos() {
        return nanos;
    }

    final long batchNumber() {
        return batchNumber;
    }

    final LastFaults lastFaults() {
        return lastFaults;
    }

    final int nextRowIndex() {
        return rowIndices++;
    }

    /** A tap with this lane's ring of it. */
    private static final class TapLink {
        final TapEntry entry;
        final TapRing ring;

        /** Whether something was put in since the tap was last woken. */
        boolean used;

        TapLink(TapEntry entry, TapRing ring) {
            this.entry = entry;
            this.ring = ring;
        }
    }

    /** What {@link io.faultline.handler.FaultHandler#endOfBatch} is told; one for each lane. */
    private final class LaneBatch implements Batch {
        private Origin origin;
        private int records;

        @Override
        public Origin origin() {
            return origin;
        }

        @Override
        public int records() {
            return records;
        }

        @Override
        public long number() {
            return batchNumber;
        }

        @Override
        public int lane() {
            return id;
        }
    }
}
