package io.faultline.guest.internal;

import io.faultline.guest.internal.ErrorCode.Refused;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

/**
 * One connection: a thread that reads frames, and one that writes them. A guest that does not read
 * blocks the writer and, once its answers to requests pile up, the reader: both are its own.
 */
final class Connection {
    private static final int MOST_REPLIES = 256;

    private final GuestServer server;
    private final SocketChannel channel;
    private final String user;
    private final Thread reader;
    private final Thread writer;

    /** Answers to requests, written before faults. */
    private final ConcurrentLinkedQueue<Reply> replies = new ConcurrentLinkedQueue<>();

    private final Semaphore replyRoom = new Semaphore(MOST_REPLIES);
    private final long since = System.nanoTime();

    /** The reader's, before the first frame that needs one. */
    private volatile Session session;

    /** The writer's. */
    private volatile boolean hasToken;

    private volatile RawUnit raw;

    /** While a hello is looked at. */
    private volatile boolean greeted;

    private volatile boolean parked;
    private volatile boolean woken;

    /** No more is read: what is to be said is written, then it ends. */
    private volatile boolean finishing;

    /** Why the channel is closed; null while it is open. */
    private volatile String ended;

    /** A frame, and what the writer does when it has put it: nothing it allows comes before. */
    private record Reply(ByteBuffer frame, Runnable then) {}

    Connection(GuestServer server, SocketChannel channel, String user, int number) {
        this.server = server;
        this.channel = channel;
        this.user = user;
        this.reader = new Thread(this::read, "guest-" + number + "-reader");
        this.writer = new Thread(this::write, "guest-" + number + "-writer");
        reader.setDaemon(true);
        writer.setDaemon(true);
    }

    void start() {
        writer.start(); // first: who ends the connection waits for it, were it only for its start
        reader.start();
    }

    /** Whether it has said nothing for so long. */
    boolean isSilentFor(long nanos) {
        return !greeted // before what a greeting ends with
                && session == null
                && raw == null
                && System.nanoTime() - since > nanos;
    }

    // --- reading

    private void read() {
        ByteBuffer in = Frame.buffer(Frame.LONGEST);
        String why = "its guest is gone";
        try {
            while (!finishing && channel.read(in) >= 0) {
                in.flip();
                while (!finishing && hasFrame(in)) {
                    int end = in.position() + in.getInt(in.position());
                    int limit = in.limit();
                    in.limit(end);
                    frame(in);
                    in.limit(limit).position(end);
                }
                in.compact();
            }
        } catch (IOException e) {
            why = "its guest is gone: " + e.getMessage();
        } catch (Refused e) {
            finish(Frame.error(e.code, e.value, e.getMessage()));
            awaitWriter();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // closed while it waited for room
        } finally {
            if (finishing) {
                awaitWriter();
            }
            close(why);
        }
    }

    /** Whether a whole frame is there. A wrong length cannot be recovered from. */
    private static boolean hasFrame(ByteBuffer in) throws Refused {
        if (in.remaining() < Frame.HEADER) {
            return false;
        }
        int length = in.getInt(in.position());
        if (length < Frame.HEADER || length > Frame.LONGEST) {
            throw new Refused(
                    ErrorCode.BAD_FRAME,
                    length,
                    "length="
                            + Integer.toUnsignedString(length)
                            + "; allowed are 8 to 65536: the connection ends");
        }
        return in.remaining() >= length;
    }

    private void frame(ByteBuffer in) throws InterruptedException, Refused {
        in.getInt();
        int type = in.getShort() & 0xffff;
        int count = in.getShort() & 0xffff;
        try {
            switch (type) {
                case Frame.HELLO -> {
                    greeted = true;
                    try {
                        hello(in, count);
                    } finally {
                        greeted = false;
                    }
                }
                case Frame.ANSWERS -> answers(in, count);
                case Frame.DETACH -> detach(in, count);
                case Frame.PAUSE -> pause(in, count);
                case Frame.RECORDS -> records(in, count);
                default ->
                        throw new Refused(
                                ErrorCode.BAD_TYPE, type, "type=" + type + " is not for a server");
            }
        } catch (Refused e) {
            if (e.code == ErrorCode.BAD_VERSION) {
                throw e;
            }
            refuse(e);
        }
    }

