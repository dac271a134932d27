package io.faultline.mm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.faultline.fault.Access;
import io.faultline.fault.FaultBits;
import org.junit.jupiter.api.Test;

class AreaTest {
    @Test
    void mayEndAtTheLastAddress() {
        Area area = Area.demandZero(-0x1000, 0x1000, Access.READ);

        assertEquals(-1, area.last());
        assertTrue(area.contains(-1));
        assertFalse(area.contains(0));
        assertFalse(area.contains(-0x1001));
    }

    @Test
    void isAGuardWithoutRights() {
        assertTrue(Area.demandZero(0, 1, Access.NONE).isGuard());
        assertTrue(Area.demandZero(0, 1, Access.of(FaultBits.PRIV)).isGuard());
        assertFalse(Area.demandZero(0, 1, Access.WRITE).isGuard());
    }

    @Test
    void refusesWhatCannotBe() {
        assertThrows(IllegalArgumentException.class, () -> Area.demandZero(0, 0, Access.READ));
        assertThrows(
                IllegalArgumentException.class,
                () -> Area.demandZero(0, Area.LONGEST + 1, Access.READ));
        assertThrows(
                IllegalArgumentException.class,
                () -> Area.demandZero(-0x1000, 0x1001, Access.READ));
        assertThrows(
                IllegalArgumentException.class,
                () -> new Area(0, 1, Access.READ, Area.Backing.SHARED, -1, ""));
    }
}
