package io.faultline.qemu.internal;

import io.faultline.hardware.HardwareWindow;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;

/**
 * The guest's RAM, as a file that QEMU maps too. The lower half is the machine's (tables, data),
 * the upper half is given to the unit's driver.
 */
final class GuestRam {
    static final int BYTES = 64 << 20;
    static final int MEGABYTES = BYTES >> 20;

    private static final int DRIVER = BYTES / 2;

    private final MappedByteBuffer bytes;
    private final long base;
    private final Map<String, Long> given = new HashMap<>();
    private int free = DRIVER;

    /**
     * Maps the RAM, which is made if it is not there.
     *
     * @param base its first physical address
     */
    GuestRam(Path file, long base) throws IOException {
        this.base = base;
        try (FileChannel channel =
                FileChannel.open(
                        file,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE,
                        StandardOpenOption.CREATE)) {
            bytes = channel.map(FileChannel.MapMode.READ_WRITE, 0, BYTES);
            bytes.order(ByteOrder.LITTLE_ENDIAN);
        }
    }

    /** Writes 64-bit words of a table. */
    void put(long address, long... words) {
        int at = at(address, words.length * Long.BYTES);
        for (int i = 0; i < words.length; i++) {
            bytes.putLong(at + i * Long.BYTES, words[i]);
        }
    }

    private int at(long address, int lengthBytes) {
        if (address < base || lengthBytes < 0 || address - base > BYTES - lengthBytes) {
            throw new IllegalArgumentException(
                    "address=0x%x, lengthBytes=%d: the RAM is 0x%x to 0x%x"
                            .formatted(address, lengthBytes, base, base + BYTES - 1));
        }
        return (int) (address - base);
    }

    /** As {@link HardwareWindow#memory}. */
    ByteBuffer memory(long address, int lengthBytes) {
        return bytes.slice(at(address, lengthBytes), lengthBytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** As {@link HardwareWindow#memoryFor}. */
    synchronized long forDriver(String purpose, int lengthBytes) {
        if (lengthBytes < 1 || lengthBytes > DRIVER || Integer.bitCount(lengthBytes) != 1) {
            throw new IllegalArgumentException(
                    "lengthBytes=%d: allowed is a power of two up to %d"
                            .formatted(lengthBytes, DRIVER));
        }
        String key = purpose + ":" + lengthBytes;
        Long before = given.get(key);
        if (before != null) {
            return before;
        }
        int align = Math.max(lengthBytes, 4096);
        int at = (free + align - 1) / align * align;
        if (at > BYTES - align) {
            throw new IllegalArgumentException(
                    "%s, lengthBytes=%d: only %d are left"
                            .formatted(purpose, lengthBytes, BYTES - free));
        }
        free = at + align;
        given.put(key, base + at);
        return base + at;
    }
}
