package io.faultline.dispatcher.internal;

import java.util.Arrays;

/**
 * What waits on a lane, the one that is due first at its head.
 *
 * <p>Nearly all of it is due in the order in which it came, the same time later: that stands in a
 * ring, in which one that ends early leaves a hole. So coming and going touch nothing but the one
 * that comes or goes, which a heap would not: its members are in another processor's cache while a
 * handler works at them. What is due before one that came earlier is kept in a {@link DueHeap}.
 */
final class DueQueue {
    private Waiting[] ring = new Waiting[256];

    /** Places are counted on and on; the ring holds those from head to tail. */
    private long head;

    private long tail;
    private int live;

    /** When the one is due that was put into the ring last. */
    private long lastDue;

    private final DueHeap early = new DueHeap();

    int size() {
        return live + early.size();
    }

    /** The one that is due first, or null. */
    Waiting first() {
        Waiting other = early.first();
        if (live == 0) {
            return other;
        }
        Waiting first = ring[index(head)];
        return other == null || first.dueNanos - other.dueNanos <= 0 ? first : other;
    }

    void add(Waiting waiting) {
        if (live > 0 && waiting.dueNanos - lastDue < 0) {
            early.add(waiting);
            return;
        }
        if (tail - head == ring.length) {
            makeRoom();
        }
        append(waiting);
        live++;
        lastDue = waiting.dueNanos;
    }

    private void append(Waiting waiting) {
        ring[index(tail)] = waiting;
        waiting.ringPlace = tail++;
    }

    /** Takes one out; nothing happens if it is not there. */
    void remove(Waiting waiting) {
        if (waiting.ringPlace < 0) {
            early.remove(waiting);
            return;
        }
        ring[index(waiting.ringPlace)] = null;
        waiting.ringPlace = -1;
        live--;
        while (head < tail && ring[index(head)] == null) {
            head++;
        }
    }

    /** Puts another one, due at the same time, in the place of one that is there. */
    void replace(Waiting waiting, Waiting by) {
        if (waiting.ringPlace < 0) {
            early.replace(waiting, by);
            return;
        }
        ring[index(waiting.ringPlace)] = by;
        by.ringPlace = waiting.ringPlace;
        waiting.ringPlace = -1;
    }

    /** All of them, in no order. */
    Waiting[] all() {
        Waiting[] others = early.all();
        Waiting[] all = Arrays.copyOf(others, size());
        int n = others.length;
        for (long place = head; place < tail; place++) {
            Waiting waiting = ring[index(place)];
            if (waiting != null) {
                all[n++] = waiting;
            }
        }
        return all;
    }

    /** Closes the holes; a ring that has few of them grows. */
    private void makeRoom() {
        Waiting[] old = ring;
        int mask = old.length - 1;
        if (live > old.length / 2) {
            ring = new Waiting[2 * old.length];
        }
        long end = tail;
        long from = head;
        tail = head;
        for (long place = from; place < end; place++) {
            int i = (int) place & mask;
            Waiting waiting = old[i];
            old[i] = null;
            if (waiting != null) {
                append(waiting);
            }
        }
    }

    private int index(long place) {
        return (int) place & (ring.length - 1);
    }
}
