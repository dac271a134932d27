package io.faultline.decode.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.faultline.fault.TimeBase;
import java.math.BigDecimal;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FiltersTest {
    private static final long SECOND = 1_000_000_000;

    @ParameterizedTest(name = "--device {0} on {1} ({2}): {3}")
    @CsvSource({
        "3b:00.0, 0000:3b:00.0, -1, true",
        "0000:3b:00.0, 3b:00.0, -1, true",
        "0001:3b:00.0, 0000:3b:00.0, -1, false",
        "3b:00.0, , 15104, true",
        "0000:3b:00.0, , 15104, true",
        "0001:3b:00.0, , 80640, true",
        "0002:3b:00.0, , 80640, false",
        "3b:00.1, , 15104, false",
        "0x3b00, 3b:00.0, -1, true",
        "15104, , 15104, true",
        "15105, 3b:00.0, 15104, false",
        "3B:00.0, 3b:00.0, -1, true",
        "fd000000.dma, fd000000.dma, 7, true",
        "7, fd000000.dma, 7, true",
        "fd000000.dma, , 7, false",
        "3b:00.0, , -1, false",
        "3b:20.0, 3b:20.0, -1, true",
    })
    void knowsADeviceByAddressNumberAndName(
            String filter, String device, long requester, boolean admitted) {
        Whose whose = new Whose("smmuv3", null, device, requester);

        assertEquals(admitted, DeviceFilter.of(filter).admits(whose));
    }

    @Test
    void includesBothEndsOfAPeriod() {
        Period period = new Period(new BigDecimal("1.5"), new BigDecimal("2.5"));

        assertFalse(period.admits(boot(SECOND)));
        assertTrue(period.admits(boot(SECOND + SECOND / 2)));
        assertTrue(period.admits(boot(2 * SECOND + SECOND / 2)));
        assertFalse(period.admits(boot(3 * SECOND)));
    }

    @Test
    void admitsWhatHasNoTime() {
        Period period = new Period(new BigDecimal(5), null);

        assertTrue(period.admits(new Place(null, true, 1, 0, TimeBase.NONE, "text")));
    }

    @Test
    void comparesACalendarWithACalendarOnly() {
        Period period = new Period(Instant.ofEpochSecond(100), null);

        assertFalse(period.admits(epoch(99 * SECOND)));
        assertTrue(period.admits(epoch(100 * SECOND)));
        assertFalse(period.couldNotCompare());
        assertTrue(period.admits(boot(1)));
        assertTrue(period.couldNotCompare());
    }

    @Test
    void takesTimesBeyondAllLogs() {
        assertTrue(new Period(null, new BigDecimal("1e30")).admits(boot(SECOND)));
    }

    private static Place boot(long nanos) {
        return new Place(null, true, 1, nanos, TimeBase.BOOT, "text");
    }

    private static Place epoch(long nanos) {
        return new Place(null, true, 1, nanos, TimeBase.EPOCH, "text");
    }
}
