package io.faultline.kernellog.internal;

/**
 * A decimal number in a text.
 *
 * @param value at most 18 digits
 * @param start place of the first digit
 * @param end place after the last
 */
record Figure(long value, int start, int end) {
    private static final int MAX_DIGITS = 18;

    /** The number that begins at a place, or null. */
    static Figure at(String text, int start) {
        int end = start;
        while (end < text.length() && isDigit(text.charAt(end))) {
            end++;
        }
        return of(text, start, end);
    }

    /** The number that ends at a place, or null. */
    static Figure before(String text, int end) {
        int start = end;
        while (start > 0 && isDigit(text.charAt(start - 1))) {
            start--;
        }
        return of(text, start, end);
    }

    private static Figure of(String text, int start, int end) {
        if (end == start || end - start > MAX_DIGITS) {
            return null;
        }
        return new Figure(Long.parseLong(text, start, end, 10), start, end);
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