    private void refuse(Refused e) throws InterruptedException {
        server.countError(session);
        reply(Frame.error(e.code, e.value, e.getMessage()));
    }

    private static void expect(boolean right, ByteBuffer in, int count) throws Refused {
        if (!right) {
            throw new Refused(
                    ErrorCode.BAD_FRAME,
                    in.remaining(),
                    in.remaining() + " bytes of payload for count=" + count);
        }
    }

    private void hello(ByteBuffer in, int count) throws Refused, InterruptedException {
        expect(in.remaining() >= Frame.SESSION_BYTES, in, count);
        int version = in.getShort() & 0xffff;
        if (version != Frame.VERSION) {
            throw new Refused(
                    ErrorCode.BAD_VERSION,
                    Frame.VERSION,
                    "version=" + version + " is not spoken here, but 1 is");
        }
        int kind = in.getShort() & 0xffff;
        int depth = in.getInt();
        in.getLong();
        byte[] token = new byte[Frame.TOKEN_BYTES];
        in.get(token);
        switch (kind) {
            case 0 -> {
                expect(in.remaining() == count * Frame.CLAIM_BYTES, in, count);
                server.hello(this, session, depth, token, in, count);
            }
            case 1 -> {
                expect(in.remaining() == Frame.RAW_CLAIM_BYTES && count == 1, in, count);
                if (raw != null) {
                    throw new Refused(ErrorCode.LIMIT, 1, "one raw queue a connection");
                }
                raw = server.raw(this, depth, in);
            }
            default -> throw new Refused(ErrorCode.BAD_CLAIM, 0, "kind=" + kind + ": 0 or 1");
        }
    }

    private Session session() throws Refused {
        if (session == null) {
            throw new Refused(ErrorCode.BAD_DEVICE, 0, "nothing is claimed: say hello first");
        }
        return session;
    }

    /** Whether its guest has been told the token of a session, or is about to read it. */
    boolean hasToken() {
        return hasToken;
    }

    /** Says what was granted, with the token. */
    void grant(ByteBuffer frame) throws InterruptedException {
        reply(new Reply(frame, () -> hasToken = true));
    }

    /** From the hello on. */
    void serve(Session by) {
        session = by;
    }

    private void answers(ByteBuffer in, int count) throws Refused, InterruptedException {
        expect(in.remaining() == count * Frame.ANSWER_BYTES, in, count);
        for (int i = 0; i < count; i++) {
            try {
                session().answer(in.getInt(), in.getInt());
            } catch (Refused e) {
                refuse(e); // the other answers count
            }
        }
    }

    private void detach(ByteBuffer in, int count) throws Refused, InterruptedException {
        expect(in.remaining() == 4 && count == 1, in, count);
        int device = in.getInt();
        server.detach(session(), device);
        reply(Frame.result(Frame.DETACH, device, 0));
    }

    private void pause(ByteBuffer in, int count) throws Refused, InterruptedException {
        expect(in.remaining() == 8 && count == 1, in, count);
        int device = in.getInt();
        long millis = Integer.toUnsignedLong(in.getInt());
        int most = server.settings().pauseMillis();
        Claim claim = session().claim(device);
        if (millis > 0 && most > 0) {
            long granted =
                    claim.pause(
                            TimeUnit.MILLISECONDS.toNanos(Math.min(millis, most)),
                            TimeUnit.MILLISECONDS.toNanos(most));
            int rounded = (int) TimeUnit.NANOSECONDS.toMillis(granted);
            reply(Frame.result(Frame.PAUSE, device, rounded)); // nothing comes after it
        } else {
            // before what had waited
            reply(new Reply(Frame.result(Frame.PAUSE, device, 0), claim::resume));
        }
    }

    private void records(ByteBuffer in, int count) throws Refused, InterruptedException {
        RawUnit unit = raw;
        if (unit == null) {
            throw new Refused(ErrorCode.BAD_UNIT, 0, "no raw queue is open: say hello first");
        }
        expect(in.remaining() == count * unit.recordBytes(), in, count);
        byte[] records = new byte[in.remaining()];
        in.get(records);
        int taken = unit.write(records);
        reply(Frame.result(Frame.RECORDS, taken, count - taken));
    }

