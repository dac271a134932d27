package io.faultline.dispatcher.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever the clock says: System.nanoTime() may begin anywhere. */
class SpinTest {
    private static final long NEVER = Long.MAX_VALUE;

    /** How many looks are made at this distance, at most 1,000. */
    private static int looks(Spin spin, long from, long distance, boolean atHardware) {
        int looks = 1;
        while (looks < 1000 && spin.goesOn(from + looks * distance, atHardware)) {
            looks++;
        }
        return looks;
    }

    @ParameterizedTest
    @ValueSource(longs = {0, NEVER, Long.MIN_VALUE})
    void looksAWhileAndSleeps(long begin) {
        Spin spin = new Spin(begin);

        assertEquals(Spin.ROUNDS, looks(spin, begin, 300, false));
        assertFalse(spin.goesOn(begin + 100_000, false));

        spin.worked();
        assertEquals(Spin.ROUNDS, looks(spin, begin + 100_000, Spin.LOST_NANOS, false));
    }

    /** The processor was somebody else's: nothing is taken from him for a second. */
    @ParameterizedTest
    @ValueSource(longs = {0, NEVER, Long.MIN_VALUE})
    void sleepsAtOnceForASecondWhereItHasLostItsProcessor(long begin) {
        Spin spin = new Spin(begin);
        assertEquals(2, looks(spin, begin, Spin.LOST_NANOS + 1, false));

        long lost = begin + 2 * (Spin.LOST_NANOS + 1);
        spin.worked();
        assertFalse(spin.goesOn(lost + 1, false));
        spin.worked();
        assertFalse(spin.goesOn(lost + Spin.CROWDED_NANOS - 1, false));
        spin.worked();
        assertTrue(spin.goesOn(lost + Spin.CROWDED_NANOS, false));
    }

    /** Work between two looks says nothing of who had the processor. */
    @ParameterizedTest
    @ValueSource(longs = {0, NEVER})
    void doesNotTakeWorkForALoss(long begin) {
        Spin spin = new Spin(begin);
        for (int i = 0; i < 10; i++) {
            assertTrue(spin.goesOn(begin + i * 1_000_000L, false));
            spin.worked();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, NEVER})
    void looksAsLongAsTheSourceAsksForIt(long begin) {
        Spin spin = new Spin(begin);

        assertEquals(1000, looks(spin, begin, 100_000, true));
        assertEquals(Spin.ROUNDS, looks(spin, begin + 100_000_000, 300, false), "as ever, then");
    }

    @ParameterizedTest
    @ValueSource(longs = {0, NEVER})
    void looksIfTheSourceAsksForItAlsoWhereThereIsACrowd(long begin) {
        Spin spin = new Spin(begin);
        looks(spin, begin, Spin.LOST_NANOS + 1, false);

        assertTrue(spin.goesOn(begin + 50_000, true));
        assertFalse(spin.goesOn(begin + 51_000, false));
    }
}
