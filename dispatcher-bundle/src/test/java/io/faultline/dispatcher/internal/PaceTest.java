package io.faultline.dispatcher.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PaceTest {
    /** More than any step here takes on. */
    private static final int MANY = 100_000;

    private long nanos = Long.MAX_VALUE - 1_000_000; // the clock may wrap

    /** How often the clock was read. */
    private int looks;

    private final Pace pace = new Pace(this::read);

    private long read() {
        looks++;
        return nanos;
    }

    /** A step of records that take so long each. Returns how many it took on. */
    private int step(long each) {
        pace.begin(nanos);
        int done = 0;
        do {
            done++;
            nanos += each;
        } while (done < MANY && pace.goesOn());
        return done;
    }

    @ParameterizedTest
    @ValueSource(longs = {50, 100, 1_000, 5_000, 20_000})
    void endsAStepInTime(long each) {
        for (int i = 0; i < 20; i++) {
            long took = step(each) * each;

            assertTrue(took >= Pace.STEP_NANOS, () -> took + " ns");
            assertTrue(took < Pace.STEP_NANOS + Pace.STEP_NANOS / 8 + each, () -> took + " ns");
        }
    }

    @Test
    void endsAStepAfterOneThatTakesTooLong() {
        step(100);

        assertTrue(step(Pace.STEP_NANOS) <= 64, "it was fast before");
        assertEquals(1, step(Pace.STEP_NANOS));
        assertEquals(1, step(10 * Pace.STEP_NANOS));
    }

    @Test
    void hardlyReadsTheClockWhileAllIsFast() {
        step(100); // it learns
        looks = 0;

        int done = step(100);

        assertTrue(looks <= done / 40, () -> looks + " looks for " + done);
    }

    @Test
    void looksAfterEachWhileAllIsSlow() {
        step(10_000);
        looks = 0;

        assertEquals(step(10_000), looks);
    }

    @Test
    void makesShortStepsUntilOtherHandlersHaveSettled() {
        step(100);
        pace.other();

        long begun = nanos;
        while (nanos - begun < Pace.SETTLING_NANOS) {
            long took = step(100) * 100L;
            assertTrue(took >= Pace.SETTLING_STEP_NANOS, () -> took + " ns");
            assertTrue(took < 2 * Pace.SETTLING_STEP_NANOS, () -> took + " ns");
        }
        assertTrue(step(100) * 100L >= Pace.STEP_NANOS);
    }

    @Test
    void looksAtOnceWhenOtherHandlersComeInTheMiddleOfAStep() {
        step(100);
        pace.begin(nanos);
        pace.goesOn();

        pace.other();

        nanos += Pace.SETTLING_STEP_NANOS;
        assertFalse(pace.goesOn());
    }

    @Test
    void doesNotCountTheTimeThatALaneSlept() {
        step(100);
        nanos += 1_000_000_000;

        assertTrue(step(100) >= Pace.STEP_NANOS / 100);
    }
}
