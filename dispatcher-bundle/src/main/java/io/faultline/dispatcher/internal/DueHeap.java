package io.faultline.dispatcher.internal;

import java.util.Arrays;

/**
 * What is due before something that came earlier, the one that is due first at the top. A binary
 * heap whose members know their place, so that one that ends early leaves at once.
 */
final class DueHeap {
    private Waiting[] heap = new Waiting[64];
    private int size;

    int size() {
        return size;
    }

    /** The one that is due first, or null. */
    Waiting first() {
        return size == 0 ? null : heap[0];
    }

    void add(Waiting waiting) {
        if (size == heap.length) {
            heap = Arrays.copyOf(heap, 2 * size);
        }
        rise(size++, waiting);
    }

    /** Takes one out; nothing happens if it is not there. */
    void remove(Waiting waiting) {
        int i = waiting.heapIndex;
        if (i < 0) {
            return;
        }
        waiting.heapIndex = -1;
        Waiting moved = heap[--size];
        heap[size] = null;
        if (moved != waiting) {
            rise(i, moved);
            sink(moved.heapIndex, moved);
        }
    }

    /** Puts another one, due at the same time, in the place of one that is there. */
    void replace(Waiting waiting, Waiting by) {
        place(waiting.heapIndex, by);
        waiting.heapIndex = -1;
    }

    /** All of them, in no order. */
    Waiting[] all() {
        return Arrays.copyOf(heap, size);
    }

    private void rise(int from, Waiting waiting) {
        int i = from;
        while (i > 0) {
            int parent = (i - 1) >>> 1;
            if (heap[parent].dueNanos - waiting.dueNanos <= 0) {
                break;
            }
            place(i, heap[parent]);
            i = parent;
        }
        place(i, waiting);
    }

    private void sink(int from, Waiting waiting) {
        int i = from;
        for (int child = 2 * i + 1; child < size; child = 2 * i + 1) {
            if (child + 1 < size && heap[child + 1].dueNanos - heap[child].dueNanos < 0) {
                child++;
            }
            if (waiting.dueNanos - heap[child].dueNanos <= 0) {
                break;
            }
            place(i, heap[child]);
            i = child;
        }
        place(i, waiting);
    }

    private void place(int i, Waiting waiting) {
        heap[i] = waiting;
        waiting.heapIndex = i;
    }
}
