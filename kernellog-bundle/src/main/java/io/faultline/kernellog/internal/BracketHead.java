package io.faultline.kernellog.internal;

/**
 * Times and callers in square brackets, as the kernel and {@code dmesg} print them.
 *
 * <p><b>Threads.</b> One.
 */
final class BracketHead {
    /** The longest text in brackets that can be a time or a caller. */
    private static final int LIMIT = 64;

    private final Cursor cursor;
    private final WallClock clock;
    private final LineHead head;

    BracketHead(Cursor cursor, WallClock clock, LineHead head) {
        this.cursor = cursor;
        this.clock = clock;
        this.head = head;
    }

    /** Takes off one such bracket. */
    boolean read() {
        int start = cursor.at();
        int close = cursor.find(']', LIMIT);
        if (close >= 0 && cursor.accept('[')) {
            return uptime() || delta() || date() || caller(close) || cursor.back(start);
        }
        return false;
    }

    /** {@code [ 12.345678]}, or with {@code dmesg -d} {@code [ 12.345678 < 0.000012>]}. */
    boolean uptime() {
        int start = cursor.at();
        cursor.blanks();
        long seconds = cursor.number(1, 10);
        long nanos = seconds >= 0 && cursor.accept('.') ? cursor.fractionNanos() : -1;
        if (nanos >= 0) {
            sinceLast();
            if (cursor.accept(']')) {
                return head.foundUptime(seconds, nanos);
            }
        }
        return cursor.back(start);
    }

    /** {@code < 0.000012>}. */
    private boolean sinceLast() {
        int start = cursor.at();
        cursor.blanks();
        if (cursor.accept('<')) {
            cursor.blanks();
            if (seconds() && cursor.accept('>')) {
                return true;
            }
        }
        return cursor.back(start);
    }

    private boolean seconds() {
        return cursor.number(1, 10) >= 0 && cursor.accept('.') && cursor.fractionNanos() >= 0;
    }

    /** {@code [< 0.000012>]} of {@code dmesg -d}, {@code [ +0.000012]} of {@code dmesg -e}. */
    private boolean delta() {
        int start = cursor.at();
        if (sinceLast() && cursor.accept(']')) {
            return head.found();
        }
        cursor.to(start);
        cursor.blanks();
        if (cursor.accept('+') && seconds() && cursor.accept(']')) {
            return head.found();
        }
        return cursor.back(start);
    }

    /** {@code [Fri Nov 3 10:22:31 2023]} and other dates; names in other languages, no time. */
    private boolean date() {
        int start = cursor.at();
        if (clock.read()) {
            sinceLast();
            if (cursor.accept(']')) {
                return head.foundDate(clock);
            }
        }
        cursor.to(start);
        return foreignDate() ? head.found() : cursor.back(start);
    }

    /** Anything that ends with {@code 10:22:31 2023]}. */
    private boolean foreignDate() {
        int colon = cursor.find(':', LIMIT);
        int secondColon = colon + ":22".length();
        int year = secondColon + ":31 ".length();
        if (colon < 0 || !Cursor.isAt(cursor.bytes(), secondColon, cursor.end(), ":")) {
            return false;
        }
        if (year >= cursor.end()) {
            return false;
        }
        cursor.to(year);
        if (cursor.number(4, 4) < 0) {
            return false;
        }
        sinceLast();
        return cursor.accept(']');
    }

    /** {@code [ T123]}, {@code [ C0]}; of vendors, {@code [pid:134,…]}, {@code [0: sh: 1]}. */
    private boolean caller(int close) {
        int start = cursor.at();
        cursor.blanks();
        boolean task = cursor.accept('T') || cursor.accept('C');
        if (task && cursor.number(1, 10) >= 0 && cursor.accept(']')) {
            return head.found();
        }
        cursor.to(start);
        if (head.prefixed() && (cursor.accept("pid:") || isCpuAndProcess(close))) {
            cursor.to(close + 1);
            return head.found();
        }
        return cursor.back(start);
    }

    private boolean isCpuAndProcess(int close) {
        byte[] bytes = cursor.bytes();
        int number = close;
        while (number > cursor.at() && Cursor.isDigit(bytes[number - 1])) {
            number--;
        }
        int name = number;
        while (name > cursor.at() && bytes[name - 1] == ' ') {
            name--;
        }
        return number < close
                && bytes[name - 1] == ':'
                && cursor.number(1, 3) >= 0
                && cursor.accept(':')
                && name > cursor.at();
    }
}
