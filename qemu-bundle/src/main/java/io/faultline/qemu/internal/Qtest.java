package io.faultline.qemu.internal;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/**
 * QEMU's qtest socket: a line for each command, a line for each answer, in the same order; between
 * them lines that tell of interrupts.
 *
 * <p>Writes are posted: nobody waits for their answers, but only so many are under way. A command
 * that QEMU refuses, or that is not answered in time, is the end: nothing that comes later could be
 * trusted.
 *
 * <p>Who waits for an answer reads the socket for a moment, for everybody: the answer is there
 * before a thread of its own could be woken for it. What nobody waits for, or not any more, is read
 * by that thread; it keeps away while those who wait follow on each other, and comes as soon as one
 * of them sleeps.
 *
 * <p><b>Threads.</b> Safe for any thread. Interrupts are told on the thread that reads the socket,
 * any one that waits.
 */
final class Qtest implements AutoCloseable {
    private static final int MOST_UNDER_WAY = 1024;
    private static final int BUFFER_BYTES = 1 << 16;
    private static final int SPINS_NANOS = 40_000;
    private static final int BREAK_NANOS = 1_000;

    /**
     * The same while QEMU tells of one interrupt after the other before it comes to the answer: for
     * each of two lines that are read one by one it has to wait for who reads, or to wake him.
     */
    private static final int LONGEST_BREAK_NANOS = 32_000;

    /** So often without a break; a single fault is told by two or three lines. */
    private static final int MANY_IN_A_ROW = 4;

    /** Who gave way for so long did not let in one that answers soon. */
    private static final long GAVE_MUCH_NANOS = TimeUnit.MICROSECONDS.toNanos(500);

    /** That twice in so short a time: processors are busy with other things. */
    private static final long TWICE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private static final long BUSY_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private static final long PARK_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private static final byte[] RAISE = "IRQ raise ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] LOWER = "IRQ lower ".getBytes(StandardCharsets.US_ASCII);

    private final SocketChannel socket;
    private final long limitNanos;
    private final IntConsumer raised;
    private final Consumer<String> ended;
    private final Thread reader;

    /** What is sent and not answered, in order; guarded by itself. */
    private final ArrayDeque<Answer> underWay = new ArrayDeque<>();

    /**
     * Held while a command is written, so that answers come in the order of {@link #underWay}. Not
     * that lock: a write may have to wait until QEMU reads, and QEMU until its answers are taken.
     */
    private final Object sending = new Object();

    /** Lines of {@link #together} that are not sent yet; guarded by {@link #sending}. */
    private final ByteArrayOutputStream held = new ByteArrayOutputStream();

    private boolean holding;

    /** Held by who reads the socket; guards {@link #buffer}. */
    private final ReentrantLock reading = new ReentrantLock();

    private final byte[] bytes = new byte[BUFFER_BYTES];
    private final ByteBuffer buffer = ByteBuffer.wrap(bytes);
    private final Selector selector;

    private volatile String over;

    /** When one who waits has read last, and how many of those who wait sleep. */
    private volatile long readNanos;

    private final AtomicInteger asleep = new AtomicInteger();

    /** Nobody gives way until then. */
    private volatile long busyUntil = System.nanoTime();

    /** When somebody had given way for long. */
    private volatile long gaveMuchNanos = busyUntil - TWICE_NANOS;

    /** What a command is answered. */
    private static final class Answer {
        final String command;
        final Thread waiting;
        private volatile String text;

        Answer(String command, Thread waiting) {
            this.command = command;
            this.waiting = waiting;
        }
    }

