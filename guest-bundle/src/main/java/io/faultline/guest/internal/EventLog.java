package io.faultline.guest.internal;

import io.faultline.fault.UnrecoverableFault;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Events between lanes and a guest's writer, as the guest sees them: records in segments, one after
 * another, and no object for each. How many wait is bounded by the places of their session.
 *
 * <p><b>Threads.</b> Lanes add and publish under {@code lanes}; one claim's events come from one
 * lane, so nobody waits for it in practice. Who takes holds this object's lock, which no lane
 * takes. The two meet in {@code published}: what was written before it was set (release) is read
 * after it was looked at (acquire), segments and their ends among it. It is set once a batch, not
 * once an event.
 */
final class EventLog {
    private static final int SEGMENT = 64;

    private final Object lanes = new Object();
    private final AtomicLong added = new AtomicLong();
    private final AtomicLong published = new AtomicLong();
    private final AtomicLong taken = new AtomicLong();

    /** Where lanes write. */
    private Segment last = new Segment(0, 0);

    /** Where events are taken. */
    private Segment first = last;

    /** Some events whose records have the same length, each behind a count of those lost. */
    private static final class Segment {
        final int recordBytes;
        final ByteBuffer slots;

        /** How many events it has once another one follows it. */
        int end;

        int taken;
        Segment next;

        Segment(int recordBytes, int end) {
            this.recordBytes = recordBytes;
            this.end = end;
            slots = Frame.buffer(end * (Long.BYTES + recordBytes));
        }
    }

    /** Takes events. */
    interface Sink {
        /**
         * Takes one.
         *
         * @param lostBefore how many events were lost before it
         * @param from what holds its record, little-endian
         * @param at where that begins
         * @param bytes its length, whole words
         */
        void event(long lostBefore, ByteBuffer from, int at, int bytes);
    }

    /** Adds an event; it is taken once it is published. */
    void add(UnrecoverableFault event, EventFormat format, int virtualId, long lostBefore) {
        synchronized (lanes) {
            ByteBuffer slots = room(format.bytes()).putLong(lostBefore);
            format.put(event, virtualId, slots);
            added.setRelease(added.getPlain() + 1);
        }
    }

    /** Adds a record that another log had. */
    void add(byte[] words, long lostBefore) {
        synchronized (lanes) {
            room(words.length).putLong(lostBefore).put(words);
            added.setRelease(added.getPlain() + 1);
        }
    }

    private ByteBuffer room(int recordBytes) {
        Segment present = last;
        if (present.recordBytes != recordBytes || !present.slots.hasRemaining()) {
            present.end = present.slots.position() / (Long.BYTES + present.recordBytes);
            last = new Segment(recordBytes, SEGMENT);
            present.next = last;
        }
        return last.slots;
    }

    /** Lets all that were added be taken. */
    void publish() {
        synchronized (lanes) {
            published.setRelease(added.getPlain());
        }
    }

    /**
     * Takes published events out, in order.
     *
     * @return how many
     */
    synchronized int drain(Sink to, int most) {
        int all = (int) Math.min(most, published.getAcquire() - taken.getPlain());
        for (int left = all; left > 0; ) {
            Segment segment = first;
            if (segment.taken == segment.end) {
                first = segment.next;
                continue;
            }
            int some = Math.min(left, segment.end - segment.taken);
            int stride = Long.BYTES + segment.recordBytes;
            int at = segment.taken * stride;
            for (int i = 0; i < some; i++, at += stride) {
                ByteBuffer slots = segment.slots;
                to.event(slots.getLong(at), slots, at + Long.BYTES, segment.recordBytes);
            }
            segment.taken += some;
            left -= some;
        }
        taken.setRelease(taken.getPlain() + all);
        return all;
    }

    /** Whether some may be taken. */
    boolean hasPublished() {
        return published.getAcquire() != taken.getAcquire();
    }

    /** How many wait, whether or not they are published. */
    int size() {
        long before = taken.getAcquire(); // first: what was taken was added before
        return (int) (added.getAcquire() - before);
    }
}
