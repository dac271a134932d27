package io.faultline.kernellog.internal;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/**
 * Reads the names and values of a JSON object's text as far as it is sound; what is cut or broken
 * ends it.
 *
 * <p><b>Threads.</b> One.
 */
final class JsonText {
    private static final byte RECORD_SEPARATOR = 0x1e;

    private final byte[] bytes;
    private final int end;
    private int at;

    /**
     * @param bytes the text, in UTF-8 or any other encoding that has ASCII in it
     */
    JsonText(byte[] bytes, int from, int to) {
        this.bytes = bytes;
        this.at = from;
        this.end = to;
    }

    /**
     * The place of the brace that begins a line's object, also behind what {@code json-seq} and
     * {@code json-sse} put before it; -1 if there is none.
     */
    static int objectAt(byte[] line, int from, int to) {
        int at = from;
        if (at < to && line[at] == RECORD_SEPARATOR) {
            at++;
        } else if (Cursor.isAt(line, at, to, "data: ")) {
            at += "data: ".length();
        }
        return at < to && line[at] == '{' ? at : -1;
    }

    /** The name with which a line begins, if that is {@code "name" :}; else null. */
    static String keyAt(byte[] line, int from, int to) {
        return new JsonText(line, from, to).name();
    }

    /**
     * Hands all fields of the object or the part of it that is here to an entry.
     *
     * @param messages takes the message instead
     */
    void read(JournalEntry entry, MessageTaker messages) {
        while (at < end) {
            skipBlanks();
            while (accept(',') || accept('{')) {
                skipBlanks();
            }
            String name = name();
            byte[] value = name == null ? null : value();
            if (value == null) {
                return;
            }
            if (JournalEntry.isMessage(name)) {
                messages.message(value);
            } else {
                entry.put(name, value);
            }
        }
    }

    /** Takes a message's bytes. */
    interface MessageTaker {
        void message(byte[] text);
    }

    /** Moves over {@code "name" :}. */
    private String name() {
        byte[] name = string();
        skipBlanks();
        return name != null && accept(':') ? new String(name, ISO_8859_1) : null;
    }

    /** Any value's text; of an array of numbers, the bytes that these are; null at the end. */
    private byte[] value() {
        skipBlanks();
        if (at == end) {
            return null;
        }
        if (bytes[at] == '"') {
            return string();
        }
        return accept('[') ? array() : token();
    }

    private byte[] token() {
        int start = at;
        while (at < end && bytes[at] != ',' && bytes[at] != '}' && bytes[at] != ']') {
            at++;
        }
        int to = at;
        while (to > start && Cursor.isBlank(bytes[to - 1])) {
            to--;
        }
        return Arrays.copyOfRange(bytes, start, to);
    }

    /** An array of numbers, or the first of several values. */
    private byte[] array() {
        ByteArrayOutputStream numbers = new ByteArrayOutputStream();
        byte[] first = null;
        skipBlanks();
        while (!accept(']')) {
            byte[] value = value();
            if (value == null || value.length == 0) {
                return first;
            }
            if (first == null && !Cursor.isDigit(value[0])) {
                first = value;
            }
            numbers.write(first == null ? number(value) : 0);
            skipBlanks();
            accept(',');
            skipBlanks();
        }
        return first == null ? numbers.toByteArray() : first;
    }

    private static int number(byte[] digits) {
        Cursor cursor = new Cursor();
        cursor.on(digits, 0, digits.length);
        return (int) Math.max(0, cursor.number(1, 3));
    }

    /** A string with its escapes undone; null if there is none or it does not end. */
    private byte[] string() {
        if (!accept('"')) {
            return null;
        }
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        while (at < end && bytes[at] != '"') {
            if (accept('\\')) {
                escape(text);
            } else {
                text.write(bytes[at++]);
            }
        }
        at++;
        return text.toByteArray();
    }

    private void escape(ByteArrayOutputStream text) {
        if (at == end) {
            return;
        }
        byte b = bytes[at++];
        switch (b) {
            case 'n' -> text.write('\n');
            case 't' -> text.write('\t');
            case 'r' -> text.write('\r');
            case 'b' -> text.write('\b');
            case 'f' -> text.write('\f');
            case 'u' -> unicode(text);
            default -> text.write(b);
        }
    }

    private void unicode(ByteArrayOutputStream text) {
        int c = 0;
        int digits = 0;
        while (digits < 4 && at < end && Character.digit(bytes[at], 16) >= 0) {
            c = (c << 4) | Character.digit(bytes[at++], 16);
            digits++;
        }
        text.writeBytes(Character.toString(c).getBytes(UTF_8));
    }

    private void skipBlanks() {
        while (at < end && (Cursor.isBlank(bytes[at]) || bytes[at] == '\r')) {
            at++;
        }
    }

    private boolean accept(char c) {
        boolean is = at < end && bytes[at] == c;
        at += is ? 1 : 0;
        return is;
    }
}