    /**
     * Begins to read.
     *
     * @param limitNanos how long a command may take
     * @param raised is told the number of an interrupt line that was raised; quick
     * @param ended is told once why nothing comes any more
     * @throws IOException if the socket is broken
     */
    Qtest(
            String name,
            SocketChannel socket,
            long limitNanos,
            IntConsumer raised,
            Consumer<String> ended)
            throws IOException {
        this.socket = socket;
        this.selector = Selector.open();
        socket.configureBlocking(false);
        socket.register(selector, SelectionKey.OP_READ);
        this.limitNanos = limitNanos;
        this.raised = raised;
        this.ended = ended;
        this.reader = new Thread(this::read, "faultline-qtest-" + name);
        reader.setDaemon(true);
        reader.start();
    }

    /** Why nothing comes any more; null while something may. */
    String over() {
        return over;
    }

    int read32(long address) {
        return (int) value("readl 0x" + Long.toHexString(address));
    }

    long read64(long address) {
        return value("readq 0x" + Long.toHexString(address));
    }

    void write8(long address, int value) {
        post(write("writeb", address, value & 0xff));
    }

    void write16(long address, int value) {
        post(write("writew", address, value & 0xffff));
    }

    void write32(long address, int value) {
        post(write("writel", address, Integer.toUnsignedLong(value)));
    }

    void write64(long address, long value) {
        post(write("writeq", address, value));
    }

    private static String write(String width, long address, long value) {
        return width + " 0x" + Long.toHexString(address) + " 0x" + Long.toHexString(value);
    }

    /** Writes to an I/O port and reads from another, with nothing in between. */
    synchronized int portWriteRead(int writePort, int value, int readPort) {
        portWrite(writePort, value);
        return (int) value("inl 0x" + Integer.toHexString(readPort));
    }

    /** Writes to two I/O ports, with nothing in between. */
    synchronized void portWrites(int firstPort, int first, int secondPort, int second) {
        portWrite(firstPort, first);
        portWrite(secondPort, second);
    }

    private void portWrite(int port, int value) {
        post(write("outl", port, Integer.toUnsignedLong(value)));
    }

    /** From now on interrupts that arrive at a device are told, and do not reach it. */
    void interceptInterrupts(String devicePath) {
        await(send("irq_intercept_in " + devicePath, true));
    }

    /**
     * What is posted meanwhile by this thread is sent at once, at the end or when it is waited for.
     * Others who send wait so long.
     */
    synchronized void together(Runnable posts) {
        synchronized (sending) {
            holding = true;
            try {
                posts.run();
            } finally {
                holding = false;
                sendHeld();
            }
        }
    }

    /** Waits until all that was posted has taken effect. */
    void flush() {
        Answer last;
        synchronized (underWay) {
            last = underWay.peekLast();
        }
        if (last != null) {
            await(last);
        }
    }

    private long value(String command) {
        String answer = await(send(command, true));
        try {
            return Long.parseUnsignedLong(answer, 5, answer.length(), 16); // OK 0x...
        } catch (NumberFormatException | IndexOutOfBoundsException e) {
            throw end("QEMU answers '" + answer + "' to '" + command + "'", e);
        }
    }

    private void post(String command) {
        Answer answer = send(command, false);
        boolean many;
        synchronized (underWay) {
            many = underWay.size() > MOST_UNDER_WAY;
        }
        if (many) {
            synchronized (sending) {
                sendHeld();
            }
            await(answer);
        }
    }

    private Answer send(String command, boolean waits) {
        Answer answer = new Answer(command, waits ? Thread.currentThread() : null);
        synchronized (sending) {
            synchronized (underWay) {
                refuseIfOver();
                underWay.add(answer);
            }
            held.writeBytes(command.getBytes(StandardCharsets.US_ASCII));
            held.write('\n');
            if (waits || !holding) {
                sendHeld();
            }
        }
        return answer;
    }

    /** By who holds {@link #sending}. */
    private void sendHeld() {
        ByteBuffer lines = ByteBuffer.wrap(held.toByteArray());
        held.reset();
        try {
            while (lines.hasRemaining()) {
                if (socket.write(lines) == 0) { // QEMU is busy; its answers are read meanwhile
                    refuseIfOver();
                    LockSupport.parkNanos(this, SPINS_NANOS);
                }
            }
        } catch (IOException e) {
            throw end("the socket to QEMU is broken: " + e.getMessage(), e);
        }
    }

