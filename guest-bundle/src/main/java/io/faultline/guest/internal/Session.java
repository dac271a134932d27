package io.faultline.guest.internal;

import io.faultline.fault.Response;
import io.faultline.guest.GuestView;
import io.faultline.guest.internal.ErrorCode.Refused;
import io.faultline.queue.QueueGrant;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * What a guest has: its claims, the places in its queue, its cookies and counters. It outlives a
 * broken connection for a while.
 *
 * <p><b>Places.</b> {@code reserved} counts records from {@link #reserve} until the writer takes
 * them out, and so does each claim for its own queue, which is shorter than the session's where the
 * platform's limit was lowered meanwhile: what was reserved always has a place.
 */
final class Session {
    /** Reasons in a withdrawn frame. */
    static final int WITHDRAWN = 1;

    static final int EXPIRED = 2;

    /** A claim's, before it is another one's turn. */
    private static final int EVENTS_A_TURN = 256;

    private static final int REMEMBERED = 4096;
    private static final long SEEN_NANOS = TimeUnit.SECONDS.toNanos(1);

    final LongAdder enqueued = new LongAdder();
    final LongAdder read = new LongAdder();
    final LongAdder dropped = new LongAdder();
    final LongAdder withdrawn = new LongAdder();
    final LongAdder answered = new LongAdder();
    final LongAdder errors = new LongAdder();
    final LongAdder wakeups = new LongAdder();

    private final GuestServer server;
    private final String name;
    private final String user;
    private final byte[] token;
    private final QueueGrant grant;
    private final int largestGroup;
    private final AtomicInteger reserved = new AtomicInteger();
    private final Map<Integer, Held> cookies = new ConcurrentHashMap<>();
    private final List<Claim> claims = new CopyOnWriteArrayList<>();

    /** Cookies that ended last, so that a late answer is told from a wrong one. */
    private final int[] ended = new int[REMEMBERED];

    private int endedCount;
    private int lastId;

    /**
     * Who writes; null while the guest is away. Changes under the lock, under which a writer takes
     * what it writes: one whose connection has ended takes nothing more, and nobody comes before
     * what it had is let go.
     */
    private volatile Connection connection;

    /** The writer's: the number of the next event. */
    private int sequence;

    /** The writer's. */
    private final Taken taken = new Taken();

    /** The writer's: whose turn it is. */
    private int turn;

    private volatile long awaySince;

    /** Taken over from another version, and its guest may still come to this one. */
    private volatile boolean expected;

    Session(GuestServer server, String name, String user, byte[] token, QueueGrant grant) {
        this.server = server;
        this.name = name;
        this.user = user;
        this.token = token;
        this.grant = grant;
        this.largestGroup = Math.min(server.settings().largestGroup(), grant.granted());
    }

    String name() {
        return name;
    }

    String user() {
        return user;
    }

    byte[] token() {
        return token;
    }

    QueueGrant grant() {
        return grant;
    }

    int largestGroup() {
        return largestGroup;
    }

    List<Claim> claims() {
        return claims;
    }

    int nextId() {
        return ++lastId;
    }

    boolean retries() {
        return server.retries();
    }

    int mostRetries() {
        return server.mostRetries();
    }

    /** See {@link GuestServer#dispatcher}. */
    int dispatcher() {
        return server.dispatcher();
    }

    /** What an earlier dispatcher had and did not end is over. */
    void endFormer(int dispatcher) {
        claims.forEach(claim -> claim.endFormer(dispatcher));
    }

    boolean isConnected() {
        return connection != null;
    }

    /** Whether groups may wait for its guest: it is there, or about to come back. */
    boolean isServed() {
        return connection != null || expected;
    }

    synchronized void attach(Connection to) {
        connection = to;
        expected = false; // only now: there was no moment at which nobody served
    }

    /** Its guest was expected for so long: what waits for it goes on down the chain. */
    void expectNoLonger(long nanos) {
        if (expected) { // never again once it is not
            endExpectation(nanos);
        }
    }

    private synchronized void endExpectation(long nanos) {
        if (expected && isAwayFor(nanos)) {
            expected = false;
            claims.forEach(claim -> claim.letGo(Claim.GONE));
        }
    }

    /** Whether FAILURE may be answered for a claim. */
    boolean mayFail(ClaimRequest request) {
        return server.mayFail(request);
    }

    private List<LongAdder> counters() {
        return List.of(enqueued, read, dropped, withdrawn, answered, errors, wakeups);
    }

    /**
     * What the next version of this bundle goes on with; in types that do not end with this one.
     */
    Map<String, Object> state() {
        synchronized (ended) {
            return Map.of(
                    "name", name,
                    "user", user,
                    "token", token,
                    "depth", grant.granted(),
                    "lastId", lastId,
                    "sequence", sequence,
                    "counters", counters().stream().mapToLong(LongAdder::sum).toArray(),
                    "ended", ended,
                    "endedCount", endedCount,
                    "claims", claims.stream().map(Claim::state).toList());
        }
    }

    /** Goes on with that; its guest is away until it comes with its token. */
    void restore(Map<?, ?> state) {
        lastId = (Integer) state.get("lastId");
        sequence = (Integer) state.get("sequence");
        long[] sums = (long[]) state.get("counters");
        for (int i = 0; i < sums.length; i++) {
            counters().get(i).add(sums[i]);
        }
        synchronized (ended) {
            endedCount = (Integer) state.get("endedCount");
            System.arraycopy((int[]) state.get("ended"), 0, ended, 0, REMEMBERED);
        }
        awaySince = System.nanoTime();
        expected = true;
    }

    /** The connection has ended; the guest may come back. */
    synchronized void detach(Connection from, String why) {
        if (connection == from) {
            awaySince = System.nanoTime();
            connection = null;
            claims.forEach(claim -> claim.letGo(why));
        }
    }

    boolean isAwayFor(long nanos) {
        return connection == null && System.nanoTime() - awaySince > nanos;
    }

    // --- places, by lanes

    /**
     * Takes places for some records. Where another device of the guest was seen in the last second,
     * a device has no more than its share, or one group (R17).
     *
     * @return how many records have places then; 0 if there is none for these
     */
    int reserve(Claim by, int records, long now) {
        int waiting = by.waiting();
        if (waiting > 0
                && waiting + records > server.share(grant.granted())
                && isAnotherActive(by, now)) {
            return 0;
        }
        if (!by.reservePlaces(records)) {
            return 0; // the platform's limit was lowered since the session began
        }
        int places = reserved.addAndGet(records);
        if (places > grant.granted()) {
            reserved.addAndGet(-records);
            by.releasePlaces(records);
            return 0;
        }
        return places;
    }

    private boolean isAnotherActive(Claim than, long now) {
        for (Claim claim : claims) {
            if (claim != than && claim.seenSince(now - SEEN_NANOS)) {
                return true;
            }
        }
        return false;
    }

    void release(int records) {
        reserved.addAndGet(-records);
    }

    /**
     * Something was put in: half full is reason enough to wake the guest before the batch ends, and
     * while it is what comes may be taken at once. To wake it once is enough: the writer does not
     * sleep before it has taken all that may be taken.
     *
     * @param by whose it is
     * @param places how many records had places when those got theirs
     * @param records how many were put in
     */
    void filled(Claim by, int places, int records) {
        int half = grant.granted() / 2;
        if (places < half) {
            return;
        }
        if (places - records < half) {
            publish();
            wake();
        } else {
            by.publish();
        }
    }

    /** Whatever waits may be taken now, though its batch has not ended. */
    private void publish() {
        claims.forEach(Claim::publish);
    }

    /**
     * Publishes what has waited for so long, though its batch has not ended.
     *
     * @return in how many ns that is to be done the next time; no more than {@code delay}
     */
    long publishOverdue(long now, long delay) {
        long left = delay;
        for (Claim claim : claims) {
            long since = claim.unpublishedSince();
            if (since != 0) {
                left = Math.min(left, since + delay - now);
            }
        }
        if (left > 0) {
            return left;
        }
        publish();
        if (hasWork()) { // not what is paused
            wake();
        }
        return delay;
    }

    void wake() {
        Connection present = connection;
        if (present != null) {
            present.wake(wakeups);
        }
    }

    /** Whether something waits that could be written. */
    boolean hasWork() {
        return claims.stream().anyMatch(Claim::hasWork);
    }

    void retryStalls(long now) {
        claims.forEach(claim -> claim.retryStalls(now));
    }

    // --- delivery, by the writer

    /**
     * Puts whole groups and events into a buffer until it is full or nothing waits.
     *
     * @param by who writes
     * @param served the claims that the guest knows of
     * @return how many records that were
     */
    synchronized int fill(Connection by, List<Claim> served, FrameWriter to) {
        if (connection != by) {
            return 0;
        }
        served.forEach(claim -> claim.takeWithdrawals(to));
        int records = 0;
        int idle = 0;
        EventLog.Sink events =
                (lostBefore, from, at, bytes) -> {
                    if (lostBefore > 0) {
                        lost(lostBefore, to);
                    }
                    to.event(from, at, bytes, nextSequence());
                };
        for (int room = to.room(largestGroup);
                idle < served.size() && room > 0;
                room = to.room(largestGroup)) {
            Claim claim = served.get(Math.floorMod(turn++, served.size()));
            claim.take(taken, Math.min(room, Taken.MOST));
            for (int i = 0; i < taken.count(); i++) {
                records += put(taken.get(i), to);
            }
            int put = claim.takeEvents(events, Math.min(to.eventRoom(), EVENTS_A_TURN));
            records += put;
            if (taken.count() > 0 || put > 0) {
                idle = 0;
            } else {
                idle++;
                long lost = claim.lostAtTheEnd();
                if (lost > 0) {
                    lost(lost, to);
                }
            }
        }
        to.endFrame();
        return records;
    }

    private int put(Held held, FrameWriter to) {
        int cookie = server.nextCookie(cookies);
        held.cookie = cookie;
        cookies.put(cookie, held);
        if (!held.claim.deliver(held)) {
            cookies.remove(cookie); // withdrawn meanwhile
            return 0;
        }
        to.group(held.group, held.claim.id, cookie);
        return held.records;
    }

    private int nextSequence() {
        int next = sequence;
        sequence = (sequence + 1) & Integer.MAX_VALUE;
        return next;
    }

    /** The sequence numbers of lost events are used up; a header names the last of them. */
    private void lost(long events, FrameWriter to) {
        sequence = (int) ((sequence + events) & Integer.MAX_VALUE);
        to.lost((sequence - 1) & Integer.MAX_VALUE);
    }

    // --- answers, by the reader

    void answer(int cookie, int code) throws Refused {
        Held held = cookies.get(cookie);
        if (held == null) {
            throw wrongCookie(cookie);
        }
        if (code < 0 || code > 2 || (code == 2 && !mayFail(held.claim.request))) {
            throw new Refused(
                    ErrorCode.BAD_CODE,
                    cookie,
                    "code=" + code + " is not granted; the group still waits for its answer");
        }
        Response response =
                switch (code) {
                    case 0 -> Response.SUCCESS;
                    case 1 -> Response.INVALID;
                    default -> Response.FAILURE;
                };
        if (!held.claim.answer(held, response)) {
            throw late(cookie);
        }
        answered.increment();
    }

    private Refused wrongCookie(int cookie) {
        synchronized (ended) {
            for (int i = 0; i < Math.min(endedCount, REMEMBERED); i++) {
                if (ended[i] == cookie) {
                    return late(cookie);
                }
            }
        }
        return new Refused(
                ErrorCode.BAD_COOKIE,
                cookie,
                "cookie " + Integer.toUnsignedString(cookie) + " names none of your groups");
    }

    private static Refused late(int cookie) {
        return new Refused(
                ErrorCode.LATE,
                cookie,
                "the group of cookie " + Integer.toUnsignedString(cookie) + " has ended");
    }

    /** A delivered group has ended. */
    void forget(int cookie) {
        synchronized (ended) {
            ended[endedCount % REMEMBERED] = cookie;
            endedCount = endedCount + 1 == 2 * REMEMBERED ? REMEMBERED : endedCount + 1;
        }
        cookies.remove(cookie);
    }

    Claim claim(int id) throws Refused {
        return claims.stream()
                .filter(c -> c.id == id)
                .findFirst()
                .orElseThrow(
                        () ->
                                new Refused(
                                        ErrorCode.BAD_DEVICE,
                                        id,
                                        "dev_id=" + id + " is none of your claims"));
    }

    void shut(ByteBuffer lastWords) {
        Connection present = connection;
        if (present != null) {
            present.finish(lastWords);
        }
    }

    GuestView view() {
        return new GuestView(
                name,
                user,
                isConnected() ? "connected" : "away",
                claims.stream().map(c -> c.request.inWords()).toList(),
                grant.granted(),
                enqueued.sum(),
                read.sum(),
                dropped.sum(),
                withdrawn.sum(),
                claims.stream().mapToInt(Claim::undelivered).sum(),
                cookies.size(),
                answered.sum(),
                errors.sum(),
                wakeups.sum());
    }
}
