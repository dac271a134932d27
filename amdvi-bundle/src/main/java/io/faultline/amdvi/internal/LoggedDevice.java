package io.faultline.amdvi.internal;

/**
 * A PCI device as a line names it: {@code 02:00.0}, with the segment since about 5.19.
 *
 * @param name as written
 * @param requester its requester id, with the segment above it
 */
record LoggedDevice(String name, int requester) {
    private static final String RECORD_PREFIX = "+pci:";

    /**
     * Reads a device's name.
     *
     * @return null if it is masked, cut or impossible
     */
    static LoggedDevice of(String name) {
        int dot = name.indexOf('.');
        int second = name.lastIndexOf(':');
        int first = name.indexOf(':');
        int segment = first == second ? 0 : hex(name, 0, first, 0xffff);
        int bus = hex(name, first == second ? 0 : first + 1, second, 0xff);
        int slot = hex(name, second + 1, dot, 0x1f);
        int function = hex(name, dot + 1, name.length(), 7);
        if (first < 0 || dot < 0 || (segment | bus | slot | function) < 0) {
            return null;
        }
        return new LoggedDevice(name, segment << 16 | bus << 8 | slot << 3 | function);
    }

    /** The device of a {@code /dev/kmsg} record, or null. */
    static LoggedDevice ofRecord(String device) {
        return device != null && device.startsWith(RECORD_PREFIX)
                ? of(device.substring(RECORD_PREFIX.length()))
                : null;
    }

    /** The number in a part of a text, or -1. */
    private static int hex(String text, int from, int to, int max) {
        if (from >= to || to - from > 4) {
            return -1;
        }
        int value = 0;
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            int digit = c < 0x80 ? Character.digit(c, 16) : -1;
            if (digit < 0) {
                return -1;
            }
            value = value << 4 | digit;
        }
        return value > max ? -1 : value;
    }
}