    private void refuseIfOver() {
        if (over != null) {
            throw new IllegalStateException(over);
        }
    }

    /** Reads for a moment first: an answer takes some ten microseconds, a sleep a lot more. */
    private String await(Answer answer) {
        long since = System.nanoTime();
        long awake = since;
        while (answer.text == null) {
            refuseIfOver();
            long now = System.nanoTime();
            if (now - since > limitNanos) {
                throw late(answer);
            } else if (now - awake > SPINS_NANOS) {
                sleep(answer);
                awake = System.nanoTime();
            } else if (reading.tryLock()) {
                readUntil(answer, since + limitNanos);
            } else {
                giveWay(); // another one reads
            }
        }
        return answer.text;
    }

    /**
     * On few processors it may be QEMU itself that needs this one. Where others work, each time
     * would cost a time slice: then not.
     */
    @SuppressWarnings("ThreadPriorityCheck") // nothing depends on it but time
    private void giveWay() {
        long before = System.nanoTime();
        if (before - busyUntil < 0) {
            Thread.onSpinWait();
            return;
        }
        Thread.yield();
        long now = System.nanoTime();
        if (now - before > GAVE_MUCH_NANOS) {
            if (now - gaveMuchNanos < TWICE_NANOS) {
                busyUntil = now + BUSY_NANOS;
            }
            gaveMuchNanos = now;
        }
    }

    /** Until the answer is there, or nobody reads any more, or for a moment. */
    private void sleep(Answer answer) {
        asleep.incrementAndGet();
        LockSupport.unpark(reader);
        boolean isWoken = answer.waiting == Thread.currentThread();
        LockSupport.parkNanos(this, isWoken ? PARK_NANOS : SPINS_NANOS);
        asleep.decrementAndGet();
    }

    /** Reads as long as there is something, or may be in a moment. */
    private void readUntil(Answer answer, long deadline) {
        try {
            long now = System.nanoTime();
            long last = now;
            long breakNanos = BREAK_NANOS;
            while (answer.text == null
                    && over == null
                    && now - last < SPINS_NANOS
                    && now - deadline < 0) {
                if (take()) {
                    last = System.nanoTime();
                    breakNanos = Math.min(2 * breakNanos, LONGEST_BREAK_NANOS);
                }
                now = answer.text == null ? pause(breakNanos) : last;
            }
        } catch (IOException | IllegalStateException e) {
            throw end("the socket to QEMU is broken: " + e.getMessage(), e);
        } finally {
            readNanos = System.nanoTime();
            reading.unlock();
            if (asleep.get() > 0) {
                wakeNext();
            }
        }
    }

    /** Who sleeps and waits for the next answer reads it himself. */
    private void wakeNext() {
        synchronized (underWay) {
            for (Answer next : underWay) {
                if (next.waiting != null && next.waiting != Thread.currentThread()) {
                    LockSupport.unpark(next.waiting);
                    return;
                }
            }
        }
    }

    /** Who reads without a break keeps QEMU from writing; says what time it is then. */
    private long pause(long nanos) {
        long since = System.nanoTime();
        giveWay();
        long now = since;
        while (now - since < nanos) {
            Thread.onSpinWait();
            now = System.nanoTime();
        }
        return now;
    }

    private IllegalStateException late(Answer answer) {
        return end(
                "QEMU has not answered '%s' within %d ms"
                        .formatted(answer.command, TimeUnit.NANOSECONDS.toMillis(limitNanos)),
                null);
    }

    // --- the reader

