package io.faultline.kernellog.internal;

/**
 * Heads that are cut, that are in another place than usual, or that are no log's.
 *
 * <p><b>Threads.</b> One.
 */
final class RareHead {
    /** How far in the line a time is looked for if it is not where it should be. */
    private static final int WITHIN = 64;

    private static final String XEN = "(XEN) ";

    private final Cursor cursor;
    private final BracketHead brackets;
    private final LineHead head;

    RareHead(Cursor cursor, BracketHead brackets, LineHead head) {
        this.cursor = cursor;
        this.brackets = brackets;
        this.head = head;
    }

    /** The end of a time whose begin was cut off; what is left of the figure means nothing. */
    boolean cut() {
        int start = cursor.at();
        boolean figure = cursor.number(1, 10) >= 0;
        if (cursor.accept('.')) {
            figure = cursor.number(1, 9) >= 0;
        }
        return (figure && cursor.accept("] ") && head.found()) || cursor.back(start);
    }

    /** {@code 0x000000000277BBFA | 1263.468579: }, from a dump of a phone's memory. */
    boolean ramdump() {
        int start = cursor.at();
        if (cursor.accept("0x") && cursor.word() && cursor.blanks() && cursor.accept('|')) {
            cursor.blanks();
            if (uptimeBefore(":")) {
                return true;
            }
        }
        return cursor.back(start);
    }

    private boolean uptimeBefore(String mark) {
        long seconds = cursor.number(1, 10);
        long nanos = seconds >= 0 && cursor.accept('.') ? cursor.fractionNanos() : -1;
        return nanos >= 0 && cursor.accept(mark) && head.foundUptime(seconds, nanos);
    }

    /** The head of a {@code /dev/kmsg} record that stands in some other text. */
    boolean kmsg() {
        int start = cursor.at();
        KmsgHead record = Cursor.isDigit(cursor.peek()) ? KmsgHead.read(cursor) : null;
        if (record == null) {
            return cursor.back(start);
        }
        cursor.to(record.textFrom());
        head.foundUptime(0, record.nanos());
        head.foundEscapes();
        return head.foundAuthor(record.fromKernel());
    }

    /** {@code ** 123 printk messages dropped ** }, on a line of its own or before a message. */
    boolean dropped() {
        int start = cursor.at();
        if (cursor.accept("** ")) {
            long count = cursor.number(1, 18);
            if (count >= 0 && cursor.accept(" printk messages dropped")) {
                cursor.accept(" **");
                return head.foundDropped(count);
            }
        }
        return cursor.back(start);
    }

    /**
     * The kernel's time with something before it: what {@code grep} puts there, or Xen's console,
     * which is the text's and not taken off.
     *
     * @return what stays before the text; null, and no move, if there is no such time
     */
    String uptimeFurtherIn() {
        int start = cursor.at();
        if (cursor.accept(RepeatedLine.LITERAL)) {
            cursor.to(start); // the time is that of the line it repeats
            return null;
        }
        String kept = cursor.accept(XEN) ? XEN : "";
        int last = Math.min(cursor.end(), start + WITHIN);
        for (int i = start; i < last; i++) {
            cursor.to(i);
            if (cursor.accept('[') && hasSixDecimals() && brackets.uptime()) {
                return kept;
            }
        }
        cursor.to(start);
        return null;
    }

    private boolean hasSixDecimals() {
        int point = cursor.find('.', 12);
        int behind = point + 7;
        return point >= 0
                && behind < cursor.end()
                && (cursor.bytes()[behind] == ']' || cursor.bytes()[behind] == ' ');
    }

    /** {@code task-123 [002] d.h1. 345.678901: }, the head of a trace event. */
    boolean trace() {
        int start = cursor.at();
        int open = head.prefixed() ? -1 : cursor.find('[', WITHIN);
        if (open > start) {
            cursor.to(open + 1);
            if (cursor.number(3, 4) >= 0 && cursor.accept("] ")) {
                cursor.blanks();
                traceFlags();
                if (uptimeBefore(": ")) {
                    head.hostMayFollow();
                    return true;
                }
            }
        }
        return cursor.back(start);
    }

    private void traceFlags() {
        int start = cursor.at();
        cursor.word();
        int length = cursor.at() - start;
        if (length < 4 || length > 6 || cursor.peek(-1) == ':' || !cursor.blanks()) {
            cursor.to(start);
        }
    }
}
