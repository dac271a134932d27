package io.faultline.kernellog.internal;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

/**
 * Takes off what stands before the kernel's message: quoting, syslog and journal heads, priorities,
 * times, callers. Layers may come in any order and more than once, as they do when a serial
 * console's log was read by one syslog and sent to another.
 *
 * <p><b>Threads.</b> One.
 */
final class LinePrefix {
    /** More are no log but an attempt to keep us busy. */
    private static final int MAX_LAYERS = 24;

    private final Cursor cursor = new Cursor();
    private final WallClock clock = new WallClock(cursor);
    private final LineHead head = new LineHead();
    private final BracketHead brackets = new BracketHead(cursor, clock, head);
    private final SyslogHead syslog = new SyslogHead(cursor, clock, head);
    private final RareHead rare = new RareHead(cursor, brackets, head);
    private String kept = "";

    /**
     * Reads a line's prefixes.
     *
     * @param line cleaned bytes of one line; read again by {@link #text}
     * @return what they told; valid until the next call
     */
    LineHead strip(byte[] line, int from, int to) {
        cursor.on(line, from, to);
        head.clear();
        kept = "";
        layers();
        if (!head.hasUptime()) {
            String before = rare.uptimeFurtherIn();
            if (before != null) {
                kept = before;
                layers();
            } else if (rare.trace()) {
                layers();
            }
        }
        return head;
    }

    private void layers() {
        int layers = 0;
        while (layers < MAX_LAYERS && layer()) {
            layers++;
        }
    }

    private boolean layer() {
        if (cursor.blanks()) {
            return true;
        }
        boolean atHost = head.hostMayFollow();
        return switch (cursor.peek()) {
            case Cursor.END -> false;
            case '[' -> brackets.read() || quote();
            case '<' -> syslog.priority();
            case '*' -> rare.dropped();
            default ->
                    quote()
                            || first()
                            || (atHost && syslog.host())
                            || syslog.kernel()
                            || syslog.facility()
                            || syslog.date();
        };
    }

    /** Quoting says nothing about whether the line has a head of its own. */
    private boolean quote() {
        return !head.prefixed()
                && (cursor.accept('>')
                        || cursor.accept('|')
                        || cursor.accept('`')
                        || cursor.accept("\u00ef\u00bb\u00bf")
                        || cursor.accept("[code]")
                        || cursor.accept("[CODE]")
                        || cursor.accept("[quote]"));
    }

    private boolean first() {
        return !head.prefixed() && (rare.cut() || rare.ramdump() || rare.kmsg());
    }

    /** What is left, without blanks around it. */
    String text() {
        byte[] bytes = cursor.bytes();
        int from = cursor.at();
        int to = cursor.end();
        while (to > from && Cursor.isBlank(bytes[to - 1])) {
            to--;
        }
        if (head.escaped()) {
            byte[] plain = new byte[to - from];
            int length = KmsgHead.unescape(bytes, from, to, plain, 0);
            // Here the lines of one record stay together.
            return new String(plain, 0, length, ISO_8859_1).replace('\n', ' ').replace('\0', ' ');
        }
        return kept + new String(bytes, from, to - from, ISO_8859_1);
    }
}
