package io.faultline.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.faultline.hardware.HardwareWindow;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FakeWindowTest {
    private final FakeWindow window = new FakeWindow("test", 0x100, 0x1000);
    private final List<String> woken = new ArrayList<>();

    @Test
    void keepsWhatIsWrittenToARegister() {
        window.write64(0x10, 0x1234_5678_9abc_def0L);
        window.write32(0x18, -2);

        assertEquals(0x9abc_def0, window.read32(0x10), "little-endian");
        assertEquals(0xffff_fffeL, window.read64(0x18));
        assertEquals(2, window.reads());
        assertEquals(-2, window.register32(0x18));
        assertEquals(2, window.reads(), "hardware's own looks do not count");
    }

    @Test
    void letsHardwareDoOtherwise() {
        FakeWindow counting =
                new FakeWindow("test", 0x100, 0x1000) {
                    @Override
                    protected void stored32(long offset, int value) {
                        setRegister32(offset, register32(offset) + value);
                    }
                };

        counting.write32(4, 1);
        counting.write32(4, 2);

        assertEquals(3, counting.read32(4));
    }

    @Test
    void givesEachPurposeMemoryOfItsOwn() {
        long first = window.memoryFor("one", 16);
        long second = window.memoryFor("two", 0x400);

        assertEquals(first, window.memoryFor("one", 16));
        assertEquals(0, first % 64);
        assertEquals(0, second % 0x400);
        assertTrue(second >= first + 16);
        window.memory(second, 0x400).putLong(8, 7);
        assertEquals(7, window.memory(second + 8, 8).getLong(0));
    }

    @Test
    void hasNoMemoryBeyondItsOwn() {
        for (long address : new long[] {0, FakeWindow.MEMORY - 8, FakeWindow.MEMORY + 0xffc, -1}) {
            assertThrows(RuntimeException.class, () -> window.memory(address, 8));
        }
    }

    @Test
    void givesNoMoreMemoryThanThereIs() {
        window.memoryFor("one", 0x800);
        window.memoryFor("two", 0x800);

        assertThrows(IllegalArgumentException.class, () -> window.memoryFor("three", 8));
    }

    @Test
    void keepsMemoryAndInterruptsToItself() {
        window.keepMemory();
        window.keepInterrupts();

        assertEquals(HardwareWindow.NO_MEMORY, window.memoryFor("one", 16));
        assertFalse(window.onInterrupt("irq", () -> woken.add("irq")));
        window.interrupt("irq");
        assertEquals(List.of(), woken);
    }

    @Test
    void wakesWhoListens() {
        assertTrue(window.onInterrupt("one", () -> woken.add("one")));
        assertTrue(window.onInterrupt("two", () -> woken.add("two")));
        assertEquals(Set.of("one", "two"), window.listenedTo());

        window.interrupt("two");
        window.onInterrupt("two", null);
        assertEquals(Set.of("one"), window.listenedTo());
        window.interrupt("two");

        assertEquals(List.of("two"), woken);
    }

    @Test
    void wakesEveryoneWhenItDiesAndFailsFromThenOn() {
        window.onInterrupt("one", () -> woken.add("one"));
        window.onInterrupt("two", null);
        window.write32(0, 7);

        window.die();

        assertTrue(window.isGone());
        assertEquals(List.of("one"), woken);
        assertThrows(IllegalStateException.class, () -> window.read32(0));
        assertThrows(IllegalStateException.class, () -> window.write64(0, 0));
        assertEquals(7, window.register32(0));
    }

    @Test
    void tellsItsSettings() {
        window.set("poll.us", 50);

        assertEquals(Map.of("poll.us", "50"), window.settings());
    }
}
