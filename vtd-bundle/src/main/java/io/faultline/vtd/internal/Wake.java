package io.faultline.vtd.internal;

import io.faultline.handler.Ticker;
import io.faultline.hardware.HardwareWindow;
import java.util.concurrent.TimeUnit;

/**
 * When a queue's registers are read: after its interrupt, and otherwise now and then. The interrupt
 * is forgotten before they are read, so that one which comes meanwhile leads to another look.
 */
final class Wake {
    private static final long RARELY_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final Ticker ticker;
    private final boolean interrupted;
    private final long everyNanos;
    private volatile boolean due = true;
    private volatile Runnable listener;
    private long lookedNanos;

    /**
     * Listens to an interrupt.
     *
     * @param pollNanos how often to look if there is none
     */
    Wake(HardwareWindow window, String which, Ticker ticker, long pollNanos) {
        this.ticker = ticker;
        this.interrupted = window.onInterrupt(which, this::interrupt);
        this.everyNanos = interrupted ? RARELY_NANOS : pollNanos;
    }

    private void interrupt() {
        due = true;
        Runnable present = listener;
        if (present != null) {
            present.run();
        }
    }

    /** Names whom an interrupt wakes; false: there is no interrupt. */
    boolean listen(Runnable wake) {
        listener = wake;
        return interrupted;
    }

    boolean isInterrupted() {
        return interrupted;
    }

    /** Whether to look now; if so, the caller looks. */
    boolean take() {
        long now = ticker.nanos();
        boolean look = due || now - lookedNanos >= everyNanos;
        if (look) {
            due = false;
            lookedNanos = now;
        }
        return look;
    }
}
