package io.faultline.vtd.internal;

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

class PageRequestIndicesTest {
    private final PageRequestDescriptor prq = new PageRequestDescriptor();

    @Test
    void isEmptyWhereHeadAndTailMeet() {
        QueueState state = prq.state(0x40, 0x40, 2048);

        assertTrue(state.empty());
        assertEquals(2, state.first());
        assertEquals(0x40, state.consAfterDrain());
    }

    @Test
    void isFullWithOneSlotUnused() {
        QueueState state = prq.state(0x20, 0x40, 2048);

        assertEquals(2047, state.count());
        assertTrue(state.full());
        assertFalse(state.overflow(), "PRS.PRO is not in the indices");
    }

    @Property
    void countsFromHeadToTailAroundTheEnd(
            @ForAll @IntRange(max = 7) int pqs,
            @ForAll @IntRange(max = 16383) int head,
            @ForAll @IntRange(max = 16383) int waiting) {
        int slots = 128 << pqs;
        int first = head % slots;
        int count = waiting % slots;

        QueueState state = prq.state((first + count) % slots * 32L, first * 32L, slots);

        assertEquals(count, state.count());
        assertEquals(first, state.first());
        assertEquals(count == slots - 1, state.full());
    }

    @ParameterizedTest
    @ValueSource(longs = {0x10, 0x21, 0x10000, 0x80000, 1L << 32, -32, Long.MIN_VALUE})
    void doesNotFollowAnOffsetThatHardwareCannotWrite(long offset) {
        assertSame(QueueState.INCONSISTENT, prq.state(offset, 0, 2048));
        assertSame(QueueState.INCONSISTENT, prq.state(0, offset, 2048));
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 1, 100, 32768})
    void refusesASizeThatNoQueueHas(int slots) {
        String message =
                assertThrows(IllegalArgumentException.class, () -> prq.state(0, 0, slots))
                        .getMessage();

        assertTrue(message.contains("slots=" + slots), message);
    }

    @Test
    void countsOldDescriptorsByTheirOwnLength() {
        QueueState state = new OldPageRequestDescriptor().state(0x30, 0x10, 256);

        assertEquals(2, state.count());
        assertEquals(1, state.first());
    }
}