    // --- writing

    /** Waits while too many replies wait: a guest that does not read is not read from. */
    void reply(ByteBuffer frame) throws InterruptedException {
        reply(new Reply(frame, () -> {}));
    }

    private void reply(Reply reply) throws InterruptedException {
        replyRoom.acquire();
        replies.add(reply);
        wake();
    }

    /**
     * A reply from a thread that must not wait.
     *
     * @return false if there is no room at present
     * @throws IllegalStateException if nobody will ever read it
     */
    boolean tryReply(ByteBuffer frame) {
        if (ended != null) {
            throw new IllegalStateException("its client is gone: " + ended);
        }
        if (!replyRoom.tryAcquire()) {
            return false;
        }
        replies.add(new Reply(frame, () -> {}));
        wake();
        return true;
    }

    /** Wakes the writer if it sleeps. */
    void wake() {
        if (sleeps()) {
            LockSupport.unpark(writer);
        }
    }

    /**
     * Wakes the writer if it sleeps.
     *
     * @param wakeups counts that, before the writer does anything
     */
    void wake(LongAdder wakeups) {
        if (sleeps()) {
            wakeups.increment();
            LockSupport.unpark(writer);
        }
    }

    /** Whether the writer has to be woken: it is not asleep for the next who asks. */
    private boolean sleeps() {
        woken = true;
        boolean asleep = parked;
        if (asleep) {
            parked = false;
        }
        return asleep;
    }

    /** Says one last thing, then ends. */
    void finish(ByteBuffer lastWords) {
        replies.add(new Reply(lastWords, () -> {}));
        finishing = true;
        wake();
    }

    private void write() {
        FrameWriter out = new FrameWriter();
        Session by = null;
        int records = 0;
        try {
            // woken is cleared first: who closes wakes behind that
            for (woken = false; channel.isOpen(); woken = false) {
                ByteBuffer buffer = out.buffer().clear();
                by = session;
                // before the replies are: a claim's grant is among them
                List<Claim> served =
                        by == null
                                ? List.of()
                                : by.claims().stream().filter(Claim::isGranted).toList();
                for (Reply r = replies.peek();
                        r != null && buffer.remaining() >= r.frame().remaining();
                        r = replies.peek()) {
                    buffer.put(r.frame());
                    r.then().run();
                    replies.remove();
                    replyRoom.release();
                }
                records =
                        replies.isEmpty() && !finishing
                                ? by == null ? 0 : by.fill(this, served, out)
                                : 0;
                if (buffer.position() == 0) {
                    // the last words are there before it is finishing, but maybe not yet when we
                    // looked
                    if (finishing && replies.isEmpty()) {
                        return;
                    }
                    if (!finishing) {
                        sleep();
                    }
                    continue;
                }
                buffer.flip();
                while (buffer.hasRemaining()) {
                    channel.write(buffer);
                }
                if (by != null) {
                    by.read.add(records);
                    records = 0;
                }
            }
        } catch (IOException e) {
            String why = e instanceof ClosedChannelException ? ended : e.getMessage();
            server.log("guest " + user + ": cannot be written to: " + why);
        } finally {
            if (by != null) {
                by.withdrawn.add(records);
            }
            if (!finishing) {
                close("its guest is gone"); // the reader ends with the channel
            }
        }
    }

    /** {@code parked} is set before {@code woken} is looked at, and the waker does it in turn. */
    private void sleep() {
        parked = true;
        if (!woken) {
            LockSupport.park(this);
        }
        parked = false;
    }

    private void awaitWriter() {
        try {
            writer.join(500);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends it, from any thread; more than once does no harm. */
    void close(String why) {
        if (ended == null) {
            ended = why; // before the writer finds the channel closed
        }
        try {
            channel.close();
        } catch (IOException e) {
            server.log("guest " + user + ": " + e.getMessage());
        }
        wake();
        reader.interrupt();
        Session mine = session;
        if (mine != null) {
            mine.detach(this, why);
        }
        RawUnit unit = raw;
        if (unit != null) {
            unit.close();
        }
        server.ended(this);
    }

    String user() {
        return user;
    }

    void join(long millis) throws InterruptedException {
        reader.join(millis);
        writer.join(millis);
    }
}
