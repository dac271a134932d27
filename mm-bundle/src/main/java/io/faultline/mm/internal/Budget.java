package io.faultline.mm.internal;

import java.util.concurrent.atomic.AtomicLong;

/** So much of something, and no more. */
final class Budget {
    private final long limit;
    private final AtomicLong used = new AtomicLong();

    Budget(long limit) {
        this.limit = limit;
    }

    /** Takes some, if there is as much left. */
    boolean take(long amount) {
        if (amount == 0) {
            return true;
        }
        if (limit == Long.MAX_VALUE) {
            used.getAndAdd(amount);
            return true;
        }
        long before = used.get();
        while (before + amount <= limit) {
            long seen = used.compareAndExchange(before, before + amount);
            if (seen == before) {
                return true;
            }
            before = seen;
        }
        return false;
    }

    /** Gives some back; a negative amount is taken whether there is as much left or not. */
    void giveBack(long amount) {
        if (amount != 0) {
            used.getAndAdd(-amount);
        }
    }

    long used() {
        return used.get();
    }
}
