package io.faultline.guest.internal;

import io.faultline.fault.Unit;
import io.faultline.guest.GuestView;
import io.faultline.guest.Guests;
import io.faultline.guest.RawCommands;
import io.faultline.guest.RawQueue;
import io.faultline.guest.internal.ErrorCode.Refused;
import io.faultline.handler.Deferral;
import io.faultline.handler.Verdict;
import io.faultline.hardware.HardwareUnit;
import io.faultline.hardware.RecordQueue;
import io.faultline.queue.QueueGrant;
import io.faultline.queue.Queues;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import jdk.net.ExtendedSocketOptions;
import jdk.net.UnixDomainPrincipal;

/**
 * Accepts guests on a Unix socket, and knows who owns what.
 *
 * <p><b>Dispatchers.</b> Sessions and claims are not the dispatcher's, and outlive it. While it is
 * away claims stay registered: the next one has them in its first chain, before a lane of it runs
 * (R19). What the former had under way ends with it as with a unit that leaves (R7): guests have
 * its grace to answer, the rest expires, and they are told. What was granted stays granted, by
 * numbers that were read while it was there; only what has to be granted anew is refused until the
 * next one is there.
 *
 * <p><b>Threads.</b> One accepts, one keeps house (delays, pauses, guests that do not come back);
 * each connection has two. Claims are made and ended under this object's lock.
 */
final class GuestServer implements Guests {
    private static final Pattern RAW = Pattern.compile("raw:([a-z0-9]+):([a-z0-9]+)");

    /** A released claim's handler stays so long, so that its groups pass it as its own (R19). */
    private static final long RELEASE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    /** How often the house looks round, at most: stalls that are held back wait for it. */
    private static final int HOUSE_MILLIS = 10;

    /** Whose the socket is. */
    private static final String OWNER = System.getProperty("user.name");

    private static final int LONGEST_PATH = 107;

    /** Queues whose events can wait for an answer: Arm IHI 0070, 7.3. */
    private static final Set<String> STALLING = Set.of("evtq");

    /** Queues of page requests, of all architectures. */
    private static final Set<String> REQUESTING = Set.of("priq", "prq", "prq16", "ppr", "pq");

    private static final int PAGE_REQUESTS = 1;
    private static final int STALLS = 1 << 1;
    private static final int ANSWER_NEEDS_PASID = 1 << 2;
    private static final int FAILURE_ALLOWED = 1 << 3;
    private static final int UNIT_PRESENT = 1 << 4;

    private final Platforms platform;
    private final Registry registry;
    private final Consumer<String> log;
    private final SecureRandom random = new SecureRandom();
    private final AtomicInteger cookies = new AtomicInteger();
    private final List<Session> sessions = new CopyOnWriteArrayList<>();
    private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
    private final ArrayDeque<Leaving> leaving = new ArrayDeque<>();
    private volatile Settings settings;

    /** The dispatcher's settings, while it is away the last known ones; empty before the first. */
    private volatile Map<String, String> core = Map.of();

    /** Of {@link #core}: asked for at each fault. */
    private volatile double share = 1;

    private final AtomicInteger dispatchersLeft = new AtomicInteger();

    /** How long a connection may be without a session. A test cannot wait for so long. */
    volatile long helloNanos = TimeUnit.SECONDS.toNanos(10);

    private volatile boolean closed;
    private ServerSocketChannel listener;
    private Path path;
    private int lastSession;

    private record Leaving(Claim claim, long since) {}

    GuestServer(Settings settings, Platforms platform, Registry registry, Consumer<String> log) {
        this.settings = settings;
        this.platform = platform;
        this.registry = registry;
        this.log = log;
        look();
        tellOfUsersOutside(settings);
    }

    /** Looks at the dispatcher's settings, if it is there. */
    private void look() {
        Map<String, String> present = platform.settings();
        if (present != null) {
            know(Map.copyOf(present)); // nothing of the dispatcher itself is kept
        }
    }

    private void know(Map<String, String> settings) {
        core = settings;
        share = Double.parseDouble(settings.getOrDefault("device.share", "1"));
    }

