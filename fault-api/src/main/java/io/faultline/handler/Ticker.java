package io.faultline.handler;

/**
 * The one clock of lanes, watchdog and deadlines. Lanes read it once a batch; tests use one that
 * they move by hand.
 */
@FunctionalInterface
public interface Ticker {
    /** The machine's monotonic clock. */
    Ticker SYSTEM = System::nanoTime;

    /**
     * The time.
     *
     * @return nanoseconds since some fixed moment; never goes back
     */
    long nanos();
}
