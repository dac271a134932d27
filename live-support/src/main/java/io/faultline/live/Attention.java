package io.faultline.live;

import io.faultline.handler.Ticker;
import io.faultline.hardware.HardwareWindow;
import java.util.concurrent.TimeUnit;

/**
 * When registers are worth a look: a read of one is the dearest step of a fault's way. After an
 * interrupt at once; otherwise now and then, which is all there is without an interrupt, and covers
 * one that was lost.
 *
 * <p><b>Threads.</b> {@link #take()} is the reader's, one thread at a time; everything else is safe
 * for any thread.
 *
 * <p><b>Order.</b> The call is forgotten before the registers are read, so an interrupt that comes
 * while they are read leads to another look.
 */
public final class Attention {
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
     * Attention that nothing calls yet; the first look is due.
     *
     * @param ticker the clock
     * @param everyNanos how often to look as long as there is no interrupt
     */
    public Attention(Ticker ticker, long everyNanos) {
        this.ticker = ticker;
        this.everyNanos = everyNanos;
    }

    /**
     * Attention that an interrupt of its own calls, where it can be had.
     *
     * @param window has the interrupt
     * @param which the architecture's word for it
     * @param ticker the clock
     * @param everyNanos how often to look if there is no interrupt
     * @return the first look is due
     */
    public static Attention to(
            HardwareWindow window, String which, Ticker ticker, long everyNanos) {
        Attention attention = new Attention(ticker, everyNanos);
        if (window.onInterrupt(which, attention::call)) {
            attention.rely();
        }
        return attention;
    }

    /** There is an interrupt that calls: without a call a look every 20 ms is enough. */
    public void rely() {
        everyNanos = RARELY_NANOS;
        interrupted = true;
    }

    /**
     * Whether an interrupt calls.
     *
     * @return true after {@link #rely()}
     */
    public boolean isInterrupted() {
        return interrupted;
    }

    /** An interrupt: a look is due. */
    public void call() {
        called = true;
        Runnable present = wake;
        if (present != null) {
            present.run();
        }
    }

    /**
     * Names who else is to be woken by the interrupt.
     *
     * @param listener quick, from any thread; null: nobody
     * @return false if there is no interrupt
     */
    public boolean listen(Runnable listener) {
        wake = listener;
        return interrupted;
    }

    /**
     * Whether to look now.
     *
     * @return if true, the caller looks
     */
    public boolean take() {
        long now = ticker.nanos();
        if (!called && now - lookedNanos < everyNanos) {
            return false;
        }
        called = false;
        lookedNanos = now;
        return true;
    }
}
