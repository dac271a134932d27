package io.faultline.guest.internal;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * What waits between lanes and a guest's writer, in order: groups, and withdrawals of groups. A
 * writer that is awake, or that has just been blocked, finds nothing of a batch before the batch is
 * published. How much waits is bounded by whoever adds.
 *
 * <p><b>Threads.</b> As in {@link EventLog}: lanes add and publish under {@code lanes}, which is
 * nobody else's; who takes holds this object's lock. What was written before {@code published} was
 * set (release) is read after it was looked at (acquire). It is set once a batch.
 *
 * @param <E> what it holds; nothing of it is kept once it was taken
 */
final class BatchLog<E> {
    private static final int SEGMENT = 64;

    private final Object lanes = new Object();
    private final AtomicLong added = new AtomicLong();
    private final AtomicLong published = new AtomicLong();
    private final AtomicLong taken = new AtomicLong();

    /** Where lanes write. */
    private Segment last = new Segment();

    /** Where elements are taken. */
    private Segment first = last;

    /** Some elements; its place in the order says which. */
    private static final class Segment {
        final Object[] slots = new Object[SEGMENT];
        Segment next;
    }

    /** Adds an element; it is taken once it is published. */
    void add(E element) {
        synchronized (lanes) {
            long place = added.getPlain();
            int slot = (int) (place % SEGMENT);
            if (slot == 0 && place > 0) {
                Segment fresh = new Segment();
                last.next = fresh;
                last = fresh;
            }
            last.slots[slot] = element;
            added.setRelease(place + 1);
        }
    }

    /** Lets all that were added be taken. */
    void publish() {
        synchronized (lanes) {
            published.setRelease(added.getPlain());
        }
    }

    /**
     * Takes published elements out, in order.
     *
     * @return how many
     */
    synchronized int drain(Consumer<? super E> to, int most) {
        long from = taken.getPlain();
        int all = (int) Math.min(most, published.getAcquire() - from);
        for (long place = from; place < from + all; place++) {
            int slot = (int) (place % SEGMENT);
            if (slot == 0 && place > 0) {
                first = first.next;
            }
            @SuppressWarnings("unchecked") // add() takes nothing else
            E element = (E) first.slots[slot];
            first.slots[slot] = null;
            to.accept(element);
        }
        taken.setRelease(from + all);
        return all;
    }

    /** Whether some may be taken. */
    boolean hasPublished() {
        return published.getAcquire() != taken.getAcquire();
    }
}
