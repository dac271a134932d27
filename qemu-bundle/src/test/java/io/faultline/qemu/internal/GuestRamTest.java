package io.faultline.qemu.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GuestRamTest {
    private static final long BASE = 0x4000_0000L;

    @TempDir Path folder;
    private GuestRam ram;

    @BeforeEach
    void map() throws IOException {
        ram = new GuestRam(folder.resolve("ram"), BASE);
    }

    @Test
    void isSeenByWhoeverMapsTheFile() throws IOException {
        ram.put(BASE + 0x1000, 0x1122334455667788L);

        GuestRam other = new GuestRam(folder.resolve("ram"), 0);

        assertEquals(0x1122334455667788L, other.memory(0x1000, 8).getLong(0));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, BASE - 8, BASE + GuestRam.BYTES - 7, Long.MAX_VALUE, -8})
    void refusesWhatIsNotInIt(long address) {
        assertThrows(IllegalArgumentException.class, () -> ram.memory(address, 8));
    }

    @Test
    void givesADriverAlignedMemoryOncePerPurpose() {
        long events = ram.forDriver("evtq", 1 << 15);
        long commands = ram.forDriver("cmdq", 1 << 12);

        assertEquals(0, events % (1 << 15));
        assertNotEquals(events, commands);
        assertEquals(events, ram.forDriver("evtq", 1 << 15));
        assertThrows(IllegalArgumentException.class, () -> ram.forDriver("all", 1 << 30));
        assertThrows(IllegalArgumentException.class, () -> ram.forDriver("odd", 12));
    }
}
