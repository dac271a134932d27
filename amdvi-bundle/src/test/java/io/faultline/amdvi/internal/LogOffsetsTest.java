package io.faultline.amdvi.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.faultline.hardware.QueueState;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LogOffsetsTest {
    private final EventRecord log = new EventRecord();

    @Test
    void areEmptyWhereHeadAndTailMeet() {
        QueueState state = new PprRecord().state(0x1ff0, 0x1ff0, 512);

        assertTrue(state.empty());
        assertEquals(511, state.first());
        assertEquals(0x1ff0, state.consAfterDrain());
    }

    @Test
    void areFullWithOneEntryUnused() {
        QueueState state = log.state(0x10, 0x20, 512);

        assertEquals(511, state.count());
        assertTrue(state.full());
        assertFalse(state.overflow(), "that is in the status register");
    }

    @Property
    void countFromHeadToTailAroundTheEnd(
            @ForAll @IntRange(min = 1, max = 15) int log2,
            @ForAll @IntRange int head,
            @ForAll @IntRange int waiting) {
        int slots = 1 << log2;
        int first = head & slots - 1;
        int count = waiting & slots - 1;

        QueueState state = log.state((first + count & slots - 1) * 16L, first * 16L, slots);

        assertEquals(count, state.count());
        assertEquals(first, state.first());
        assertEquals(count == slots - 1, state.full());
    }

    @ParameterizedTest
    @ValueSource(longs = {0x8, 0x11, 0x2000, 0x80000, 1L << 32, -16, Long.MIN_VALUE})
    void areNotFollowedWhereHardwareCannotWriteThem(long offset) {
        assertSame(QueueState.INCONSISTENT, log.state(offset, 0, 512));
        assertSame(QueueState.INCONSISTENT, log.state(0, offset, 512));
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 1, 500, 65536, Integer.MIN_VALUE})
    void refuseASizeThatNoLogHas(int slots) {
        String message =
                assertThrows(IllegalArgumentException.class, () -> log.state(0, 0, slots))
                        .getMessage();

        assertTrue(message.contains("slots=" + slots), message);
    }
}
