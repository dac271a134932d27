package io.faultline.guest.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PausesTest {
    private final Pauses pauses = new Pauses();

    /** {@link System#nanoTime()} begins anywhere, and may wrap. */
    @ParameterizedTest
    @ValueSource(longs = {0, 1, -5_000, Long.MAX_VALUE - 50, Long.MIN_VALUE})
    void lastAsLongAsTheyWereGranted(long start) {
        assertFalse(pauses.isPaused(start));
        assertEquals(100, pauses.pause(start, 100, 1000));

        assertTrue(pauses.isPaused(start));
        assertTrue(pauses.isPaused(start + 99));
        assertFalse(pauses.isPaused(start + 100));
    }

    @Test
    void doNotBeginAnewWhenTheyAreAskedForAgain() {
        assertEquals(600, pauses.pause(0, 600, 1000));
        assertEquals(500, pauses.pause(500, 600, 1000), "1000 from its beginning");
        assertEquals(1, pauses.pause(999, 600, 1000));

        assertFalse(pauses.isPaused(1000));
    }

    @Test
    void canBeMadeShorter() {
        pauses.pause(0, 600, 1000);
        assertEquals(10, pauses.pause(100, 10, 1000));

        assertFalse(pauses.isPaused(110));
    }

    @Test
    void areFollowedByAsLongARun() {
        pauses.pause(0, 600, 1000);

        assertEquals(-400, pauses.pause(800, 1, 1000), "until 1200");
        assertFalse(pauses.isPaused(800));
        assertEquals(1, pauses.pause(1200, 1, 1000));
    }

    @Test
    void countOnlyAsLongAsTheyWere() {
        pauses.pause(0, 600, 1000);
        pauses.resume(50);

        assertFalse(pauses.isPaused(50));
        assertEquals(-10, pauses.pause(90, 1, 1000));
        assertEquals(600, pauses.pause(100, 600, 1000));
    }

    @Test
    void areNotMadeLongerByTheirLateEnd() {
        pauses.pause(0, 100, 1000);
        pauses.resume(1000);

        assertEquals(600, pauses.pause(1000, 600, 1000));
    }
}