    private void read() {
        try (selector) {
            long last = System.nanoTime();
            int inARow = 0;
            int waiters = 0;
            while (over == null) {
                selector.select();
                selector.selectedKeys().clear();
                if (reading.tryLock()) {
                    waiters = System.nanoTime() - readNanos < SPINS_NANOS ? waiters : 0;
                } else if (++waiters > MANY_IN_A_ROW && asleep.get() == 0) {
                    keepAway();
                    continue;
                } else {
                    reading.lock();
                }
                try {
                    take();
                } finally {
                    reading.unlock();
                }
                long now = System.nanoTime();
                inARow = now - last < LONGEST_BREAK_NANOS ? inARow + 1 : 0;
                if (inARow >= MANY_IN_A_ROW) {
                    LockSupport.parkNanos(this, LONGEST_BREAK_NANOS); // more is to come
                    now = System.nanoTime();
                }
                last = now;
            }
        } catch (IOException | IllegalStateException e) {
            end("the socket to QEMU is broken: " + e.getMessage(), e);
        }
    }

    /**
     * While one who waits after the other reads, being woken for each line would only be in the
     * way.
     */
    private void keepAway() {
        do {
            LockSupport.parkNanos(this, 2 * SPINS_NANOS);
        } while (asleep.get() == 0
                && (reading.isLocked() || System.nanoTime() - readNanos < SPINS_NANOS));
    }

    /** Reads what is there; says whether there was something. By who holds {@link #reading}. */
    private boolean take() throws IOException {
        if (over != null) {
            return false;
        }
        int n = socket.read(buffer);
        if (n < 0) {
            end("QEMU has closed its socket", null);
        } else if (n > 0) {
            takeLines();
        }
        return n > 0;
    }

    private void takeLines() {
        int from = 0;
        for (int at = 0; at < buffer.position(); at++) {
            if (bytes[at] == '\n') {
                takeLine(from, at);
                from = at + 1;
            }
        }
        if (from == 0 && !buffer.hasRemaining()) {
            throw new IllegalStateException("a line of more than " + BUFFER_BYTES + " bytes");
        }
        buffer.flip().position(from);
        buffer.compact();
    }

    private void takeLine(int from, int to) {
        if (begins(RAISE, from, to)) {
            raised.accept(number(from + RAISE.length, to));
        } else if (!begins(LOWER, from, to)) {
            answered(new String(bytes, from, to - from, StandardCharsets.US_ASCII).strip());
        }
    }

    private boolean begins(byte[] with, int from, int to) {
        return to - from > with.length
                && java.util.Arrays.equals(with, 0, with.length, bytes, from, from + with.length);
    }

    private int number(int from, int to) {
        int number = 0;
        for (int at = from; at < to && bytes[at] >= '0' && bytes[at] <= '9'; at++) {
            number = 10 * number + bytes[at] - '0';
        }
        return number;
    }

    private void answered(String text) {
        Answer answer;
        synchronized (underWay) {
            answer = underWay.poll();
        }
        if (answer == null) {
            throw new IllegalStateException("'" + text + "' answers nothing");
        }
        answer.text = text;
        if (!text.startsWith("OK")) {
            throw new IllegalStateException(
                    "QEMU answers '" + text + "' to '" + answer.command + "'");
        }
        if (answer.waiting != Thread.currentThread()) {
            LockSupport.unpark(answer.waiting);
        }
    }

    // --- the end

    /** The first reason stays. */
    private IllegalStateException end(String why, Exception cause) {
        boolean first;
        synchronized (underWay) {
            first = over == null;
            if (first) {
                over = why;
                underWay.forEach(answer -> LockSupport.unpark(answer.waiting));
                underWay.clear();
            }
        }
        if (first) {
            closeSocket();
            ended.accept(why);
        }
        return new IllegalStateException(over, cause);
    }

    private void closeSocket() {
        try {
            socket.close();
            selector.wakeup(); // the descriptor goes with the selector's key
        } catch (IOException e) {
            throw new IllegalStateException(e); // a local socket has nothing left to write
        }
    }

    /** Ends the connection; {@code ended} is told so. */
    @Override
    public void close() {
        end("the connection is closed", null);
    }
}
