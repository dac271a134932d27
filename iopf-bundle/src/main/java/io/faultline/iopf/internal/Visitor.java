package io.faultline.iopf.internal;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * A thread that looks up spaces and calls them: a lane's, or a worker's of the pool. {@link Spaces}
 * makes them.
 *
 * <p><b>Threads.</b> For that one, but for {@link #visits}.
 */
final class Visitor {
    /**
     * The word, 128 bytes from either end of its array: each thread writes its own with a fence at
     * each call, and shall not meet another's in a cache line.
     */
    private static final int WORD = 16;

    private static final int WORDS = 32;

    /** One inline answer in so many is timed: a clock costs as much as a resident page. */
    private static final int TIMED = 64;

    private final long thread = Thread.currentThread().getId();
    private final AtomicLongArray visits = new AtomicLongArray(WORDS);
    private Progress progress;
    private int answers;

    /** Whether it is the calling thread; ids are never used again. */
    boolean isMe() {
        return thread == Thread.currentThread().getId();
    }

    /** Begins a time in which spaces may be looked up and called. */
    void enter() {
        visits.set(WORD, visits.getPlain(WORD) + 1);
    }

    /** Ends it. */
    void leave() {
        visits.setRelease(WORD, visits.getPlain(WORD) + 1);
    }

    /** Odd while it is inside. From any thread. */
    long visits() {
        return visits.get(WORD);
    }

    /** Whether the answer that it is about to find is one of those that are timed. */
    boolean isTimed() {
        return ++answers % TIMED == 0;
    }

    /** Of the requests that this thread has answered. */
    Progress progress() {
        if (progress == null) {
            progress = new Progress();
        }
        return progress;
    }
}
