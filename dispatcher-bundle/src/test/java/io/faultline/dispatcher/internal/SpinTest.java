package io.faultline.dispatcher.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever the clock says: System.nanoTime() may begin anywhere. */
class SpinTest {
    private static final long MOST = Long.MAX_VALUE;
    private static final long LINGER = 500_000;

    /** How many looks are made at this distance. */
    private static int looks(Spin spin, long from, long distance) {
        int looks = 1;
        while (spin.goesOn(from + looks * distance)) {
            looks++;
        }
        return looks;
    }

    @ParameterizedTest
    @ValueSource(longs = {0, MOST, Long.MIN_VALUE})
    void looksForAWhileAndSleeps(long begin) {
        Spin spin = new Spin(begin);

        assertEquals(Spin.ROUNDS, looks(spin, begin, 300));
        assertFalse(spin.goesOn(begin + 100_000));

        spin.worked();
        assertEquals(Spin.ROUNDS, looks(spin, begin + 100_000, Spin.LOST_NANOS));
    }

    /** The processor was somebody else's: nothing is taken from him for a second. */
    @ParameterizedTest
    @ValueSource(longs = {0, MOST, Long.MIN_VALUE})
    void sleepsAtOnceForASecondWhereItHasLostItsProcessor(long begin) {
        Spin spin = new Spin(begin);
        assertEquals(2, looks(spin, begin, Spin.LOST_NANOS + 1));

        long lost = begin + 2 * (Spin.LOST_NANOS + 1);
        spin.worked();
        assertFalse(spin.goesOn(lost + 1));
        spin.worked();
        assertFalse(spin.goesOn(lost + Spin.CROWDED_NANOS - 1));
        spin.worked();
        assertTrue(spin.goesOn(lost + Spin.CROWDED_NANOS));
    }

    /** Work between two looks says nothing of who had the processor. */
    @ParameterizedTest
    @ValueSource(longs = {0, MOST})
    void doesNotTakeWorkForALoss(long begin) {
        Spin spin = new Spin(begin);
        for (int i = 0; i < 10; i++) {
            assertTrue(spin.goesOn(begin + i * 1_000_000L));
            spin.worked();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, MOST, Long.MIN_VALUE})
    void lingersForAWhileAfterWork(long begin) {
        Spin spin = new Spin(begin);
        assertFalse(spin.lingers(begin, LINGER), "there was no work yet");

        long idle = begin + 1_000_000;
        spin.worked();
        assertTrue(spin.lingers(idle, LINGER), "counted from the first look in vain");
        assertTrue(spin.lingers(idle + LINGER - 1, LINGER));
        assertFalse(spin.lingers(idle + LINGER, LINGER));
        assertFalse(spin.lingers(idle + LINGER - 1, LINGER), "once over it is over");

        spin.worked();
        assertFalse(spin.lingers(idle + LINGER, 0), "not at all");
    }

    /** Nor where it has lost its processor while spinning: that is what lingering avoids. */
    @ParameterizedTest
    @ValueSource(longs = {0, MOST, Long.MIN_VALUE})
    void doesNotLingerForAWhileWhereGivingWayTookLong(long begin) {
        Spin spin = new Spin(begin);
        spin.worked();
        looks(spin, begin, Spin.LOST_NANOS + 1);
        spin.gaveWay(begin, begin + Spin.GAVE_MUCH_NANOS + 1);
        long later = begin + Spin.TWICE_NANOS;
        spin.gaveWay(later, later + Spin.GAVE_MUCH_NANOS + 1);
        long looked = later + Spin.GAVE_MUCH_NANOS + 1;
        assertTrue(spin.lingers(looked, LINGER), "once, and once again much later");

        spin.gaveWay(looked, looked + Spin.GAVE_MUCH_NANOS);
        assertTrue(spin.lingers(looked + 1, LINGER), "not for long");
        spin.gaveWay(looked + 1, looked + 2 + Spin.GAVE_MUCH_NANOS);
        long busy = looked + 2 + Spin.GAVE_MUCH_NANOS;
        assertFalse(spin.lingers(looked + 2, LINGER));
        spin.worked();
        assertFalse(spin.lingers(busy + Spin.BUSY_NANOS - 1, LINGER));
        spin.worked();
        assertTrue(spin.lingers(busy + Spin.BUSY_NANOS, LINGER));
    }
}
