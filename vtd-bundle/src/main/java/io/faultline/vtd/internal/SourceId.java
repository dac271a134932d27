package io.faultline.vtd.internal;

/**
 * A source-id (SID, RID): bus in bits 15:8, device in 7:3, function in 2:0. Above them, where a log
 * tells it, stands the PCI segment.
 */
final class SourceId {
    private static final char[] DIGITS = "0123456789abcdef".toCharArray();

    private SourceId() {}

    static int of(int segment, int bus, int device, int function) {
        return segment << 16 | bus << 8 | device << 3 | function;
    }

    /** {@return for example {@code 3b:00.0}, without the segment} */
    static String text(int id) {
        char[] text = {
            DIGITS[id >> 12 & 0xf],
            DIGITS[id >> 8 & 0xf],
            ':',
            DIGITS[id >> 7 & 1],
            DIGITS[id >> 3 & 0xf],
            '.',
            DIGITS[id & 7]
        };
        return new String(text);
    }
}
