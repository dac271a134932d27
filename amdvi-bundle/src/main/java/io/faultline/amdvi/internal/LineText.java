package io.faultline.amdvi.internal;

/**
 * Reads words and fields from a line, left to right, by hand: old kernels do not limit their lines,
 * and in a storm nearly every line is one of ours. Letters match in either case, and blanks may be
 * missing or doubled: people type lines from screens.
 *
 * <p>Words are given in lower case.
 */
final class LineText {
    private static final int HEX_DIGITS_MAX = 16;

    private final String text;
    private int at;
    private int keyFrom;
    private int keyTo;
    private int valueFrom;
    private boolean closed;
    private int strayWords;
    private boolean number;
    private long hex;

    LineText(String text) {
        this.text = text;
    }

    /** Moves behind the next occurrence of a word, if there is one. */
    boolean find(String word) {
        for (int i = at; i <= text.length() - word.length(); i++) {
            if (isHere(i, word)) {
                at = i + word.length();
                return true;
            }
        }
        return false;
    }

    /** Moves behind a word, if that is what comes next. */
    boolean skip(String word) {
        int from = skipBlanks(at);
        if (from > text.length() - word.length() || !isHere(from, word)) {
            return false;
        }
        at = from + word.length();
        return true;
    }

    /** Moves in front of the word that was found last. */
    void back(String word) {
        at -= word.length();
    }

    private boolean isHere(int position, String word) {
        char c = text.charAt(position);
        char lower = word.charAt(0);
        return (c == lower || (c ^ lower) == ' ')
                && text.regionMatches(true, position, word, 0, word.length());
    }

    private int skipBlanks(int from) {
        int i = from;
        while (i < text.length() && text.charAt(i) <= ' ') {
            i++;
        }
        return i;
    }

    boolean isAtEnd() {
        return skipBlanks(at) == text.length();
    }

    /** What stands before the word that was found last. */
    String before(String word) {
        return text.substring(0, at - word.length());
    }

    /** Reads letters, digits and low lines; empty if none comes next. */
    String word() {
        int from = skipBlanks(at);
        int to = from;
        while (to < text.length() && isWordPart(text.charAt(to))) {
            to++;
        }
        at = to;
        return text.substring(from, to);
    }

    private static boolean isWordPart(char c) {
        return c == '_' || (c < 0x80 && Character.isLetterOrDigit(c));
    }

    /** Whether a field comes in the rest of the line. */
    boolean hasField() {
        return text.indexOf('=', at) >= 0;
    }

    /**
     * Reads the next field, {@code key=value}: the key is the word right before the {@code =}. Ends
     * at a closing bracket that belongs to no key.
     *
     * @return false if there is no further field
     */
    boolean nextField() {
        while (at < text.length() && !closed) {
            char c = text.charAt(at);
            if (isWordPart(c)) {
                keyFrom = at;
                word();
                keyTo = at;
                skipIndex();
                strayWords++;
            } else if (c == '=' && keyTo > keyFrom) {
                strayWords--;
                readValue();
                return true;
            } else {
                closed = c == ']';
                at++;
            }
        }
        return false;
    }

    /** The {@code [0]} of a key. */
    private void skipIndex() {
        if (at + 2 < text.length() && text.charAt(at) == '[' && text.charAt(at + 2) == ']') {
            at += 3;
            keyTo = at;
        }
    }

    private void readValue() {
        valueFrom = skipBlanks(at + 1);
        at = valueFrom;
        while (at < text.length() && isValuePart(text.charAt(at))) {
            at++;
        }
        readNumber();
    }

    private static boolean isValuePart(char c) {
        return isWordPart(c) || c == ':' || c == '.';
    }

    /** Takes the value for up to 16 hexadecimal digits, with or without {@code 0x}. */
    private void readNumber() {
        int from = text.regionMatches(true, valueFrom, "0x", 0, 2) ? valueFrom + 2 : valueFrom;
        hex = 0;
        number = from < at && at - from <= HEX_DIGITS_MAX;
        for (int i = from; i < at && number; i++) {
            int digit = Character.digit(text.charAt(i), 16);
            number = digit >= 0;
            hex = hex << 4 | digit;
        }
    }

    /** Whether the last field has that key. */
    boolean isKey(String key) {
        return keyTo - keyFrom == key.length()
                && text.regionMatches(true, keyFrom, key, 0, key.length());
    }

    /** Whether the last field's value is a number of no more bits than that. */
    boolean isNumber(int bits) {
        return number && (bits == Long.SIZE || hex >>> bits == 0);
    }

    /** The last field's value as a number. */
    long hex() {
        return hex;
    }

    /** The last field's value as it stands. */
    String value() {
        return text.substring(valueFrom, at);
    }

    /** How many words were passed that belong to no field. */
    int strayWords() {
        return strayWords;
    }

    /** Whether the closing bracket was met. */
    boolean isClosed() {
        return closed;
    }
}
