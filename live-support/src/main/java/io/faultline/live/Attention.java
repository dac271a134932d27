package io.faultline.live;

import io.faultline.handler.Ticker;
import io.faultline.hardware.HardwareWindow;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * When registers are worth a look: a read of one is the dearest step of a fault's way. After an
 * interrupt at once; otherwise now and then, which is all there is without an interrupt, and covers
 * one that was lost. While the interrupt is {@linkplain #hold held back}, or nobody listens to it,
 * each question is a look.
 *
 * <p><b>Threads.</b> {@link #take()} and {@link #hold} are the reader's, one thread at a time;
 * {@link #gate} comes before them; everything else is safe for any thread.
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

    private volatile boolean unheard;

    /** Lets the interrupt through, or holds it back; null where that cannot be done. */
    private Consumer<Boolean> gate;

    private boolean held;

    /** When the registers were read last. */
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
     * Says how the interrupt is held back.
     *
     * @param letThrough with false: the interrupt is not to call any more, now or a moment later;
     *     with true: once this returns, it calls for what comes
     */
    public void gate(Consumer<Boolean> letThrough) {
        gate = letThrough;
    }

    /**
     * Holds the interrupt back, or lets it through: then a look is due, since what came before does
     * not call.
     *
     * @param back whether to hold it back
     * @return whether it is held back; false if it cannot be
     */
    public boolean hold(boolean back) {
        if (gate != null && held != back) {
            held = back;
            called = true; // also if the gate is stuck
            gate.accept(!back);
        }
        return held;
    }

    /**
     * Names who else is to be woken by the interrupt.
     *
     * @param listener quick, from any thread; null: nobody, and each {@link #take()} asks for a
     *     look
     * @return false if there is no interrupt
     */
    public boolean listen(Runnable listener) {
        wake = listener;
        unheard = listener == null;
        return interrupted;
    }

    /**
     * Whether to look now.
     *
     * @return if true, the caller looks
     */
    public boolean take() {
        long now = ticker.nanos();
        if (!called && !held && !unheard && now - lookedNanos < everyNanos) {
            return false;
        }
        called = false;
        lookedNanos = now;
        return true;
    }
}
