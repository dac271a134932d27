package io.faultline.kernellog.internal;

/**
 * A place in a line that moves on over what it recognises and else stays where it is.
 *
 * <p><b>Threads.</b> One.
 */
final class Cursor {
    /** What {@link #peek} says at the end; no byte of a line is 0. */
    static final byte END = 0;

    private byte[] bytes = {};
    private int at;
    private int end;

    /** Puts it at the begin of a line. */
    void on(byte[] line, int from, int to) {
        bytes = line;
        at = from;
        end = to;
    }

    int at() {
        return at;
    }

    int end() {
        return end;
    }

    byte[] bytes() {
        return bytes;
    }

    /** Puts it somewhere else. */
    void to(int place) {
        at = place;
    }

    /** Puts it back to where an attempt began that failed. */
    boolean back(int place) {
        at = place;
        return false;
    }

    boolean atEnd() {
        return at == end;
    }

    byte peek() {
        return peek(0);
    }

    byte peek(int ahead) {
        return at + ahead < end ? bytes[at + ahead] : END;
    }

    boolean accept(char c) {
        boolean is = at < end && bytes[at] == c;
        at += is ? 1 : 0;
        return is;
    }

    /**
     * Moves over a word.
     *
     * @param word characters below U+0100, each of which stands for a byte
     */
    boolean accept(String word) {
        boolean is = isAt(bytes, at, end, word);
        at += is ? word.length() : 0;
        return is;
    }

    static boolean isAt(byte[] bytes, int at, int end, String word) {
        if (end - at < word.length()) {
            return false;
        }
        for (int i = 0; i < word.length(); i++) {
            if (bytes[at + i] != (byte) word.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** Moves over blanks and tabs; true if there were any. */
    boolean blanks() {
        int start = at;
        while (at < end && isBlank(bytes[at])) {
            at++;
        }
        return at > start;
    }

    /** Moves to the next blank or the end; true if that is further on. */
    boolean word() {
        int start = at;
        while (at < end && !isBlank(bytes[at])) {
            at++;
        }
        return at > start;
    }

    /** Moves over lower case letters and digits; true if there were any. */
    boolean lowerCaseWord() {
        int start = at;
        while (at < end && (isLowerCase(bytes[at]) || isDigit(bytes[at]))) {
            at++;
        }
        return at > start;
    }

    /**
     * Moves over a decimal number.
     *
     * @return its value, of which bits over 64 are lost and the highest is cleared; -1, and no
     *     move, if there are fewer or more digits
     */
    long number(int minDigits, int maxDigits) {
        int digits = at;
        long value = 0;
        while (digits < end && isDigit(bytes[digits])) {
            value = value * 10 + bytes[digits++] - '0';
        }
        if (digits - at < minDigits || digits - at > maxDigits) {
            return -1;
        }
        at = digits;
        return value & Long.MAX_VALUE;
    }

    /**
     * Moves over the digits after a decimal point.
     *
     * @return nanoseconds; -1, and no move, if there are not 1 to 9 digits
     */
    long fractionNanos() {
        int start = at;
        long value = number(1, 9);
        for (int digits = at - start; value >= 0 && digits < 9; digits++) {
            value *= 10;
        }
        return value;
    }

    /** The place of the next such character, or -1. */
    int find(char c, int within) {
        int limit = Math.min(end, at + within);
        for (int i = at; i < limit; i++) {
            if (bytes[i] == c) {
                return i;
            }
        }
        return -1;
    }

    static boolean isBlank(byte b) {
        return b == ' ' || b == '\t';
    }

    private static boolean isLowerCase(byte b) {
        return b >= 'a' && b <= 'z';
    }

    static boolean isDigit(byte b) {
        return b >= '0' && b <= '9';
    }
}
