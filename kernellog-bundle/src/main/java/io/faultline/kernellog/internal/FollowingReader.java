package io.faultline.kernellog.internal;

import io.faultline.handler.Ticker;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Reads a live log on a thread of its own, since a device can only be waited for, and keeps what
 * came until a lane asks for it. If the lane is slow it stops reading: then the kernel's own buffer
 * is overrun, and the records' numbers tell how many were lost.
 *
 * <p><b>Threads.</b> One takes ({@link #read}); all else from any.
 */
final class FollowingReader implements ByteSource {
    /** A record of {@code /dev/kmsg} has up to 8 KiB; a shorter buffer is refused. */
    private static final int CHUNK_BYTES = 16 * 1024;

    private static final int MOST_BYTES_KEPT = 1 << 20;

    /** How often the end of a file is looked at again. */
    private static final long POLL_MILLIS = 250;

    /** How long nothing comes before that is called silence. */
    private static final long SILENCE_NANOS = 250_000_000;

    /** After so many failures in a row it is not that the device was overtaken. */
    private static final int MOST_FAILURES = 4;

    private static final long STOP_MILLIS = 1000;

    private final String name;
    private final FollowedFile file;
    private final OldRecords old;
    private final Ticker ticker;
    private final Thread thread;

    /** Guards what is below. */
    private final ReentrantLock lock = new ReentrantLock();

    private final Condition changed = lock.newCondition();
    private final Deque<byte[]> chunks = new ArrayDeque<>();
    private int bytesKept;
    private int takenOfFirst;
    private boolean stopped;
    private boolean ended;
    private long lastNanos;
    private boolean silenceTold = true;
    private Runnable wake;

    /**
     * @param name for messages
     * @param file closed with this
     * @param old which records are passed over; null for none
     */
    FollowingReader(String name, FollowedFile file, OldRecords old, Ticker ticker) {
        this.name = name;
        this.file = file;
        this.old = old;
        this.ticker = ticker;
        this.thread = new Thread(this::follow, "faultline-kernellog " + name);
        this.thread.setDaemon(true);
    }

    /** Begins to read. */
    void start() {
        thread.start();
    }

    /** Whether nothing more is read, by wish or for a failure. */
    boolean hasEnded() {
        lock.lock();
        try {
            return ended;
        } finally {
            lock.unlock();
        }
    }

    /** Names who is told when there is something after nothing; null for nobody. */
    void listen(Runnable listener) {
        lock.lock();
        try {
            wake = listener;
        } finally {
            lock.unlock();
        }
    }

    private void follow() {
        byte[] bytes = new byte[CHUNK_BYTES];
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        int failures = 0;
        boolean goesOn = true;
        while (goesOn) {
            buffer.clear();
            long before = ticker.nanos();
            try {
                int read = file.read(buffer);
                failures = 0;
                if (read <= 0) {
                    goesOn = pause();
                } else if (old == null || !old.isOld(bytes, read, ticker.nanos() - before)) {
                    goesOn = keep(Arrays.copyOf(bytes, read));
                } else {
                    goesOn = !isStopped();
                }
            } catch (IOException e) {
                // EPIPE says that records were overwritten before they were read: their numbers
                // will tell how many. There is no other way to know it from other failures.
                goesOn = !isStopped() && ++failures < MOST_FAILURES;
                if (failures == MOST_FAILURES) {
                    Messages.LOG.log(
                            Level.WARNING,
                            "kernellog: {0}: cannot be read any further: {1}; not followed any more",
                            name,
                            e.getMessage());
                }
            }
        }
        end();
    }

    private boolean isStopped() {
        lock.lock();
        try {
            return stopped;
        } finally {
            lock.unlock();
        }
    }

    /** Waits before the end of a file is looked at again; false if it is not. */
    private boolean pause() {
        lock.lock();
        try {
            long left = TimeUnit.MILLISECONDS.toNanos(POLL_MILLIS);
            while (!stopped && left > 0) {
                left = changed.awaitNanos(left);
            }
            return !stopped;
        } catch (InterruptedException e) {
            return false;
        } finally {
            lock.unlock();
        }
    }

    /** Keeps some bytes, once there is room for them; false if nobody wants them any more. */
    private boolean keep(byte[] chunk) {
        Runnable toWake;
        lock.lock();
        try {
            while (!stopped && bytesKept + chunk.length > MOST_BYTES_KEPT) {
                changed.await();
            }
            if (stopped) {
                return false;
            }
            toWake = chunks.isEmpty() ? wake : null;
            chunks.add(chunk);
            bytesKept += chunk.length;
            lastNanos = ticker.nanos();
            silenceTold = false;
        } catch (InterruptedException e) {
            return false;
        } finally {
            lock.unlock();
        }
        if (toWake != null) {
            toWake.run();
        }
        return true;
    }

    private void end() {
        Runnable toWake;
        lock.lock();
        try {
            ended = true;
            toWake = wake;
        } finally {
            lock.unlock();
        }
        if (toWake != null) {
            toWake.run();
        }
    }

    @Override
    public int read(byte[] into, int from, int length) {
        lock.lock();
        try {
            byte[] first = chunks.peek();
            if (first == null) {
                return ended ? ENDED : 0;
            }
            int count = Math.min(length, first.length - takenOfFirst);
            System.arraycopy(first, takenOfFirst, into, from, count);
            takenOfFirst += count;
            if (takenOfFirst == first.length) {
                chunks.remove();
                bytesKept -= first.length;
                takenOfFirst = 0;
                changed.signalAll();
            }
            return count;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean ready() {
        lock.lock();
        try {
            return !chunks.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /** True once after each time that something came. */
    @Override
    public boolean silent() {
        lock.lock();
        try {
            boolean silent =
                    !silenceTold && chunks.isEmpty() && ticker.nanos() - lastNanos >= SILENCE_NANOS;
            silenceTold |= silent;
            return silent;
        } finally {
            lock.unlock();
        }
    }

    /** Ends the thread. What was read and not taken yet can still be taken. */
    void stop() {
        lock.lock();
        try {
            stopped = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        try {
            file.close();
            thread.join(STOP_MILLIS);
        } catch (IOException e) {
            Messages.LOG.log(Level.WARNING, "kernellog: " + name + ": cannot be closed", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        stop();
    }
}
