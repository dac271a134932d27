package io.faultline.live;

import io.faultline.handler.Ticker;
import io.faultline.hardware.HardwareWindow;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * When registers are worth a look: a read of one is the dearest step of a fault's way. After an
 * interrupt at once; otherwise now and then, which is all there is without an interrupt, and covers
 * one that was lost. Who {@linkplain #linger lingers} looks all the time for a while after a find.
 *
 * <p><b>Threads.</b> {@link #take()}, {@link #found()} and {@link #isLingering()} are the reader's,
 * one thread at a time; {@link #linger} comes before them; everything else is safe for any thread.
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

    /** Lets the interrupt through, or holds it back; null where that is not done. */
    private Consumer<Boolean> gate;

    private long lingerNanos;

    /** When the registers were read last. */
    private long lookedNanos;

    /** When a look has shown something last; of no meaning while the interrupt is let through. */
    private long foundNanos;

    private boolean lingering;

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
     * From now on who finds something goes on looking for a while, with the interrupt held back:
     * where things come close on each other, looking costs less than being told of each, and finds
     * sooner.
     *
     * @param nanos how long after the last that was found; 0: not at all
     * @param letThrough called by the reader. With false: the interrupt is not to call any more,
     *     now or a moment later; with true: when this returns, it calls for what comes
     */
    public void linger(long nanos, Consumer<Boolean> letThrough) {
        lingerNanos = nanos;
        gate = nanos == 0 ? null : letThrough;
    }

    /** A look has shown something. By the reader. */
    public void found() {
        if (gate == null) {
            return;
        }
        foundNanos = ticker.nanos(); // the look itself may have taken long
        if (!lingering) {
            lingering = true;
            gate.accept(false);
        }
    }

    /**
     * Whether the interrupt is held back, and each {@link #take()} asks for a look.
     *
     * @return for the reader
     */
    public boolean isLingering() {
        return lingering;
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
        if (lingering && now - foundNanos >= lingerNanos) {
            lingering = false;
            gate.accept(true); // a look follows: what came before this does not call any more
        } else if (!lingering && !called && now - lookedNanos < everyNanos) {
            return false;
        }
        called = false;
        lookedNanos = now;
        return true;
    }
}
