package io.faultline.mm.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class GateTest {
    private final Gate gate = new Gate();

    @Test
    void letsNobodyInOnceItIsClosed() {
        assertTrue(gate.enter());
        gate.leave();
        gate.close();

        assertFalse(gate.enter());
        assertTrue(Gate.awaitEmpty(List.of(gate), System.nanoTime()));
        assertEquals(2, gate.calls());
    }

    @Test
    void waitsForWhoIsInsideUntilItsDeadline() {
        gate.enter();
        gate.close();

        assertFalse(Gate.awaitEmpty(List.of(gate), System.nanoTime() + 1_000_000));
        gate.leave();

        assertTrue(Gate.awaitEmpty(List.of(gate), System.nanoTime() + 1_000_000));
    }
}
