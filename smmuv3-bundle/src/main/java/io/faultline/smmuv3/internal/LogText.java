package io.faultline.smmuv3.internal;

/**
 * Finds the parts of a driver's line by hand: in a storm nearly every line of the log is one of
 * ours, and a regular expression costs ten times as much.
 */
final class LogText {
    /** Digits of a 64-bit word. */
    static final int WORD_DIGITS = 16;

    private static final int HALF_DIGITS = WORD_DIGITS / 2;

    private LogText() {}

    /**
     * Undoes what is left of a {@code /dev/kmsg} escape: reports quote raw records too.
     *
     * @return the text, as it was if there is no escaped tab in it
     */
    static String unescaped(String text) {
        return text.indexOf('\\') < 0 ? text : text.replace("\\x09", "\t");
    }

    /** Blank, tab, carriage return, no-break space. */
    static boolean isBlank(char c) {
        return c <= ' ' || c == '\u00a0';
    }

    /** Where blanks that end at {@code end} begin. */
    static int skipBlanksBack(String text, int end) {
        int at = end;
        while (at > 0 && isBlank(text.charAt(at - 1))) {
            at--;
        }
        return at;
    }

    /** Where hexadecimal digits that begin at {@code from} end. */
    static int endOfHex(String text, int from) {
        int at = from;
        while (at < text.length() && digit(text.charAt(at)) >= 0) {
            at++;
        }
        return at;
    }

    /** The value of 1 to 16 hexadecimal digits. */
    static long hex(String text, int from, int to) {
        long value = 0;
        for (int at = from; at < to; at++) {
            value = value << 4 | digit(text.charAt(at));
        }
        return value;
    }

    /**
     * Where a raw word stands in a line that ends with one, {@code 0x} and 16 digits.
     *
     * @return the place of {@code 0x}, or -1
     */
    static int findWord(String text) {
        int end = skipBlanksBack(text, text.length());
        int from = text.lastIndexOf("0x", end);
        return from >= 0 && wordAt(text, from, end) ? from : -1;
    }

    /** The word that {@link #findWord} found. */
    static long word(String text, int found) {
        int first = found + 2;
        int second = skipBlanksBack(text, text.length()) - HALF_DIGITS;
        return hex(text, first, first + HALF_DIGITS) << 32
                | hex(text, second, second + HALF_DIGITS);
    }

    /** A blank in the middle is seen in screen shots that were read by a program. */
    private static boolean wordAt(String text, int from, int end) {
        int first = from + 2;
        int middle = endOfHex(text, first);
        if (middle == end) {
            return end - first == WORD_DIGITS;
        }
        return middle - first == HALF_DIGITS
                && isBlank(text.charAt(middle))
                && end - middle - 1 == HALF_DIGITS
                && endOfHex(text, middle + 1) == end;
    }

    /**
     * The name of the unit in what precedes a message: the last word, without its colon.
     *
     * @param end where the message begins
     * @return null if nothing precedes it; empty if what precedes it is no name
     */
    static String unitBefore(String text, int end) {
        int to = skipBlanksBack(text, end);
        if (to == 0) {
            return null;
        }
        if (text.charAt(to - 1) != ':') {
            return "";
        }
        int from = to - 1;
        while (from > 0 && isNamePart(text.charAt(from - 1))) {
            from--;
        }
        return text.substring(from, to - 1);
    }

    /** Whether a lower case word stands before {@code end}, in whatever case. */
    static boolean contains(String text, String word, int end) {
        for (int at = 0; at <= end - word.length(); at++) {
            if (text.regionMatches(true, at, word, 0, word.length())) {
                return true;
            }
        }
        return false;
    }

    /** Characters of device names and of device tree paths. */
    private static boolean isNamePart(char c) {
        return c > ' ' && c < 0x7f && c != ']' && c != ')' && c != '>';
    }

    private static int digit(char c) {
        if (c >= '0' && c <= '9') {
            return c - '0';
        }
        int letter = c | 0x20;
        return letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : -1;
    }
}
