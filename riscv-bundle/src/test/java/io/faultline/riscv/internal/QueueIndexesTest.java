package io.faultline.riscv.internal;

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

class QueueIndexesTest {
    private final FaultRecord queue = new FaultRecord();

    @Test
    void isEmptyWhereHeadAndTailMeet() {
        QueueState state = new PageRequestRecord().state(3, 3, 64);

        assertTrue(state.empty());
        assertEquals(3, state.first());
        assertEquals(3, state.consAfterDrain());
    }

    @Test
    void isFullWithOneSlotUnused() {
        QueueState state = queue.state(2, 3, 64);

        assertEquals(63, state.count());
        assertTrue(state.full());
        assertFalse(state.overflow(), "fqcsr.fqof is not in the indexes");
    }

    @Property
    void countsFromHeadToTailAroundTheEnd(
            @ForAll @IntRange(min = 1, max = 20) int log2,
            @ForAll @IntRange int head,
            @ForAll @IntRange int waiting) {
        int slots = 1 << log2;
        int first = head & slots - 1;
        int count = waiting & slots - 1;

        QueueState state = queue.state(first + count & slots - 1, first, slots);

        assertEquals(count, state.count());
        assertEquals(first, state.first());
        assertEquals(count == slots - 1, state.full());
    }

    @ParameterizedTest
    @ValueSource(longs = {64, 0x40, 1L << 32, -1, Long.MIN_VALUE})
    void doesNotFollowAnIndexThatHardwareCannotWrite(long index) {
        assertSame(QueueState.INCONSISTENT, queue.state(index, 0, 64));
        assertSame(QueueState.INCONSISTENT, queue.state(0, index, 64));
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 1, 100, Integer.MIN_VALUE})
    void refusesASizeThatNoQueueHas(int slots) {
        String message =
                assertThrows(IllegalArgumentException.class, () -> queue.state(0, 0, slots))
                        .getMessage();

        assertTrue(message.contains("slots=" + slots), message);
    }
}
