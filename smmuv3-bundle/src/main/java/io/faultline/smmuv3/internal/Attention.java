package io.faultline.smmuv3.internal;

import io.faultline.handler.Ticker;
import java.util.concurrent.TimeUnit;

/**
 * When registers are worth a look: a read of one is the dearest step of a fault's way. After an
 * interrupt at once; otherwise now and then, which is all there is without an interrupt, and covers
 * one that was lost.
 *
 * <p><b>Order.</b> The call is forgotten before the registers are read, so an interrupt that comes
 * while they are read leads to another look.
 */
final class Attention {
    /** How often to look where an interrupt says when. */
    private static final long RARELY_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final Ticker ticker;
    private volatile long everyNanos;
    private volatile boolean interrupted;
    private volatile boolean called = true;
    private volatile Runnable wake;

    /** When the registers were read last; the reader's. */
    private long lookedNanos;

    /**
     * @param everyNanos how often to look as long as nobody calls
     */
    Attention(Ticker ticker, long everyNanos) {
        this.ticker = ticker;
        this.everyNanos = everyNanos;
    }

    /** There is an interrupt that calls. */
    void rely() {
        everyNanos = RARELY_NANOS;
        interrupted = true;
    }

    /** Whether an interrupt calls. */
    boolean isInterrupted() {
        return interrupted;
    }

    /** An interrupt; from any thread. */
    void call() {
        called = true;
        Runnable present = wake;
        if (present != null) {
            present.run();
        }
    }

    /** Names who else is to be woken by it; null: nobody. */
    void wakes(Runnable listener) {
        wake = listener;
    }

    /** Whether to look now; if so, the caller looks. */
    boolean take() {
        long now = ticker.nanos();
        if (!called && now - lookedNanos < everyNanos) {
            return false;
        }
        called = false;
        lookedNanos = now;
        return true;
    }
}
