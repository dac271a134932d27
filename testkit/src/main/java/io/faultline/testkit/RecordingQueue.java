package io.faultline.testkit;

import io.faultline.hardware.RecordQueue;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A hardware queue in memory, for which a test is the hardware: it writes records, lets the ring
 * wrap and overflow, and breaks its indices.
 *
 * <p><b>Threads.</b> Safe for any thread, so that a test may write while a lane reads.
 */
public final class RecordingQueue implements RecordQueue {
    private final String kind;
    private final int recordBytes;
    private final int slots;
    private final ByteBuffer memory;
    private long produced;
    private long consumed;
    private boolean overflowed;
    private boolean inconsistent;
    private boolean ended;
    private int acknowledged;
    private Runnable wake;

    /**
     * An empty queue.
     *
     * @param kind the word that names its decoder, together with the unit's architecture
     * @param recordBytes the length of a record
     * @param slots how many records the ring holds, at least 1
     */
    public RecordingQueue(String kind, int recordBytes, int slots) {
        this.kind = kind;
        this.recordBytes = recordBytes;
        this.slots = slots;
        this.memory = ByteBuffer.allocateDirect(recordBytes * slots).order(ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * Writes a record and wakes who listens. A full queue loses it and has overflowed, as hardware
     * does.
     *
     * @param record its bytes in memory order
     * @return false if it was lost
     * @throws IllegalArgumentException if {@code record} has not the length of a record
     */
    public boolean write(byte[] record) {
        if (record.length != recordBytes) {
            throw new IllegalArgumentException(
                    "record.length=" + record.length + ", recordBytes=" + recordBytes);
        }
        Runnable listener;
        synchronized (this) {
            if (produced - consumed == slots) {
                overflowed = true;
                return false;
            }
            memory.put((int) (produced % slots) * recordBytes, record);
            produced++;
            listener = wake;
        }
        wake(listener);
        return true;
    }

    /**
     * Writes a record given as 64-bit words.
     *
     * @param words as many as a record has
     * @return false if it was lost
     */
    public boolean write(long... words) {
        ByteBuffer record = ByteBuffer.allocate(recordBytes).order(ByteOrder.LITTLE_ENDIAN);
        if (words.length * Long.BYTES != recordBytes) {
            throw new IllegalArgumentException(
                    "words.length=" + words.length + ", recordBytes=" + recordBytes);
        }
        record.asLongBuffer().put(words);
        return write(record.array());
    }

    /** Hardware lost a record that it could not write. */
    public synchronized void overflow() {
        overflowed = true;
    }

    /**
     * Makes the index registers contradict each other, or agree again.
     *
     * @param contradict whether {@link #available()} says {@link RecordQueue#INCONSISTENT}
     */
    public synchronized void inconsistent(boolean contradict) {
        inconsistent = contradict;
    }

    /** No record will come after those that wait. */
    public void end() {
        Runnable listener;
        synchronized (this) {
            ended = true;
            listener = wake;
        }
        wake(listener);
    }

    /** Outside the lock: it may call back. */
    private static void wake(Runnable listener) {
        if (listener != null) {
            listener.run();
        }
    }

    /**
     * How many records were given back.
     *
     * @return since the queue was made
     */
    public synchronized long consumedRecords() {
        return consumed;
    }

    /**
     * How many overflows were acknowledged.
     *
     * @return since the queue was made
     */
    public synchronized int acknowledgements() {
        return acknowledged;
    }

    @Override
    public String kind() {
        return kind;
    }

    @Override
    public synchronized int available() {
        if (inconsistent) {
            return INCONSISTENT;
        }
        int waiting = (int) (produced - consumed);
        return waiting == 0 && ended ? ENDED : waiting;
    }

    @Override
    public synchronized int first() {
        return (int) (consumed % slots);
    }

    @Override
    public int slots() {
        return slots;
    }

    @Override
    public ByteBuffer memory() {
        return memory;
    }

    /**
     * Gives slots back.
     *
     * @throws AssertionError if {@code n} is more than what waits
     */
    @Override
    public synchronized void consumed(int n) {
        if (n < 0 || n > produced - consumed) {
            throw new AssertionError("consumed(" + n + "), waiting: " + (produced - consumed));
        }
        consumed += n;
    }

    @Override
    public synchronized boolean overflowed() {
        return overflowed;
    }

    /**
     * Acknowledges the overflow.
     *
     * @throws AssertionError if nothing has overflowed
     */
    @Override
    public synchronized void acknowledge() {
        if (!overflowed) {
            throw new AssertionError("acknowledge() without an overflow");
        }
        overflowed = false;
        acknowledged++;
    }

    @Override
    public synchronized boolean listen(Runnable newWake) {
        wake = newWake;
        return true;
    }
}
