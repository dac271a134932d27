package io.faultline.mm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.faultline.fault.Fault;
import io.faultline.fault.Unit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpaceBindingTest {
    private static final Unit UNIT = new Unit("smmuv3", "smmu0");

    @ParameterizedTest
    @CsvSource({
        "smmu0, 0x10, 7, 1, true",
        "smmu0, 0x11, 7, 1, false",
        "smmu0, 0x10, 8, 1, false",
        "smmu0, 0x10, -1, 1, false",
        "smmu0, 0x10, 7, 2, false",
        "smmu1, 0x10, 7, 1, false"
    })
    void coversItsDeviceAndPasidOnly(
            String unit, String requester, int pasid, int stage, boolean covered) {
        SpaceBinding binding = SpaceBinding.of(unit, Integer.decode(requester), pasid);

        assertEquals(covered, binding.covers(UNIT, 0x10, 7, stage));
    }

    @Test
    void takesRequestersAsUnsigned() {
        SpaceBinding all = new SpaceBinding(null, 0, -1, Fault.NO_PASID, 0xf_ffff, 1);

        assertTrue(all.covers(UNIT, 0x8000_0000, 0xf_ffff, 1));
        assertTrue(all.covers(UNIT, 0, Fault.NO_PASID, 1));
    }

    @Test
    void refusesWhatCannotBe() {
        assertThrows(IllegalArgumentException.class, () -> new SpaceBinding(null, -1, 0, 0, 0, 1));
        assertThrows(
                IllegalArgumentException.class,
                () -> new SpaceBinding(null, 0, 0, 0, 0x10_0000, 1));
        assertThrows(IllegalArgumentException.class, () -> new SpaceBinding(null, 0, 0, 0, 0, 2));
        assertThrows(IllegalArgumentException.class, () -> new SpaceBinding(null, 0, 0, 0, 0, 3));
    }
}
