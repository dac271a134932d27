package io.faultline.guest.internal;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Events that found no room, until their guest is told how many. With the next event that fits it
 * is told of all; where none comes, of those of batches that were published.
 *
 * <p>All three only count up, and who tells moves {@code told} up in one step: each loss is told
 * once. Safe for any thread.
 */
final class Losses {
    private final AtomicLong lost = new AtomicLong();
    private final AtomicLong published = new AtomicLong();
    private final AtomicLong told = new AtomicLong();

    void add(long events) {
        lost.addAndGet(events);
    }

    /** Lets all be told. */
    void publish() {
        long all = lost.get();
        if (published.get() < all) {
            published.accumulateAndGet(all, Math::max);
        }
    }

    /** Those that nobody has told of. */
    long untold() {
        return lost.get() - told.get();
    }

    boolean hasPublished() {
        return published.get() > told.get();
    }

    /** Those that the next event tells of. */
    long takeAll() {
        return untold() == 0 ? 0 : takeUpTo(lost.get());
    }

    /** Those that are told of without an event. */
    long takePublished() {
        return hasPublished() ? takeUpTo(published.get()) : 0;
    }

    private long takeUpTo(long count) {
        return Math.max(0, count - told.getAndAccumulate(count, Math::max));
    }
}
