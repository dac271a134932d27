package io.faultline.driverlogs.internal;

/**
 * Finds names and values in a message, wherever they stand. People type lines from screens, so
 * letters match in either case, and where a blank stands there may be none or several.
 */
final class Text {
    private static final int HEX_DIGITS_MAX = 16;
    private static final int DECIMAL_DIGITS_MAX = 18;

    /** What stands at a place that was looked for in vain. */
    static final int NOWHERE = -1;

    private Text() {}

    /**
     * Looks for a name that begins as a word.
     *
     * @param name in lower case; a blank in it stands for any number of blanks
     * @return the place behind it, or {@link #NOWHERE}
     */
    static int find(String text, String name, int from) {
        char first = name.charAt(0);
        for (int at = from; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c == first || Character.toLowerCase(c) == first || first == ' ') {
                int end = endOf(name, text, at);
                if (end >= 0
                        && (at == 0 || !isWordPart(first) || !isWordPart(text.charAt(at - 1)))) {
                    return end;
                }
            }
        }
        return NOWHERE;
    }

    /** Where a name ends that begins at a place; {@link #NOWHERE} if it does not. */
    private static int endOf(String name, String text, int start) {
        int at = start;
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c == ' ') {
                at = skipBlanks(text, at);
            } else if (at < text.length() && Character.toLowerCase(text.charAt(at)) == c) {
                at++;
            } else {
                return NOWHERE;
            }
        }
        return at;
    }

    static int skipBlanks(String text, int from) {
        int at = from;
        while (at < text.length() && isBlank(text.charAt(at))) {
            at++;
        }
        return at;
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }

    private static boolean isWordPart(char c) {
        return c == '_' || (c < 0x80 && Character.isLetterOrDigit(c));
    }

    /**
     * Where a hexadecimal number of up to 64 bits ends, {@code 0x} or not. What goes on behind the
     * digits as a word ({@code ffxxxxxx}) is no number.
     *
     * @param from behind blanks
     * @return {@link #NOWHERE} if there is none
     */
    static int endOfHex(String text, int from) {
        int digits = digits(text, from);
        int at = digits;
        while (at < text.length() && digit(text.charAt(at)) >= 0) {
            at++;
        }
        boolean isNumber = at > digits && at - digits <= HEX_DIGITS_MAX && !goesOn(text, at);
        return isNumber ? at : NOWHERE;
    }

    /** The value of a number that {@link #endOfHex} found. */
    static long hex(String text, int from, int end) {
        long value = 0;
        for (int at = digits(text, from); at < end; at++) {
            value = value << 4 | digit(text.charAt(at));
        }
        return value;
    }

    private static int digits(String text, int from) {
        return text.regionMatches(true, from, "0x", 0, 2) ? from + 2 : from;
    }

    /** Where a decimal number of up to 18 digits ends; {@link #NOWHERE} if there is none. */
    static int endOfDecimal(String text, int from) {
        int at = from;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            at++;
        }
        boolean isNumber = at > from && at - from <= DECIMAL_DIGITS_MAX && !goesOn(text, at);
        return isNumber ? at : NOWHERE;
    }

    /**
     * Where a number ends that is decimal, or hexadecimal as {@code 0x} or a letter in it tells.
     *
     * @return {@link #NOWHERE} if there is none
     */
    static int endOfNumber(String text, int from) {
        int end = endOfDecimal(text, from);
        return end >= 0 ? end : endOfHex(text, from);
    }

    /** The value of a number that {@link #endOfNumber} found. */
    static long number(String text, int from, int end) {
        return endOfDecimal(text, from) == end
                ? Long.parseLong(text, from, end, 10)
                : hex(text, from, end);
    }

    private static boolean goesOn(String text, int at) {
        return at < text.length() && isWordPart(text.charAt(at));
    }

    private static int digit(char c) {
        return c < 0x80 ? Character.digit(c, 16) : -1;
    }

    /** Where a word ends: at a blank, a bracket, a comma or a semicolon. */
    static int endOfWord(String text, int from) {
        int at = from;
        while (at < text.length() && " \t,;()[]".indexOf(text.charAt(at)) < 0) {
            at++;
        }
        return at;
    }

    /**
     * Where the word begins that says who prints a message, such as the device's name: it ends with
     * a colon right before the message.
     *
     * @param end where the message begins
     * @return {@link #NOWHERE} if there is none
     */
    static int speaker(String text, int end) {
        int colon = end;
        while (colon > 0 && isBlank(text.charAt(colon - 1))) {
            colon--;
        }
        if (colon == 0 || text.charAt(colon - 1) != ':') {
            return NOWHERE;
        }
        int at = colon - 1;
        while (at > 0 && isNamePart(text.charAt(at - 1))) {
            at--;
        }
        return at < colon - 1 ? at : NOWHERE;
    }

    /** The word that {@link #speaker} finds, without its colon; null if there is none. */
    static String speakerName(String text, int end) {
        int at = speaker(text, end);
        return at < 0 ? null : text.substring(at, text.lastIndexOf(':', end - 1));
    }

    /** Characters of device names and of device tree paths. */
    private static boolean isNamePart(char c) {
        return c > ' ' && c < 0x7f && c != ']' && c != ')' && c != '>';
    }
}