    /** The dispatcher leaves: what was taken over until now is its own. */
    void dispatcherLeaves() {
        dispatchersLeft.incrementAndGet();
    }

    /** There is a dispatcher, and the former one has ended. */
    void dispatcherCame() {
        look();
        int present = dispatcher();
        sessions.forEach(session -> session.endFormer(present));
    }

    /** Which dispatcher offers at present: how many have left before it. */
    int dispatcher() {
        return dispatchersLeft.get();
    }

    Settings settings() {
        return settings;
    }

    void configure(Settings changed) {
        boolean others = !changed.users().equals(settings.users());
        settings = changed;
        if (others) {
            tellOfUsersOutside(changed);
        }
    }

    /** The socket's mode keeps them out before anybody looks at who they are. */
    private void tellOfUsersOutside(Settings present) {
        List<String> outside = present.users().stream().filter(user -> !passesMode(user)).toList();
        if (!outside.isEmpty()) {
            log(
                    "guest: users=%s cannot open the socket (mode 0600); only %s and root can"
                            .formatted(String.join(",", outside), OWNER));
        }
    }

    private static boolean passesMode(String user) {
        return user.equals(OWNER) || user.equals("root");
    }

    void log(String message) {
        if (!closed) {
            log.accept(message);
        }
    }

    // --- the socket

    /** Begins to listen. A socket that nobody listens at is a left-over and is replaced. */
    void listen(Path socket) throws IOException {
        if (socket.toString().length() > LONGEST_PATH) {
            throw new IOException(
                    socket
                            + " is "
                            + socket.toString().length()
                            + " bytes long; a Unix socket's path has at most "
                            + LONGEST_PATH);
        }
        removeLeftOver(socket);
        listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        listener.bind(UnixDomainSocketAddress.of(socket));
        Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-------"));
        path = socket;
        start("guest-accept", this::accept);
        start("guest-house", this::keepHouse);
    }

