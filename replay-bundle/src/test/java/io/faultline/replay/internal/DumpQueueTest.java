package io.faultline.replay.internal;

import static io.faultline.hardware.RecordQueue.ENDED;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.faultline.fault.Unit;
import io.faultline.testkit.ManualTicker;
import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class DumpQueueTest {
    private static final Rate HUNDRED_THOUSAND = new Rate(100_000);

    private final ManualTicker ticker = new ManualTicker(Long.MAX_VALUE - 5);

    @Example
    void givesEverythingAtOnceAndEnds() {
        DumpQueue queue = queue(5, Rate.MAX, false);

        assertEquals(5, queue.available());
        queue.consumed(3);
        assertEquals(2, queue.available());
        assertEquals(3, queue.first());
        queue.consumed(2);
        assertEquals(ENDED, queue.available());
        assertEquals(ENDED, queue.available());
    }

    @Example
    void runsOutUntilTheLaneKnowsOfTheEnd() {
        DumpQueue queue = queue(1, Rate.MAX, false);

        assertTrue(queue.isRunningOut());
        queue.consumed(queue.available());
        assertTrue(queue.isRunningOut());
        assertEquals(ENDED, queue.available());
        assertFalse(queue.isRunningOut());
        assertFalse(queue(1, Rate.MAX, true).isRunningOut());
        assertFalse(queue(1, new Rate(1), false).isRunningOut());
    }

    @Example
    void endsAtOnceIfThereIsNothing() {
        assertEquals(ENDED, queue(0, Rate.MAX, true).available());
        assertEquals(1, queue(0, Rate.MAX, true).slots());
    }

    @Example
    void isNotEndedWhileTheNextRecordIsNotDue() {
        DumpQueue queue = queue(2, new Rate(1), false);

        assertEquals(0, queue.available());
        ticker.advance(Duration.ofSeconds(1));
        assertEquals(1, queue.available());
        queue.consumed(1);
        assertEquals(0, queue.available());
        ticker.advance(Duration.ofSeconds(1));
        queue.consumed(queue.available());
        assertEquals(ENDED, queue.available());
    }

    @Property
    void playsEachRecordOnceInOrderAtTheRateHoweverTheLaneLooks(
            @ForAll @IntRange(min = 1, max = 3000) int records,
            @ForAll @Size(min = 1, max = 50)
                    List<@IntRange(min = 0, max = 20_000_000) Integer> gaps) {
        DumpQueue queue = queue(records, HUNDRED_THOUSAND, true);
        queue.available();

        long elapsed = 0;
        long read = 0;
        for (int gap : gaps) {
            ticker.advanceNanos(gap);
            elapsed += gap;
            for (int n; (n = queue.available()) > 0; ) {
                for (int i = 0; i < n; i++) {
                    int slot = (queue.first() + i) % queue.slots();
                    assertEquals(read++ % records, queue.memory().getLong(slot * 8));
                }
                queue.consumed(n);
            }
            assertEquals(elapsed / 10_000, read, "100,000 a second are one each 10 us");
        }
    }

    @Example
    void waitsForALaneThatIsSlow() {
        DumpQueue queue = queue(4, HUNDRED_THOUSAND, true);
        queue.available();

        ticker.advance(Duration.ofHours(1));

        assertEquals(queue.slots(), queue.available());
        assertFalse(queue.overflowed());
    }

    @Example
    void changesItsRateWithoutAJump() {
        DumpQueue queue = queue(1000, new Rate(10), true);
        queue.available();
        ticker.advance(Duration.ofSeconds(2));
        assertEquals(20, queue.available());

        assertTrue(queue.change(new Rate(100), true));
        assertEquals(20, queue.available());
        ticker.advance(Duration.ofSeconds(1));
        assertEquals(120, queue.available());

        assertTrue(queue.change(Rate.MAX, false));
        queue.consumed(120);
        assertEquals(880, queue.available());
    }

    @Example
    void finishesItsRoundWhenTheLoopIsTakenAway() {
        DumpQueue queue = queue(10, Rate.MAX, true);
        queue.available();
        queue.consumed(23);

        assertTrue(queue.change(Rate.MAX, false));

        assertEquals(7, queue.available());
        queue.consumed(7);
        assertEquals(ENDED, queue.available());
    }

    @Example
    void refusesNewOrdersOnceItHasEnded() {
        DumpQueue queue = queue(1, Rate.MAX, false);
        queue.consumed(queue.available());
        assertTrue(queue.change(Rate.MAX, true), "the lane does not know of the end yet");
        queue.consumed(1);
        assertTrue(queue.change(Rate.MAX, false));
        assertEquals(ENDED, queue.available());

        assertFalse(queue.change(Rate.MAX, true));
    }

    @Example
    void playsAtRecordedSpeedRoundAfterRound() {
        DumpQueue queue = timed(true, 70, 70, 75);

        assertEquals(2, queue.available());
        queue.consumed(2);
        ticker.advance(Duration.ofSeconds(4));
        assertEquals(0, queue.available());
        ticker.advance(Duration.ofSeconds(1));
        assertEquals(1, queue.available());
        queue.consumed(1);
        ticker.advance(Duration.ofMillis(2499));
        assertEquals(
                0, queue.available(), "the next round begins as long after as records are apart");
        ticker.advance(Duration.ofMillis(1));
        assertEquals(2, queue.available());
    }

    @Example
    void endsAtRecordedSpeed() {
        DumpQueue queue = timed(false, 1, 2);
        queue.consumed(queue.available());
        assertEquals(0, queue.available());
        ticker.advance(Duration.ofSeconds(100));

        assertEquals(1, queue.available());
        queue.consumed(1);
        assertEquals(ENDED, queue.available());
    }

    @Example
    void goesOnAtRecordedSpeedFromWhereItIs() {
        DumpQueue queue = timed(false, 10, 20, 30);
        assertTrue(queue.change(new Rate(1), false));
        assertEquals(0, queue.available());
        ticker.advance(Duration.ofSeconds(1));
        assertEquals(1, queue.available());
        queue.consumed(1);

        assertTrue(queue.change(Rate.RECORDED, false));

        assertEquals(1, queue.available(), "the second is due: it is the first at this speed");
        queue.consumed(1);
        ticker.advance(Duration.ofSeconds(9));
        assertEquals(0, queue.available());
        ticker.advance(Duration.ofSeconds(1));
        assertEquals(1, queue.available());
    }

    @Example
    void refusesRecordedSpeedIfNobodyNotedIt() {
        DumpQueue queue = queue(3, Rate.MAX, false);

        var refused =
                assertThrows(
                        IllegalArgumentException.class, () -> queue.change(Rate.RECORDED, false));

        assertTrue(refused.getMessage().contains("rate=recorded"), refused::getMessage);
        assertEquals(3, queue.available());
        assertEquals(ENDED, queue(0, Rate.RECORDED, false).available());
    }

    private DumpQueue timed(boolean loop, long... seconds) {
        long[] nanos = LongStream.of(seconds).map(s -> s * 1_000_000_000L).toArray();
        return queue(nanos.length, Rate.RECORDED, loop, new RecordTimes(nanos));
    }

    private DumpQueue queue(int records, Rate rate, boolean loop) {
        return queue(records, rate, loop, null);
    }

    private DumpQueue queue(int records, Rate rate, boolean loop, RecordTimes times) {
        byte[] memory = new byte[records * 8];
        for (int i = 0; i < records; i++) {
            memory[8 * i] = (byte) i;
            memory[8 * i + 1] = (byte) (i >> 8);
        }
        Dump dump = Dump.of(memory, 8, 0, records, times, List.of());
        return new DumpQueue(
                "evtq", dump, rate, loop, ticker, new AnswerPort(new Unit("test", "u"), null));
    }
}
