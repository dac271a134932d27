package io.faultline.kernellog.internal;

import java.nio.ByteBuffer;

/** Counts and finds the ends of lines. A NUL ends a line too, but does not begin a numbered one. */
final class Newlines {
    private static final long NEWLINES = 0x0a0a_0a0a_0a0a_0a0aL;
    private static final long LOW_BITS = 0x7f7f_7f7f_7f7f_7f7fL;

    private Newlines() {}

    static boolean endsLine(byte b) {
        return b == '\n' || b == 0;
    }

    /** How many newlines there are; eight bytes at a time. */
    static int count(ByteBuffer text, int from, int to) {
        int count = 0;
        int i = from;
        for (; i <= to - Long.BYTES; i += Long.BYTES) {
            long zeroIfNewline = text.getLong(i) ^ NEWLINES;
            long notZero = ((zeroIfNewline & LOW_BITS) + LOW_BITS) | zeroIfNewline | LOW_BITS;
            count += Long.bitCount(~notZero);
        }
        for (; i < to; i++) {
            count += text.get(i) == '\n' ? 1 : 0;
        }
        return count;
    }

    /** Where the line at a place begins, but not before {@code from}. */
    static int lineStart(byte[] bytes, int at, int from) {
        int start = at;
        while (start > from && !endsLine(bytes[start - 1])) {
            start--;
        }
        return start;
    }

    /** The place of the byte that ends the line at a place, or {@code to}. */
    static int lineEnd(byte[] bytes, int at, int to) {
        int end = at;
        while (end < to && !endsLine(bytes[end])) {
            end++;
        }
        return end;
    }
}
