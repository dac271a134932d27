package io.faultline.guest.internal;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How often a device may be told to ask again: one token each, refilled by time and by each answer
 * that its guest gives (R8).
 */
final class Budget {
    private static final long NANOS_A_TOKEN = TimeUnit.MILLISECONDS.toNanos(10);

    private final AtomicLong tokens;
    private final AtomicLong refilled;

    Budget(int most, long now) {
        tokens = new AtomicLong(most);
        refilled = new AtomicLong(now);
    }

    boolean take(int most, long now) {
        long since = refilled.get();
        long due = (now - since) / NANOS_A_TOKEN;
        if (due > 0 && refilled.compareAndSet(since, since + due * NANOS_A_TOKEN)) {
            give(due, most);
        }
        return tokens.getAndUpdate(n -> Math.max(0, n - 1)) > 0;
    }

    void give(long some, int most) {
        tokens.updateAndGet(n -> Math.min(most, n + some));
    }
}
