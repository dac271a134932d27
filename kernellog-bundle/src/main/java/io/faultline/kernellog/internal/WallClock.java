package io.faultline.kernellog.internal;

import java.time.LocalDate;

/**
 * Reads a date and a time of day as logs print them. A clock that does not tell its zone is taken
 * as UTC: a log's reader cannot know better. A date without a year gives no time at all.
 *
 * <p><b>Threads.</b> One.
 */
final class WallClock {
    private static final String MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec";
    private static final String WEEKDAYS = "MonTueWedThuFriSatSun";
    private static final long NANOS_PER_SECOND = 1_000_000_000;

    private final Cursor cursor;
    private int year;
    private int month;
    private int day;
    private long secondOfDay;
    private long fraction;
    private boolean comma;

    /**
     * @param cursor what to read
     */
    WallClock(Cursor cursor) {
        this.cursor = cursor;
    }

    /** Whether what was read is a time: the year was there. */
    boolean known() {
        return year != 0;
    }

    /** Whether it has the comma before the fraction that only {@code dmesg} writes. */
    boolean ofDmesg() {
        return comma;
    }

    /** Nanoseconds since 1970 of what was read. */
    long nanos() {
        long days = LocalDate.of(year, month, 1).toEpochDay() + day - 1;
        return (days * 86_400 + secondOfDay) * NANOS_PER_SECOND + fraction;
    }

    /**
     * Moves over a date and time.
     *
     * @return false, and no move, if there is none
     */
    boolean read() {
        int start = cursor.at();
        year = 0;
        fraction = 0;
        comma = false;
        boolean found = iso() || named() || unix();
        if (!found) {
            cursor.to(start);
        }
        return found;
    }

    /** {@code 2023-11-03T10:22:31.123456+01:00}, as {@code journalctl -o short-iso} has it. */
    private boolean iso() {
        int start = cursor.at();
        if (weekday()) {
            cursor.accept(' ');
        }
        long y = cursor.number(4, 4);
        if (y >= 1970
                && cursor.accept('-')
                && month(cursor.number(2, 2))
                && cursor.accept('-')
                && day(cursor.number(2, 2))
                && (cursor.accept('T') || cursor.accept(' '))
                && timeOfDay()) {
            year = (int) y;
            zone();
            return true;
        }
        cursor.to(start);
        return false;
    }

    private boolean weekday() {
        return name(WEEKDAYS) >= 0;
    }

    /** The index of the three letters here among names, -1 and no move if they are none. */
    private int name(String names) {
        int i = 0;
        while (i < names.length() && !isNext(names, i)) {
            i += 3;
        }
        if (i == names.length()) {
            return -1;
        }
        cursor.to(cursor.at() + 3);
        return i / 3;
    }

    private boolean isNext(String names, int i) {
        return cursor.peek() == names.charAt(i)
                && cursor.peek(1) == names.charAt(i + 1)
                && cursor.peek(2) == names.charAt(i + 2);
    }

    private boolean month(long number) {
        month = (int) number;
        return number >= 1 && number <= 12;
    }

    private boolean day(long number) {
        day = (int) number;
        return number >= 1 && number <= 31;
    }

    private boolean timeOfDay() {
        long hour = cursor.number(2, 2);
        if (hour < 0 || hour > 23 || !cursor.accept(':')) {
            return false;
        }
        long minute = cursor.number(2, 2);
        if (minute < 0 || minute > 59 || !cursor.accept(':')) {
            return false;
        }
        long second = cursor.number(2, 2);
        secondOfDay = (hour * 60 + minute) * 60 + second;
        if ((cursor.peek() == '.' || cursor.peek() == ',') && Cursor.isDigit(cursor.peek(1))) {
            comma = cursor.peek() == ',';
            cursor.to(cursor.at() + 1);
            fraction = cursor.fractionNanos();
        }
        return second >= 0 && second <= 60 && fraction >= 0;
    }

    /** {@code Z}, {@code +01:00}, {@code +0100}, {@code UTC}, {@code CET}: only figures count. */
    private void zone() {
        if (cursor.accept('Z')) {
            return;
        }
        int start = cursor.at();
        int sign = cursor.accept('+') ? 1 : cursor.accept('-') ? -1 : 0;
        long minutes = sign == 0 ? -1 : zoneMinutes();
        if (minutes < 0) {
            cursor.to(start);
            zoneName();
        } else {
            secondOfDay -= sign * minutes * 60;
        }
    }

    private long zoneMinutes() {
        long figure = cursor.number(4, 4);
        if (figure >= 0) {
            return figure / 100 * 60 + figure % 100;
        }
        long hours = cursor.number(2, 2);
        cursor.accept(':');
        return hours < 0 ? -1 : hours * 60 + Math.max(0, cursor.number(2, 2));
    }

    private void zoneName() {
        int start = cursor.at();
        cursor.accept(' ');
        int letters = cursor.at();
        while (cursor.peek() >= 'A' && cursor.peek() <= 'Z') {
            cursor.to(cursor.at() + 1);
        }
        int length = cursor.at() - letters;
        if (length < 3 || length > 5 || cursor.peek() != ' ') {
            cursor.to(start);
        }
    }

    /**
     * {@code Nov 3 10:22:31}, with a weekday, a fraction, or a year in either place; {@code Nov 3
     * 10:22} as {@code dmesg -e} has it.
     */
    private boolean named() {
        int start = cursor.at();
        if (weekday()) {
            cursor.accept(',');
            cursor.blanks();
        }
        if (!month(name(MONTHS) + 1)) {
            cursor.to(start);
            return false;
        }
        cursor.blanks();
        boolean dated = day(cursor.number(1, 2)) && cursor.blanks();
        long y = yearBefore();
        if (!dated || !(timeOfDay() || hoursAndMinutes())) {
            return false;
        }
        year = (int) Math.max(0, y < 0 ? yearAfter() : y);
        return true;
    }

    private long yearBefore() {
        int start = cursor.at();
        long y = cursor.number(4, 4);
        if (y < 1970 || !cursor.blanks()) {
            cursor.to(start);
            return -1;
        }
        return y;
    }

    private long yearAfter() {
        int start = cursor.at();
        long y = cursor.accept(' ') ? cursor.number(4, 4) : -1;
        boolean ends = cursor.atEnd() || cursor.peek() == ']' || cursor.peek() == ' ';
        if (y < 1970 || !ends) {
            cursor.to(start);
            return -1;
        }
        return y;
    }

    /** The end of {@code [Nov 3 10:22]}; after {@link #timeOfDay} has stopped at the bracket. */
    private boolean hoursAndMinutes() {
        return cursor.peek() == ']'
                && cursor.peek(-3) == ':'
                && Cursor.isDigit(cursor.peek(-1))
                && Cursor.isDigit(cursor.peek(-4));
    }

    /** {@code 1699006951.123456}, as {@code journalctl -o short-unix} has it. */
    private boolean unix() {
        long second = cursor.number(10, 10);
        if (second < 0 || !cursor.accept('.')) {
            return false;
        }
        long decimals = cursor.fractionNanos();
        if (decimals < 0 || cursor.peek() != ' ') {
            return false;
        }
        year = 1970;
        month = 1;
        day = 1;
        secondOfDay = second;
        fraction = decimals;
        return true;
    }
}
