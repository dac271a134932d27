package io.faultline.testkit;

import io.faultline.handler.Ticker;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A clock that stands until a test moves it.
 *
 * <p><b>Threads.</b> Safe for any thread.
 */
public final class ManualTicker implements Ticker {
    private final AtomicLong nanos;

    /** A clock at 0. */
    public ManualTicker() {
        this(0);
    }

    /**
     * A clock at some time.
     *
     * @param nanos where it begins; any value, as {@link System#nanoTime()} may have any
     */
    public ManualTicker(long nanos) {
        this.nanos = new AtomicLong(nanos);
    }

    @Override
    public long nanos() {
        return nanos.get();
    }

    /**
     * Moves the clock forward.
     *
     * @param by how far; not negative, since a ticker never goes back
     * @return the new time
     * @throws IllegalArgumentException if {@code by} is negative
     */
    public long advance(Duration by) {
        return advanceNanos(by.toNanos());
    }

    /**
     * Moves the clock forward.
     *
     * @param by how far, in nanoseconds; not negative
     * @return the new time
     * @throws IllegalArgumentException if {@code by} is negative
     */
    public long advanceNanos(long by) {
        if (by < 0) {
            throw new IllegalArgumentException("by=" + by + " ns: a ticker never goes back");
        }
        return nanos.addAndGet(by);
    }
}
