package io.faultline.vtd.internal;

/**
 * Reads words and numbers from a line, left to right. Letters match in either case, and blanks may
 * be missing or doubled: people type lines from screens.
 *
 * <p>Words are given in lower case.
 */
final class Scan {
    private static final int HEX_DIGITS_MAX = 16;

    private final String text;
    private int at;
    private int digits;
    private long hex;
    private long decimal;
    private boolean prefixed;

    Scan(String text) {
        this.text = text;
    }

    int at() {
        return at;
    }

    Scan at(int position) {
        at = position;
        return this;
    }

    /** Moves behind the next occurrence of a word, if there is one. */
    boolean find(String word) {
        return find(word, text.length());
    }

    /** Moves behind the next occurrence of a word that ends at or before {@code end}. */
    boolean find(String word, int end) {
        for (int i = at; i <= end - word.length(); i++) {
            if (isHere(i, word)) {
                at = i + word.length();
                return true;
            }
        }
        return false;
    }

    /** Moves behind a word, if that is what comes next. */
    boolean skip(String word) {
        int start = at;
        skipBlanks();
        if (at < text.length() && isHere(at, word)) {
            at += word.length();
            return true;
        }
        at = start;
        return false;
    }

    /** Most words that are looked for are not there: one character tells. */
    private boolean isHere(int position, String word) {
        char c = text.charAt(position);
        char lower = word.charAt(0);
        return (c == lower || (c ^ lower) == ' ')
                && text.regionMatches(true, position, word, 0, word.length());
    }

    private void skipBlanks() {
        while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\t')) {
            at++;
        }
    }

    /**
     * Reads a number, if one comes next: up to 16 hexadecimal digits, with or without {@code 0x}.
     * What goes on behind the digits as a word ({@code ffxxxxxx}) is no number.
     */
    boolean number() {
        int start = at;
        skipBlanks();
        prefixed = text.regionMatches(true, at, "0x", 0, 2);
        if (prefixed) {
            at += 2;
        }
        digits = at;
        hex = 0;
        decimal = 0;
        for (int digit; at < text.length() && (digit = digit(text.charAt(at))) >= 0; at++) {
            hex = hex << 4 | digit;
            decimal = decimal < 0 || digit > 9 ? -1 : decimal * 10 + digit;
        }
        boolean ended = at == text.length() || !Character.isLetterOrDigit(text.charAt(at));
        if (at == digits || at - digits > HEX_DIGITS_MAX || !ended) {
            at = start;
            return false;
        }
        return true;
    }

    private static int digit(char c) {
        return c < 0x80 ? Character.digit(c, 16) : -1;
    }

    /** The digits of the number read last, which still stands right before the place. */
    String digits() {
        return text.substring(digits, at);
    }

    /** The number read last, taken as hexadecimal. */
    long hex() {
        return hex;
    }

    /** The number read last, taken as decimal; -1 if it has other digits. */
    long decimal() {
        return decimal;
    }

    /** Whether the number read last began with {@code 0x}. */
    boolean prefixed() {
        return prefixed;
    }

    /** The rest of the line without blanks around it. */
    String rest() {
        return text.substring(at).strip();
    }
}
