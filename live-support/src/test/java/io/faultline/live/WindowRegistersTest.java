package io.faultline.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.faultline.testkit.FakeWindow;
import org.junit.jupiter.api.Test;

class WindowRegistersTest {
    private static final int ACKNOWLEDGES = 4;

    private final FakeWindow window = new FakeWindow("test", 16, 16);
    private final WindowRegisters registers = new WindowRegisters(window);

    @Test
    void areThoseOfTheWindow() {
        registers.write32(0, 7);
        registers.write64(8, 1L << 40 | 8);

        assertEquals(7, window.register32(0));
        assertEquals(1L << 40 | 8, window.register64(8));
        assertEquals(8, registers.read32(8));
        assertEquals(7, registers.read64(0));
        assertEquals("fake0", registers.unitName());
    }

    @Test
    void readAsAllOnesAndIgnoreWritesWhenTheUnitIsGone() {
        window.die();

        registers.write32(0, 7);
        registers.write64(8, 8);

        assertTrue(registers.isGone());
        assertEquals(-1, registers.read32(0));
        assertEquals(-1L, registers.read64(8));
        assertEquals(0, window.register32(0));
        assertEquals(0, window.register64(8));
    }

    /** A window that fails without being gone has a defect, which nobody is to hide. */
    @Test
    void failAsTheWindowDoes() {
        IllegalStateException defect = new IllegalStateException("defect");
        FakeWindow failing =
                new FakeWindow("test", 16, 16) {
                    @Override
                    protected void stored32(long offset, int value) {
                        throw defect;
                    }

                    @Override
                    protected void stored64(long offset, long value) {
                        throw defect;
                    }
                };
        WindowRegisters broken = new WindowRegisters(failing);

        assertSame(defect, assertThrows(IllegalStateException.class, () -> broken.write32(0, 1)));
        assertSame(defect, assertThrows(IllegalStateException.class, () -> broken.write64(0, 1)));
    }

    @Test
    void waitForTheBitsThatAcknowledge() {
        window.setRegister32(ACKNOWLEDGES, 0xf5);

        registers.awaitAcknowledgement(ACKNOWLEDGES, 0xf, 5);
        registers.awaitAcknowledgement(ACKNOWLEDGES, -1, 0xf5);
    }

    @Test
    void sayWhichOneIsStuck() {
        window.setRegister32(ACKNOWLEDGES, 0xf5);

        Exception e =
                assertThrows(
                        IllegalStateException.class,
                        () -> registers.awaitAcknowledgement(ACKNOWLEDGES, 0xf, 6));

        assertEquals(
                "register 0x4=0xf5 does not acknowledge 0x6 (of 0xf) within a second: it is stuck",
                e.getMessage());
    }

    @Test
    void waitForNobodyWhoIsGone() {
        window.die();

        registers.awaitAcknowledgement(ACKNOWLEDGES, 0xf, 6);
    }
}
