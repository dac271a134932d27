package io.faultline.mm.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class GateTest {
    private final Gate gate = new Gate();

    @Test
    void letsNobodyInOnceItIsClosed() {
        assertTrue(gate.enter());
        gate.leave();
        gate.close();

        assertFalse(gate.enter());
        assertTrue(gate.awaitEmpty(System.nanoTime()));
        assertEquals(2, gate.calls());
    }

    @Test
    void waitsForWhoIsInsideUntilItsDeadline() {
        gate.enter();
        gate.close();

        assertFalse(gate.awaitEmpty(System.nanoTime() + 1_000_000));
        gate.leave();

        assertTrue(gate.awaitEmpty(System.nanoTime() + 1_000_000));
    }
}
