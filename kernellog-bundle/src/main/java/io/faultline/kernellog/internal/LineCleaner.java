package io.faultline.kernellog.internal;

/**
 * Takes out of a line what terminals, serial lines, mail and web pages have put into it: colours,
 * carriage returns, non-breaking blanks and typographic quotes, HTML entities, and the
 * quoted-printable forms of {@code =} and of a blank at the end. None of these is ever part of a
 * kernel message. All other bytes stay as they are.
 *
 * <p><b>Threads.</b> One.
 */
final class LineCleaner {
    private static final byte ESCAPE = 0x1b;

    /** What is written, in the bytes of ISO-8859-1 or UTF-8, and what it stands for. */
    private static final String[][] MEANINGS = {
        {"&gt;", ">"},
        {"&lt;", "<"},
        {"&amp;", "&"},
        {"&quot;", "\""},
        {"&#34;", "\""},
        {"&apos;", "'"},
        {"&#39;", "'"},
        {"&nbsp;", " "},
        {"=3D", "="},
        {"\u00c2\u00a0", " "},
        {"\u00e2\u0080\u00af", " "},
        {"\u00e2\u0080\u0098", "'"},
        {"\u00e2\u0080\u0099", "'"},
        {"\u00e2\u0080\u009c", "\""},
        {"\u00e2\u0080\u009d", "\""},
        {"\u00a0", " "},
    };

    /** By byte, unsigned: whether it can begin something that is not meant as it stands. */
    private static final boolean[] SUSPECT = new boolean[1 << Byte.SIZE];

    static {
        for (int b = Byte.MAX_VALUE + 1; b < SUSPECT.length; b++) {
            SUSPECT[b] = true;
        }
        for (byte b : new byte[] {ESCAPE, '\r', '\b', '&', '='}) {
            SUSPECT[b] = true;
        }
    }

    private final byte[] scratch = new byte[ScannedLog.LINE_LIMIT];
    private byte[] bytes = scratch;
    private int from;
    private int to;

    byte[] bytes() {
        return bytes;
    }

    int from() {
        return from;
    }

    int to() {
        return to;
    }

    /**
     * Cleans a line; {@link #bytes}, {@link #from} and {@link #to} then give the result.
     *
     * @param line not changed; the result is in it if there is nothing to clean
     */
    void clean(byte[] line, int lineFrom, int lineTo) {
        bytes = line;
        from = lineFrom;
        to = lineTo;
        if (endsWithQuotedBlank(line)) {
            to -= 3;
        }
        for (int i = from; i < to; i++) {
            if (mayStandForAnother(line, i)) {
                copy(line, i);
                return;
            }
        }
    }

    private boolean endsWithQuotedBlank(byte[] line) {
        return to - from > 3 && line[to - 3] == '=' && line[to - 2] == '2' && line[to - 1] == '0';
    }

    private boolean mayStandForAnother(byte[] line, int at) {
        return SUSPECT[line[at] & 0xff]
                && (line[at] != '=' || (at + 1 < to && line[at + 1] == '3'));
    }

    private void copy(byte[] line, int firstOdd) {
        int out = firstOdd - from;
        System.arraycopy(line, from, scratch, 0, out);
        int in = firstOdd;
        while (in < to) {
            byte b = line[in];
            if (b == '\r' || b == '\b') {
                in++;
            } else if (b == ESCAPE) {
                in = afterEscape(line, in + 1);
            } else {
                String[] meaning = mayStandForAnother(line, in) ? meaning(line, in) : null;
                scratch[out++] = meaning == null ? b : (byte) meaning[1].charAt(0);
                in += meaning == null ? 1 : meaning[0].length();
            }
        }
        bytes = scratch;
        from = 0;
        to = out;
    }

    /** A control sequence is {@code [}, parameters and a letter. A lone escape is dropped. */
    private int afterEscape(byte[] line, int at) {
        if (at == to || line[at] != '[') {
            return at;
        }
        int end = at + 1;
        while (end < to && (Cursor.isDigit(line[end]) || line[end] == ';')) {
            end++;
        }
        return Math.min(end + 1, to);
    }

    private String[] meaning(byte[] line, int at) {
        for (String[] meaning : MEANINGS) {
            if (Cursor.isAt(line, at, to, meaning[0])) {
                return meaning;
            }
        }
        return null;
    }
}
