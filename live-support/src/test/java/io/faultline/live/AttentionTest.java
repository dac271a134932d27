package io.faultline.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

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
    private static final Duration LINGER = Duration.ofNanos(300_000);

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
    void holdsItsInterruptBackForAWhileAfterEachFind() {
        Attention attention = open();
        List<Boolean> gate = new ArrayList<>();
        attention.linger(LINGER.toNanos(), gate::add);
        assertTrue(attention.take());
        assertFalse(attention.isLingering(), "nothing was found");
        find(attention);
        assertTrue(attention.isLingering());
        assertEquals(List.of(false), gate);

        ticker.advance(LINGER.minusNanos(1));
        find(attention);
        ticker.advance(LINGER.minusNanos(1));
        assertTrue(attention.take(), "each look is due");
        assertTrue(attention.take());
        assertEquals(List.of(false), gate);
        ticker.advanceNanos(1);
        assertTrue(attention.take(), "what came before does not call");
        assertEquals(List.of(false, true), gate);
        assertFalse(attention.isLingering());
        assertFalse(attention.take());
    }

    /** A register that is read may take longer to answer than it is to be looked at. */
    @Test
    void countsFromTheEndOfALook() {
        Attention attention = open();
        List<Boolean> gate = new ArrayList<>();
        attention.linger(LINGER.toNanos(), gate::add);

        assertTrue(attention.take());
        ticker.advance(LINGER.multipliedBy(3));
        attention.found();
        assertTrue(attention.take());

        assertTrue(attention.isLingering());
        assertEquals(List.of(false), gate);
    }

    @Test
    void holdsItsInterruptBackAgainIfTheLastLookFindsSomething() {
        Attention attention = open();
        List<Boolean> gate = new ArrayList<>();
        attention.linger(LINGER.toNanos(), gate::add);
        find(attention);
        ticker.advance(LINGER);

        find(attention);

        assertEquals(List.of(false, true, false), gate);
        assertTrue(attention.isLingering());
    }

    @Test
    void lingersNowhereUnlessItIsToldTo() {
        Attention attention = open();
        find(attention);
        assertFalse(attention.isLingering());

        attention.linger(0, open -> fail("the interrupt is left alone"));
        find(attention);
        assertFalse(attention.isLingering());
    }

    /** An interrupt, and a look that shows something. */
    private void find(Attention attention) {
        window.interrupt("irq");
        assertTrue(attention.take());
        attention.found();
    }

    @Test
    void saysWhereThereIsNoInterruptToListenTo() {
        window.keepInterrupts();

        assertFalse(open().listen(() -> {}));
    }
}
