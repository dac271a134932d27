package io.faultline.guest.internal;

import io.faultline.fault.Fault;
import io.faultline.fault.PageRequestGroup;
import io.faultline.fault.Response;
import io.faultline.fault.UnrecoverableFault;
import io.faultline.guest.internal.ErrorCode.Refused;
import io.faultline.handler.Batch;
import io.faultline.handler.Deferral;
import io.faultline.handler.FaultContext;
import io.faultline.handler.FaultHandler;
import io.faultline.handler.Handles;
import io.faultline.handler.Notice;
import io.faultline.handler.Verdict;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * One device and PASIDs that a guest owns: their handler (R19).
 *
 * <p><b>Batches.</b> What lanes put in is taken once it is published: at the end of a batch, when
 * the session's queue is half full, or when the longest delay has passed since the first of it
 * came. So a batch is one write, also if the writer is awake in the middle of it (R12).
 *
 * <p><b>Threads.</b> Handler calls come from lanes; {@link #take} from the connection's writer; the
 * rest from any thread.
 */
final class Claim implements FaultHandler {
    static final String GONE = "its guest is gone";

    /** A stall that finds no room waits 1, 2, 4, ... 256 ms, until its guest answers again. */
    private static final long FIRST_HOLD_NANOS = 1_000_000;

    private static final int MOST_HOLDS = 8;

    private static final Verdict FULL = full(Response.INVALID);
    private static final Verdict FULL_TRY_AGAIN = full(Response.SUCCESS);

    final Session session;
    final int id;
    final ClaimRequest request;
    final Budget budget;
    final Pauses pauses = new Pauses();

    /** How many records wait at most, in groups and events together. */
    private final int places;

    private final BatchLog<Held> queue = new BatchLog<>();
    private final EventLog events = new EventLog();

    /** What its guest is told of: no more than what was delivered to it. */
    private final BatchLog<Withdrawal> withdrawals = new BatchLog<>();

    /** What has not ended yet, by group: a notice names the group. */
    private final Map<PageRequestGroup, Held> groups = new ConcurrentHashMap<>();

    /** Records that wait, and those that lanes are about to put in: the places they have. */
    private final AtomicInteger waiting = new AtomicInteger();

    /** Of groups that have not ended otherwise: what ended keeps its place until it is taken. */
    private final AtomicInteger undelivered = new AtomicInteger();

    /** Stalls that found no room, until they try again; no more than the queue has places. */
    private final LinkedBlockingDeque<HeldBack> heldBack = new LinkedBlockingDeque<>();

    /** Stalls held back since the guest's last answer. */
    private final AtomicInteger holds = new AtomicInteger();

    /** Events that did not fit. */
    private final Losses losses = new Losses();

    /**
     * When the first of what is not published came; 0 if there is nothing. A lane looks at it
     * behind what it put in; who publishes clears it before the logs are looked at. So what a lane
     * put in that still saw the time of another is published with that. Both go through the logs'
     * locks in between: with volatile accesses that is one order for all threads.
     */
    private volatile long unpublishedSince;

    private volatile Format format;
    private volatile long lastSeen;
    private volatile boolean released;

    /** What comes waits for the next version of this bundle. */
    private volatile boolean moving;

    /** Whether its guest has been told of it: nothing comes before. */
    private volatile boolean granted;

    /** Null while it is not in the chain. */
    private Registry.Registration registration;

    /** Whether it is out of the chain for good. */
    private boolean unregistered;

    private record Format(String arch, EventFormat format) {}

    private record HeldBack(Held held, long due) {}

    private record Withdrawal(int cookie, int reason) {}

    Claim(Session session, int id, ClaimRequest request, int places, Budget budget) {
        this.session = session;
        this.id = id;
        this.request = request;
        this.places = places;
        this.budget = budget;
    }

    private static Verdict full(Response suggested) {
        return Verdict.failed("the guest's queue is full", suggested);
    }

    /** Its service properties. */
    Map<String, Object> properties() {
        Map<String, Object> properties = new HashMap<>();
        properties.put(Handles.NAME, "guest-" + session.name() + "-" + id);
        properties.put(Handles.KINDS, new String[] {"page_request", "unrecoverable"});
        properties.put(Handles.UNITS, new String[] {request.unit()});
        properties.put(
                Handles.REQUESTERS, new String[] {"0x" + Integer.toHexString(request.requester())});
        if (request.pasidProperty().length > 0) {
            properties.put(Handles.PASIDS, request.pasidProperty());
        }
        properties.put(Handles.OWNER, true);
        properties.put("service.ranking", 2000);
        return properties;
    }

    void grant() {
        granted = true;
    }

    boolean isGranted() {
        return granted;
    }

    /** Goes into the chain, if it is not in it and has not left it for good. */
    synchronized void register(Registry registry) {
        if (registration == null && !unregistered) {
            registration = registry.register(this, properties());
        }
    }

    /**
     * Leaves the chain for good. Returns when no lane is inside any more (R6), also if another
     * thread is taking it out already: the house and the end of the bundle may both come to it.
     */
    void unregister() {
        takeOut(Registry.Registration::leave);
        empty(GONE); // of what lanes put in that were inside when it was released
    }

    private synchronized void takeOut(Consumer<Registry.Registration> how) {
        unregistered = true;
        Registry.Registration present = registration;
        registration = null;
        if (present != null) {
            how.accept(present);
        }
    }

    @Override
    public Verdict handle(Fault fault, FaultContext context) {
        long now = context.nanos(); // once a batch it is another
        if (lastSeen != now) {
            lastSeen = now;
        }
        if (fault instanceof PageRequestGroup group) {
            return handleGroup(group, context);
        }
        return fault instanceof UnrecoverableFault event ? handleEvent(event) : Verdict.PASSED;
    }

    private Verdict handleGroup(PageRequestGroup group, FaultContext context) {
        if (group.stage() == 2 || group.hasIpa()) {
            return Verdict.PASSED; // the host's own tables
        }
        if (moving) {
            groups.put(group, new Held(this, group, context.defer(), 0));
            return Verdict.DEFERRED; // its successor is offered it
        }
        if (!serves()) {
            return Verdict.failed(GONE);
        }
        int records = group.size();
        session.enqueued.add(records);
        int taken =
                records > session.largestGroup()
                        ? 0
                        : session.reserve(this, records, context.nanos());
        if (taken == 0) {
            session.dropped.add(records);
            return group.stalled() && holdBack(group, context)
                    ? Verdict.DEFERRED
                    : overload(group, context.nanos());
        }
        Deferral deferral = context.defer();
        Held held = new Held(this, group, deferral, records);
        groups.put(group, held);
        undelivered.addAndGet(records);
        queue.add(held);
        noteUnpublished();
        session.filled(this, taken, records);
        if (!serves()) {
            end(held, Verdict.failed(GONE)); // it went while the group was put in
        }
        return Verdict.DEFERRED;
    }

    /**
     * A stall that finds no room is told to try again, but never at once: it would come back at
     * once (R8). Until then it waits here, without a place in the queue.
     */
    private boolean holdBack(PageRequestGroup group, FaultContext context) {
        if (heldBack.size() >= places) {
            return false;
        }
        long delay = FIRST_HOLD_NANOS << Math.min(holds.getAndIncrement(), MOST_HOLDS);
        Held held = new Held(this, group, context.defer(), 0);
        groups.put(group, held);
        heldBack.add(new HeldBack(held, System.nanoTime() + delay));
        if (!serves()) {
            end(held, Verdict.failed(GONE));
        }
        return true;
    }

    /** Stalls whose time has come try again. By the house, every few milliseconds. */
    void retryStalls(long now) {
        for (HeldBack one : heldBack) {
            if (one.held().hasEnded()) {
                heldBack.remove(one);
            } else if (now - one.due() >= 0) {
                heldBack.remove(one);
                Response response = session.retries() ? Response.SUCCESS : Response.INVALID;
                end(one.held(), Verdict.handled(response));
            }
        }
    }

    private Verdict overload(PageRequestGroup group, long now) {
        return session.retries() && !group.stalled() && budget.take(session.mostRetries(), now)
                ? FULL_TRY_AGAIN
                : FULL;
    }

    private Verdict handleEvent(UnrecoverableFault event) {
        EventFormat shown = format(event);
        if (shown == null || released || !shown.shows(event)) {
            return Verdict.PASSED;
        }
        // also while its guest is away: what fits waits for it, the rest is told as lost
        session.enqueued.add(1);
        int taken = session.reserve(this, 1, lastSeen);
        if (taken == 0) {
            session.dropped.add(1);
            losses.add(1);
            noteUnpublished();
            return Verdict.PASSED;
        }
        events.add(event, shown, request.virtualId(), losses.takeAll());
        noteUnpublished();
        session.filled(this, taken, 1);
        return Verdict.HANDLED;
    }

    /** Most often that of the event before: all are of one unit. */
    private EventFormat format(Fault event) {
        String arch = event.unit().arch();
        Format known = format;
        if (known == null || !known.arch().equals(arch)) {
            known = new Format(arch, EventFormat.of(arch, request.format()));
            format = known;
        }
        return known.format();
    }

    /** Something was put in, behind it: one look at the clock a batch. */
    private void noteUnpublished() {
        if (unpublishedSince == 0) {
            unpublishedSince = System.nanoTime() | 1;
        }
    }

    /** When the first of what is not published came, by {@link System#nanoTime}; 0: nothing. */
    long unpublishedSince() {
        return unpublishedSince;
    }

    /** What was put in may be taken. */
    void publish() {
        unpublishedSince = 0;
        withdrawals.publish();
        queue.publish();
        events.publish();
        losses.publish();
    }

    @Override
    public void endOfBatch(Batch batch) {
        publish();
        session.wake();
    }

    @Override
    public void notice(Notice notice) {
        switch (notice.kind()) {
            case GROUP_WITHDRAWN -> withdraw(notice.group(), Session.WITHDRAWN);
            case GROUP_EXPIRED -> withdraw(notice.group(), Session.EXPIRED);
            default -> {}
        }
    }

    private void withdraw(PageRequestGroup group, int reason) {
        Held held = groups.remove(group);
        if (held != null) {
            if (end(held, Verdict.PASSED) == Held.DELIVERED && session.isConnected()) {
                // with its batch, or after the longest delay: a reset withdraws many at once
                withdrawals.add(new Withdrawal(held.cookie, reason));
                noteUnpublished();
            }
        }
    }

    /**
     * What an earlier dispatcher had and did not end, since a lane of it was stuck, is over: its
     * hardware is not answered by anybody any more.
     */
    void endFormer(int dispatcher) {
        for (Held held : groups.values()) {
            if (held.dispatcher != dispatcher) {
                withdraw(held.group, Session.WITHDRAWN);
            }
        }
    }

    /** Ends a group unless it has ended, and says what it was before. */
    private int end(Held held, Verdict verdict) {
        int before = held.end();
        if (before == Held.ENDED) {
            return before;
        }
        if (before == Held.QUEUED) {
            session.withdrawn.add(held.records);
            undelivered.addAndGet(-held.records);
        } else {
            session.forget(held.cookie);
        }
        groups.remove(held.group);
        held.deferral.conclude(verdict); // false if it ended otherwise: it is let go then
        return before;
    }

    /**
     * The guest's answer.
     *
     * @return false if the group had ended
     */
    boolean answer(Held held, Response response) {
        if (held.end() != Held.DELIVERED) {
            return false;
        }
        groups.remove(held.group);
        session.forget(held.cookie);
        budget.give(1, session.mostRetries());
        holds.set(0);
        return held.deferral.conclude(Verdict.handled(response));
    }

    /** The writer's: whether it may deliver it, or it has ended meanwhile. */
    boolean deliver(Held held) {
        if (released) {
            end(held, Verdict.failed(GONE)); // nothing comes behind the result of its detach
            return false;
        }
        boolean delivered = held.deliver();
        if (delivered) {
            undelivered.addAndGet(-held.records);
        }
        return delivered;
    }

    int undelivered() {
        return undelivered.get() + events.size();
    }

    /**
     * Takes events out, for the writer; none if it is paused, or nothing may come any more.
     *
     * @return how many
     */
    int takeEvents(EventLog.Sink to, int most) {
        return released || isPaused() ? 0 : drain(to, most);
    }

    private int drain(EventLog.Sink to, int most) {
        int taken = events.drain(to, most);
        if (taken > 0) {
            releasePlaces(taken);
            session.release(taken);
        }
        return taken;
    }

    /** Takes groups out of the queue, for the writer; none if none may be, or it is paused. */
    void take(Taken to, int most) {
        to.clear();
        if (!isPaused()) {
            drain(to, most);
        }
    }

    private void drain(Taken to, int most) {
        if (queue.drain(to, most) > 0) {
            releasePlaces(to.records());
            session.release(to.records());
        }
    }

    /** Tells of withdrawn groups, for the writer; also if it is paused: deadlines go on. */
    void takeWithdrawals(FrameWriter to) {
        if (withdrawals.hasPublished()) {
            withdrawals.drain(one -> to.withdrawn(one.cookie(), one.reason()), to.withdrawnRoom());
        }
    }

    /** Takes places of its own, which may be fewer than its session's; all or none. */
    boolean reservePlaces(int records) {
        if (waiting.addAndGet(records) > places) {
            releasePlaces(records);
            return false;
        }
        return true;
    }

    void releasePlaces(int records) {
        waiting.addAndGet(-records);
    }

    /** Events lost after all that is in the queue; none if it is paused. */
    long lostAtTheEnd() {
        return !isPaused() && events.size() == 0 ? losses.takePublished() : 0;
    }

    /** Whether something may be taken. */
    boolean hasWork() {
        return withdrawals.hasPublished()
                || (!isPaused()
                        && (queue.hasPublished()
                                || events.hasPublished()
                                || losses.hasPublished()));
    }

    int waiting() {
        return waiting.get();
    }

    boolean seenSince(long nanos) {
        return lastSeen - nanos > 0;
    }

    /**
     * Nothing is delivered for so long.
     *
     * @param limit the longest pause
     * @return how long it is from now on
     * @throws Refused if the last pause was too short a time ago; the value is for how many ms more
     */
    long pause(long nanos, long limit) throws Refused {
        long granted = pauses.pause(System.nanoTime(), nanos, limit);
        if (granted < 0) {
            int millis = (int) (-granted / 1_000_000) + 1;
            throw new Refused(
                    ErrorCode.LIMIT,
                    millis,
                    "dev_id=" + id + " was paused just now; it may be again in " + millis + " ms");
        }
        return granted;
    }

    /** Ends a pause, if there is one. */
    void resume() {
        pauses.resume(System.nanoTime());
    }

    private boolean isPaused() {
        return pauses.isPaused(System.nanoTime());
    }

    private boolean serves() {
        return !released && session.isServed();
    }

    /** The guest has gone: its groups go on down the chain; events wait for it. */
    void letGo(String why) {
        if (moving) {
            return;
        }
        groups.values().forEach(held -> end(held, Verdict.failed(why)));
    }

    // --- moving to the next version of this bundle

    /** From now on nothing ends here. */
    void move() {
        moving = true;
    }

    /**
     * Leaves its groups to its successor. The chain takes them from here when its lane comes to it,
     * and waits until they are let go.
     *
     * @return what is to be let go
     */
    List<Deferral> leaveToSuccessor(int millis) {
        takeOut(present -> present.leaveToSuccessor(millis));
        List<Deferral> left = new ArrayList<>();
        for (Held held : groups.values()) {
            int before = held.end();
            if (before == Held.QUEUED) {
                session.withdrawn.add(held.records);
            } else if (before == Held.DELIVERED) {
                session.forget(held.cookie);
            }
            left.add(held.deferral);
        }
        groups.clear();
        return left;
    }

    /** What a successor goes on with; in types that do not end with this version. */
    Map<String, Object> state() {
        List<Object[]> waiting = new ArrayList<>();
        events.publish();
        events.drain(
                (lostBefore, from, at, bytes) -> {
                    byte[] words = new byte[bytes];
                    from.get(at, words);
                    waiting.add(new Object[] {words, lostBefore});
                },
                Integer.MAX_VALUE);
        return Map.of(
                "id", id, "request", request.state(), "events", waiting, "lost", losses.untold());
    }

    /** Takes over events that waited. */
    void restore(Map<?, ?> state) {
        for (Object one : (List<?>) state.get("events")) {
            Object[] event = (Object[]) one;
            losses.add((Long) event[1]);
            if (session.reserve(this, 1, System.nanoTime()) != 0) {
                events.add((byte[]) event[0], losses.takeAll());
            } else {
                session.dropped.add(1);
                losses.add(1);
            }
        }
        losses.add((Long) state.get("lost"));
        publish();
    }

    // --- the end

    /** For good. The handler stays until {@link #unregister}: groups pass it as its own. */
    void release(String why) {
        released = true;
        letGo(why);
        resume();
        empty(why);
    }

    /** What nobody takes any more gives its places back. */
    private void empty(String why) {
        publish();
        session.withdrawn.add(drain((lost, from, at, bytes) -> {}, Integer.MAX_VALUE));
        Taken rest = new Taken();
        for (drain(rest, Taken.MOST); rest.count() > 0; drain(rest, Taken.MOST)) {
            for (int i = 0; i < rest.count(); i++) {
                end(rest.get(i), Verdict.failed(why));
            }
            rest.clear();
        }
    }
}
