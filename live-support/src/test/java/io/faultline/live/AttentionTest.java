package io.faultline.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.faultline.testkit.FakeWindow;
import io.faultline.testkit.ManualTicker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class AttentionTest {
    private static final long EVERY_NANOS = 50_000;
    private static final Duration RARELY = Duration.ofMillis(20);

    private final ManualTicker ticker = new ManualTicker();
    private final FakeWindow window = new FakeWindow("test", 16, 16);

    private Attention open() {
        return Attention.to(window, "irq", ticker, EVERY_NANOS);
    }

    /** Whatever the clock says: System.nanoTime() may begin anywhere. */
    @Test
    void asksForAFirstLookAtOnce() {
        for (long begin : new long[] {0, Long.MIN_VALUE, Long.MAX_VALUE, -1}) {
            Attention attention = new Attention(new ManualTicker(begin), EVERY_NANOS);

            assertTrue(attention.take());
            assertFalse(attention.take());
        }
    }

    @Test
    void asksNowAndThenWhereThereIsNoInterrupt() {
        window.keepInterrupts();
        Attention attention = open();
        assertFalse(attention.isInterrupted());
        attention.take();

        ticker.advanceNanos(EVERY_NANOS - 1);
        assertFalse(attention.take());
        ticker.advanceNanos(1);
        assertTrue(attention.take());
        assertFalse(attention.take());
        ticker.advanceNanos(EVERY_NANOS);
        assertTrue(attention.take());
    }

    @Test
    void asksEachTimeWhereItIsToLookAllTheTime() {
        Attention attention = new Attention(ticker, 0);

        assertTrue(attention.take());
        assertTrue(attention.take());
    }

    @Test
    void asksAfterEachInterruptAtOnce() {
        Attention attention = open();
        assertTrue(attention.isInterrupted());
        attention.take();
        assertFalse(attention.take());

        window.interrupt("irq");
        window.interrupt("irq");

        assertTrue(attention.take());
        assertFalse(attention.take(), "both are answered by one look");
    }

    @Test
    void asksAgainForAnInterruptThatComesDuringALook() {
        Attention attention = open();
        window.interrupt("irq");
        assertTrue(attention.take());

        window.interrupt("irq"); // the caller is about to read, or has read

        assertTrue(attention.take());
    }

    @Test
    void asksRarelyWhereAnInterruptWasLost() {
        Attention attention = open();
        attention.take();

        ticker.advance(RARELY.minusNanos(1));
        assertFalse(attention.take());
        ticker.advanceNanos(1);
        assertTrue(attention.take());
    }

    @Test
    void wakesWhoListensToItsInterrupt() {
        Attention attention = open();
        AtomicInteger woken = new AtomicInteger();

        assertTrue(attention.listen(woken::incrementAndGet));
        window.interrupt("irq");
        window.interrupt("another");
        assertEquals(1, woken.get());

        attention.listen(null);
        window.interrupt("irq");
        assertEquals(1, woken.get());
        assertTrue(attention.take(), "a look is due all the same");
    }

    /** The listener must find the look due: it may come by before the wake returns. */
    @Test
    void isDueBeforeTheListenerIsWoken() {
        Attention attention = open();
        attention.take();
        AtomicInteger due = new AtomicInteger();
        attention.listen(() -> due.addAndGet(attention.take() ? 1 : 0));

        window.interrupt("irq");

        assertEquals(1, due.get());
    }

    @Test
    void asksEachTimeWhileItsInterruptIsHeldBack() {
        Attention attention = open();
        List<Boolean> gate = new ArrayList<>();
        attention.gate(gate::add);
        attention.take();

        assertTrue(attention.hold(true));
        assertTrue(attention.hold(true));
        assertTrue(attention.take());
        assertTrue(attention.take());
        assertEquals(List.of(false), gate, "told once");

        assertFalse(attention.hold(false));
        assertFalse(attention.hold(false));
        assertEquals(List.of(false, true), gate);
        assertTrue(attention.take(), "what came before does not call");
        assertFalse(attention.take());
    }

    @Test
    void asksForALookAlsoIfTheInterruptCannotBeLetThrough() {
        Attention attention = open();
        attention.gate(
                letThrough -> {
                    if (letThrough) {
                        throw new IllegalStateException("stuck");
                    }
                });
        attention.hold(true);
        attention.take();

        assertThrows(IllegalStateException.class, () -> attention.hold(false));

        assertTrue(attention.take());
        assertFalse(attention.take());
        assertFalse(attention.hold(false));
    }

    @Test
    void holdsNothingBackWithoutAGate() {
        Attention attention = open();
        attention.take();

        assertFalse(attention.hold(true));
        assertFalse(attention.take());
    }

    /** A lane that ends asks what is left, and no interrupt tells it. */
    @Test
    void asksEachTimeWhileNobodyListens() {
        Attention attention = open();
        attention.take();
        attention.listen(null);

        assertTrue(attention.take());
        assertTrue(attention.take());

        attention.listen(() -> {});
        assertFalse(attention.take());
    }

    @Test
    void saysWhereThereIsNoInterruptToListenTo() {
        window.keepInterrupts();

        assertFalse(open().listen(() -> {}));
    }
}