    private static void removeLeftOver(Path socket) throws IOException {
        if (!Files.exists(socket)) {
            return;
        }
        try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            probe.connect(UnixDomainSocketAddress.of(socket));
        } catch (IOException e) {
            Files.delete(socket); // nobody listens
            return;
        }
        throw new IOException(socket + " is in use by another process");
    }

    private static void start(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        int number = 0;
        while (!closed) {
            try {
                SocketChannel channel = listener.accept();
                admit(channel, ++number);
            } catch (IOException e) {
                if (!listener.isOpen()) {
                    return;
                }
                log("guest: cannot accept: " + e.getMessage());
                pauseAfterError();
            }
        }
    }

    /** Out of file descriptors, for example: it would fail again at once. */
    private static void pauseAfterError() {
        try {
            TimeUnit.MILLISECONDS.sleep(100);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void admit(SocketChannel channel, int number) throws IOException {
        UnixDomainPrincipal peer = channel.getOption(ExtendedSocketOptions.SO_PEERCRED);
        String user = peer.user().getName();
        boolean full = connections.size() >= 2 * settings.sessions();
        if (!mayConnect(user) || full) {
            String why = full ? "too many connections" : "user " + user + " is not among the users";
            log("guest: refused a connection: " + why);
            try (channel) {
                ErrorCode code = full ? ErrorCode.LIMIT : ErrorCode.NOT_PERMITTED;
                channel.write(Frame.error(code, 0, why));
            }
            return;
        }
        Connection connection = new Connection(this, channel, user, number);
        connections.add(connection);
        connection.start();
    }

    private boolean mayConnect(String user) {
        List<String> users = settings.users();
        return users.isEmpty() ? passesMode(user) : users.contains(user);
    }

    void ended(Connection connection) {
        connections.remove(connection);
    }

    void countError(Session by) {
        if (by != null) {
            by.errors.increment();
        }
    }

    // --- claims

    /** A hello: claims something, takes a session back, or both. */
    void hello(Connection by, Session present, int depth, byte[] token, ByteBuffer in, int count)
            throws Refused, InterruptedException {
        boolean resumes = !Arrays.equals(token, new byte[Frame.TOKEN_BYTES]);
        List<Claim> made = new ArrayList<>();
        Session session = claim(by, present, depth, resumes ? token : null, in, count, made);
        List<Claim> granted = present == null ? List.copyOf(session.claims()) : made;
        granted.forEach(claim -> claim.register(registry));
        try {
            // without the lock: it waits for a guest that does not read its replies
            by.grant(grant(session, granted, resumes));
        } finally {
            by.serve(session); // what its claims hold is written behind the grant
        }
        granted.forEach(Claim::grant);
        by.wake();
    }

    private synchronized Session claim(
            Connection by,
            Session present,
            int depth,
            byte[] token,
            ByteBuffer in,
            int count,
            List<Claim> made)
            throws Refused {
        if (closed) {
            throw new Refused(ErrorCode.SHUTDOWN, 0, "the platform ends");
        }
        if (present != null && token != null) {
            throw new Refused(
                    ErrorCode.BAD_TOKEN,
                    0,
                    "this connection has a session: a token is for a new one");
        }
        Session session = present;
        if (session == null) {
            session = token == null ? open(by, depth) : find(token);
        }
        if (count > 0) {
            queues(); // else nobody can grant them, whatever they say
        }
        List<ClaimRequest> requests = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            requests.add(ClaimRequest.read(in, i));
        }
        check(session, requests);
        for (ClaimRequest request : requests) {
            made.add(make(session, request));
        }
        session.claims().addAll(made);
        if (!sessions.contains(session)) {
            sessions.add(session);
        }
        session.attach(by);
        return session;
    }

    private Session find(byte[] token) throws Refused {
        Session session =
                sessions.stream()
                        .filter(s -> Arrays.equals(s.token(), token))
                        .findFirst()
                        .orElse(null);
        if (session == null || session.isConnected()) {
            throw new Refused(
                    ErrorCode.BAD_TOKEN,
                    0,
                    session == null
                            ? "no session has this token, or it has ended"
                            : "the session of this token is connected");
        }
        return session;
    }

    private Session open(Connection by, int depth) throws Refused {
        if (sessions.size() >= settings.sessions()) {
            throw new Refused(
                    ErrorCode.LIMIT,
                    settings.sessions(),
                    "sessions.limit=" + settings.sessions() + " is reached");
        }
        byte[] token = new byte[Frame.TOKEN_BYTES];
        random.nextBytes(token);
        String name = Integer.toString(++lastSession);
        return new Session(this, name, by.user(), token, negotiate(depth));
    }

    private void check(Session session, List<ClaimRequest> requests) throws Refused {
        if (session.claims().size() + requests.size() > settings.claims()) {
            throw new Refused(
                    ErrorCode.LIMIT,
                    settings.claims(),
                    "claims.limit=" + settings.claims() + " is reached");
        }
        for (int i = 0; i < requests.size(); i++) {
            ClaimRequest request = requests.get(i);
            for (int j = 0; j < i; j++) {
                refuseIfOverlapping(request, requests.get(j), i);
                refuseIfSameId(request, requests.get(j), i);
            }
            for (Session other : sessions) {
                for (Claim claim : other.claims()) {
                    refuseIfOverlapping(request, claim.request, i);
                }
            }
            for (Leaving left : leaving) {
                refuseIfOverlapping(request, left.claim().request, i);
            }
            for (Claim claim : session.claims()) {
                refuseIfSameId(request, claim.request, i);
            }
            EventFormat format = EventFormat.of(arch(request), request.format());
            if (format != null && !format.hasRoomFor(request.virtualId())) {
                throw new Refused(
                        ErrorCode.BAD_CLAIM,
                        i,
                        "virtual id %s has no room in %d bits of an event"
                                .formatted(
                                        Integer.toUnsignedString(request.virtualId()),
                                        format.idBits()));
            }
        }
    }

    /** Of the unit's architecture; empty while the unit is not there. */
    private String arch(ClaimRequest request) {
        HardwareUnit unit = platform.unit(request.unit());
        return unit == null ? "" : unit.unit().arch();
    }

    private static void refuseIfOverlapping(ClaimRequest request, ClaimRequest other, int number)
            throws Refused {
        if (request.overlaps(other)) {
            throw new Refused(ErrorCode.OVERLAP, number, other.inWords() + " is claimed already");
        }
    }

    private static void refuseIfSameId(ClaimRequest request, ClaimRequest other, int number)
            throws Refused {
        if (request.virtualId() == other.virtualId()) {
            throw new Refused(
                    ErrorCode.BAD_CLAIM,
                    number,
                    "virtual id " + request.virtualId() + " is another claim's of this queue");
        }
    }

    private Claim make(Session session, ClaimRequest request) throws Refused {
        return new Claim(
                session,
                session.nextId(),
                request,
                negotiate(session.grant().granted()).granted(),
                new Budget(mostRetries(), System.nanoTime()));
    }

    /**
     * How many records may wait: those of the largest group, or what the platform allows if that is
     * less: groups are no larger then. The queue that the platform makes is for any element; here
     * places are counted in records, and what waits is in logs that are published by the batch.
     */
    private QueueGrant negotiate(int depth) throws Refused {
        Queues queues = queues();
        look();
        int least = Math.max(1, Math.min(settings.largestGroup(), number("queue.limit")));
        try {
            return queues.open(wished(depth), least).grant();
        } catch (IllegalArgumentException e) {
            throw new Refused(
                    ErrorCode.LIMIT,
                    least,
                    "queue.limit of the dispatcher is below " + least + ": say hello again");
        }
    }

    /** Who grants. */
    private Queues queues() throws Refused {
        Queues present = platform.queues();
        if (present == null) {
            throw new Refused(
                    ErrorCode.NOT_READY,
                    0,
                    "the dispatcher, which grants queues, is not there; say hello again when it is");
        }
        return present;
    }

    /** A depth is unsigned: who wishes for more than there can be gets what there is. */
    private static int wished(int depth) {
        return depth < 0 ? Integer.MAX_VALUE : Math.max(1, depth);
    }

    /**
     * Whether a guest may answer FAILURE: the operator has named the device as a physical function,
     * and its unit does not know better. A virtual function that fails would end the page requests
     * of all others of its physical one (PCIe 10.5: they share its interface).
     */
    boolean mayFail(ClaimRequest request) {
        HardwareUnit unit = platform.unit(request.unit());
        return request.wantsFailure()
                && unit != null
                && settings.mayFail(request.unit(), request.requester())
                && unit.physicalFunction(request.requester()) == request.requester();
    }

    private ByteBuffer grant(Session session, List<Claim> claims, boolean resumed) {
        ByteBuffer to = begin(claims.size(), session.grant().granted(), resumed);
        to.putInt(session.largestGroup()).putInt(settings.wakeMillis() * 1000);
        to.put(session.token());
        for (Claim claim : claims) {
            put(claim, to);
        }
        return to.flip();
    }

    private static ByteBuffer begin(int count, int depth, boolean resumed) {
        int bytes = Frame.SESSION_BYTES + count * Frame.GRANT_BYTES;
        return Frame.begin(bytes, Frame.GRANT, count)
                .putShort((short) Frame.VERSION)
                .putShort((short) (resumed ? 1 : 0))
                .putInt(depth);
    }

    private void put(Claim claim, ByteBuffer to) {
        ClaimRequest request = claim.request;
        HardwareUnit unit = platform.unit(request.unit());
        String arch = arch(request);
        EventFormat format = EventFormat.of(arch, request.format());
        // of a unit that is not there, all is granted that is wished
        int formatGranted = unit == null || format != null ? request.format() : 0;
        int flags = recoverable(unit) | (mayFail(request) ? FAILURE_ALLOWED : 0);
        int outstanding = 0;
        int pasidBits = HardwareUnit.PCIE_PASID_BITS;
        long pageSizes = HardwareUnit.PCIE_PAGE_SIZES;
        if (unit != null) {
            pasidBits = unit.pasidBits();
            pageSizes = unit.pageSizes();
            flags |= UNIT_PRESENT;
            flags |= unit.answersCarryPasid(request.requester()) ? ANSWER_NEEDS_PASID : 0;
            outstanding =
                    Math.max(0, unit.pageRequestLimit(unit.physicalFunction(request.requester())));
        }
        to.putInt(claim.id)
                .putInt(request.virtualId())
                .putInt(flags)
                .putInt(pasidBits)
                .putInt(outstanding)
                .putInt(number("response.deadline.ms"))
                .putInt(number("stall.deadline.ms"))
                .putInt(formatGranted)
                .putLong(pageSizes);
        Frame.putText(to, arch, 16);
        to.putInt(format == null ? 0 : format.bytes()).putInt(request.requester());
    }

    /** What of a unit waits for answers; both if it is not there. */
    private static int recoverable(HardwareUnit unit) {
        if (unit == null) {
            return PAGE_REQUESTS | STALLS;
        }
        int flags = 0;
        for (RecordQueue queue : unit.queues()) {
            flags |= STALLING.contains(queue.kind()) ? STALLS : 0;
            flags |= REQUESTING.contains(queue.kind()) ? PAGE_REQUESTS : 0;
        }
        return flags;
    }

    synchronized void detach(Session session, int device) throws Refused {
        release(session, session.claim(device), "its guest has detached it");
    }

    private void release(Session session, Claim claim, String why) {
        session.claims().remove(claim);
        claim.release(why);
        leaving.add(new Leaving(claim, System.nanoTime()));
    }

    // --- raw queues

    @Override
    public RawQueue open(String queue, String unit, int depth, RawCommands commands) {
        try {
            return make(queue, unit, depth, commands);
        } catch (Refused e) {
            if (e.code == ErrorCode.NOT_READY) {
                throw new IllegalStateException(e.getMessage(), e);
            }
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    private synchronized RawUnit make(String queue, String name, int depth, RawCommands commands)
            throws Refused {
        Matcher words = RAW.matcher(queue == null ? "" : queue);
        int bytes =
                words.matches() ? platform.recordBytes(words.group(1) + ":" + words.group(2)) : 0;
        if (bytes == 0) {
            throw new Refused(
                    ErrorCode.BAD_UNIT,
                    0,
                    queue + " is no raw:ARCH:QUEUE that an installed decoder reads");
        }
        if (name == null || name.isEmpty() || platform.unit(name) != null) {
            throw new Refused(
                    ErrorCode.BAD_UNIT, 0, "unit=" + name + " is no name, or is another unit's");
        }
        Unit unit = new Unit(words.group(1), name);
        RawUnit raw =
                new RawUnit(
                        unit,
                        words.group(2),
                        bytes,
                        queues().open(wished(depth), 1).grant(),
                        commands);
        raw.registered(registry.register(raw));
        return raw;
    }

    /** A connection whose client is hardware. */
    RawUnit raw(Connection by, int depth, ByteBuffer in) throws Refused, InterruptedException {
        String queue = Frame.text(in, 64);
        String name = Frame.text(in, 64);
        RawUnit raw =
                make(
                        queue,
                        name,
                        depth,
                        command ->
                                by.tryReply(
                                        Frame.begin(command.length, Frame.COMMANDS, 1)
                                                .put(command)
                                                .flip()));
        ByteBuffer to = begin(1, raw.grant().granted(), false);
        to.putInt(1).putInt(0).put(new byte[Frame.TOKEN_BYTES]);
        to.putInt(1).putInt(0).putInt(UNIT_PRESENT).put(new byte[28]);
        Frame.putText(to, raw.unit().arch(), 16);
        to.putInt(raw.recordBytes()).putInt(0);
        try {
            by.reply(to.flip());
        } catch (InterruptedException e) {
            raw.close(); // the connection has ended and does not know of it yet
            throw e;
        }
        return raw;
    }

    // --- what sessions ask

    /** A cookie that names no group now, and none that has just ended. */
    int nextCookie(Map<Integer, Held> outstanding) {
        int cookie = cookies.incrementAndGet();
        while (cookie == 0 || outstanding.containsKey(cookie)) {
            cookie = cookies.incrementAndGet();
        }
        return cookie;
    }

    boolean retries() {
        return !"invalid".equals(core.get("overload.policy"));
    }

    int mostRetries() {
        return number("overload.retries");
    }

    private int number(String key) {
        return Integer.parseInt(core.getOrDefault(key, "0"));
    }

    /** What a device of several may have of a queue (R17). */
    int share(int places) {
        return (int) (share * places);
    }

    @Override
    public List<GuestView> guests() {
        return sessions.stream().map(Session::view).toList();
    }

    // --- the house

    private void keepHouse() {
        long refreshed = System.nanoTime();
        long woken = refreshed;
        long sleep = 0;
        while (!closed) {
            try {
                TimeUnit.NANOSECONDS.sleep(sleep);
            } catch (InterruptedException e) {
                return;
            }
            long now = System.nanoTime();
            sessions.forEach(session -> session.retryStalls(now));
            sleep = publishOverdue(now);
            if (now - woken >= wakeNanos()) {
                woken = now;
                sessions.stream()
                        .filter(session -> session.isConnected() && session.hasWork())
                        .forEach(Session::wake); // a pause is over, for example
            }
            connections.stream()
                    .filter(c -> c.isSilentFor(helloNanos))
                    .forEach(c -> c.close("it said nothing"));
            forgetAway();
            finishLeaving();
            if (System.nanoTime() - refreshed > TimeUnit.SECONDS.toNanos(1)) {
                look();
                refreshed = System.nanoTime();
            }
        }
    }

    private long wakeNanos() {
        return TimeUnit.MILLISECONDS.toNanos(settings.wakeMillis());
    }

    /**
     * Publishes what has waited for the longest delay. What comes until the next look is due later
     * than that: it is never longer until then than the delay.
     *
     * @return how many ns it is until the next look
     */
    private long publishOverdue(long now) {
        long delay = wakeNanos();
        long next = Math.min(TimeUnit.MILLISECONDS.toNanos(HOUSE_MILLIS), delay);
        for (Session session : sessions) {
            if (session.isConnected()) {
                next = Math.min(next, session.publishOverdue(now, delay));
            }
        }
        return next;
    }

    private synchronized void forgetAway() {
        long nanos = TimeUnit.MILLISECONDS.toNanos(settings.reconnectMillis());
        long handover = TimeUnit.MILLISECONDS.toNanos(settings.handoverMillis());
        sessions.forEach(session -> session.expectNoLonger(handover));
        for (Session session : List.copyOf(sessions)) {
            if (session.isAwayFor(nanos)) {
                sessions.remove(session);
                for (Claim claim : List.copyOf(session.claims())) {
                    release(session, claim, Claim.GONE);
                }
                log("guest " + session.name() + " did not come back: its devices are free");
            }
        }
    }

    /** Unregistering waits for lanes: not under the lock. */
    private void finishLeaving() {
        List<Claim> due = new ArrayList<>();
        synchronized (this) {
            for (Leaving left : leaving) {
                if (System.nanoTime() - left.since() > RELEASE_NANOS) {
                    due.add(left.claim());
                }
            }
        }
        due.forEach(Claim::unregister);
        synchronized (this) {
            leaving.removeIf(left -> due.contains(left.claim()));
        }
    }

    // --- the end, or the next version

    /**
     * Goes on with the sessions that another version of this bundle left. Before listening. Their
     * claims are in the chain from here on: the devices are still their own (R19), and what their
     * predecessors had outstanding comes at once. What they were granted is theirs, whether or not
     * there is a dispatcher that would grant it again.
     */
    synchronized void restore(Map<String, Object> parcel) {
        if (core.isEmpty() && parcel.get("core") instanceof Map<?, ?> known) {
            Map<String, String> former = new HashMap<>();
            known.forEach((key, value) -> former.put(key.toString(), value.toString()));
            know(Map.copyOf(former));
        }
        cookies.set((Integer) parcel.get("cookies"));
        lastSession = (Integer) parcel.get("lastSession");
        for (Object one : (List<?>) parcel.get("sessions")) {
            Map<?, ?> state = (Map<?, ?>) one;
            int depth = (Integer) state.get("depth");
            Session session =
                    new Session(
                            this,
                            (String) state.get("name"),
                            (String) state.get("user"),
                            (byte[]) state.get("token"),
                            new QueueGrant(depth, depth, depth));
            session.restore(state);
            for (Object claim : (List<?>) state.get("claims")) {
                session.claims().add(restored(session, (Map<?, ?>) claim));
            }
            sessions.add(session);
        }
        sessions.forEach(session -> session.claims().forEach(claim -> claim.register(registry)));
    }

    private Claim restored(Session session, Map<?, ?> state) {
        Claim claim =
                new Claim(
                        session,
                        (Integer) state.get("id"),
                        ClaimRequest.of((Map<?, ?>) state.get("request")),
                        session.grant().granted(),
                        new Budget(mostRetries(), System.nanoTime()));
        claim.restore(state);
        return claim;
    }

    /**
     * Tells guests that it is over, and gives everything back.
     *
     * @param handoverMillis how long sessions and their groups wait for the next version; 0: not
     * @return what that goes on with; empty if there is nothing
     */
    Map<String, Object> close(int handoverMillis) {
        closed = true;
        try {
            if (listener != null) {
                listener.close();
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            log.accept("guest: " + path + ": " + e.getMessage());
        }
        List<Connection> open = List.copyOf(connections);
        if (handoverMillis > 0) {
            sessions.forEach(session -> session.claims().forEach(Claim::move));
        }
        open.forEach(c -> c.finish(lastWords(c, handoverMillis)));
        for (Connection connection : open) {
            await(connection);
            connection.close("the platform ends");
            await(connection); // what it could not write is counted before its counters move on
        }
        List<Claim> all = new ArrayList<>();
        List<Claim> gone = new ArrayList<>();
        List<Session> stay;
        synchronized (this) {
            stay = handoverMillis > 0 ? List.copyOf(sessions) : List.of();
            sessions.forEach(session -> all.addAll(session.claims()));
            if (handoverMillis == 0) {
                all.forEach(claim -> claim.release("the guest service ends"));
                gone.addAll(all);
            }
            leaving.forEach(left -> gone.add(left.claim()));
            sessions.clear();
            leaving.clear();
        }
        gone.forEach(Claim::unregister);
        if (stay.isEmpty()) {
            return Map.of();
        }
        List<Deferral> left = new ArrayList<>();
        all.forEach(claim -> left.addAll(claim.leaveToSuccessor(handoverMillis)));
        if (!left.isEmpty()) {
            start("guest-letting-go", () -> letGo(left));
        }
        return Map.of(
                "cookies",
                cookies.get(),
                "lastSession",
                lastSession,
                "core",
                core,
                "sessions",
                stay.stream().map(Session::state).toList());
    }

    private static void await(Connection connection) {
        try {
            connection.join(600);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static ByteBuffer lastWords(Connection to, int handoverMillis) {
        return handoverMillis > 0 && to.hasToken()
                ? Frame.error(
                        ErrorCode.RESTART,
                        handoverMillis,
                        "an update: connect again within "
                                + handoverMillis
                                + " ms and say hello with your token")
                : Frame.error(ErrorCode.SHUTDOWN, 0, "the platform ends");
    }

    /**
     * Concluding a group before its lane has given it to the successor would answer it; concluding
     * it afterwards says that nobody touches anything for it (R9).
     */
    private static void letGo(List<Deferral> left) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(2);
        for (Deferral deferral : left) {
            while (!deferral.cancelled() && System.nanoTime() < deadline) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
            }
            deferral.conclude(Verdict.failed(Claim.GONE));
        }
    }
}
