package io.faultline.kernellog.internal;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Set;

/**
 * What {@code dmesg -r} and {@code -x}, syslog daemons and the journal put before a message:
 * priority, date, host, program.
 *
 * <p><b>Threads.</b> One.
 */
final class SyslogHead {
    private static final int KERNEL_FACILITY_END = 8;

    /** The longest name of a program. */
    private static final int NAME_LIMIT = 64;

    private static final Set<String> FACILITIES =
            Set.of(
                    "kern",
                    "user",
                    "mail",
                    "daemon",
                    "auth",
                    "syslog",
                    "lpr",
                    "news",
                    "uucp",
                    "cron",
                    "authpriv",
                    "ftp",
                    "local0",
                    "local1",
                    "local2",
                    "local3",
                    "local4",
                    "local5",
                    "local6",
                    "local7");
    private static final Set<String> LEVELS =
            Set.of("emerg", "alert", "crit", "err", "warn", "notice", "info", "debug");

    private final Cursor cursor;
    private final WallClock clock;
    private final LineHead head;

    SyslogHead(Cursor cursor, WallClock clock, LineHead head) {
        this.cursor = cursor;
        this.clock = clock;
        this.head = head;
    }

    /** {@code <3>}, or with RFC 5424's version, {@code <3>1 }. */
    boolean priority() {
        int start = cursor.at();
        cursor.accept('<');
        long priority = cursor.number(1, 3);
        if (priority < 0 || !cursor.accept('>')) {
            return cursor.back(start);
        }
        int version = cursor.at();
        if (!rfc5424()) {
            cursor.to(version);
        }
        return head.foundAuthor(priority < KERNEL_FACILITY_END);
    }

    /** {@code 1 2023-11-03T10:22:31Z host kernel - - - }: time, host, program, three more. */
    private boolean rfc5424() {
        if (!cursor.accept("1 ") || !clock.read() || !cursor.blanks() || !words(1)) {
            return false;
        }
        int program = cursor.at();
        if (!words(3) || !structuredData()) {
            return false;
        }
        head.foundDate(clock);
        head.hostMayFollow();
        return head.foundAuthor(Cursor.isAt(cursor.bytes(), program, cursor.end(), "kernel "));
    }

    private boolean words(int count) {
        int left = count;
        while (left > 0 && cursor.word() && cursor.blanks()) {
            left--;
        }
        return left == 0;
    }

    private boolean structuredData() {
        if (cursor.accept('-')) {
            return true;
        }
        while (cursor.peek() == '[') {
            int close = cursor.find(']', ScannedLog.LINE_LIMIT);
            if (close < 0) {
                return false;
            }
            cursor.to(close + 1);
        }
        return true;
    }

    /** {@code kern :err : }, as {@code dmesg -x} has it. */
    boolean facility() {
        int start = cursor.at();
        String facility = wordBeforeColon();
        String level = FACILITIES.contains(facility) ? wordBeforeColon() : "";
        if (LEVELS.contains(level)) {
            return head.foundAuthor(facility.equals("kern"));
        }
        return cursor.back(start);
    }

    private String wordBeforeColon() {
        int start = cursor.at();
        cursor.lowerCaseWord();
        int end = cursor.at();
        cursor.blanks();
        return cursor.accept(':') ? new String(cursor.bytes(), start, end - start, ISO_8859_1) : "";
    }

    boolean date() {
        if (!clock.read()) {
            return false;
        }
        if (!clock.ofDmesg()) {
            head.foundSyslog();
        }
        return head.foundDate(clock);
    }

    /** {@code host kernel: }, or after a date {@code host program[12]: }, which can be anybody. */
    boolean host() {
        int start = cursor.at();
        if (kernel() || (head.anyProgram() && program())) {
            return true;
        }
        boolean named = cursor.word() && cursor.peek(-1) != ':' && cursor.blanks();
        if (named && (kernel() || (head.anyProgram() && program()))) {
            return true;
        }
        return cursor.back(start);
    }

    /** {@code kernel: }, {@code kernel[0]: }. */
    boolean kernel() {
        int start = cursor.at();
        if (cursor.accept("kernel")) {
            boolean numbered = cursor.accept('[');
            if (numbered && (cursor.number(1, 10) < 0 || !cursor.accept(']'))) {
                return cursor.back(start);
            }
            if (cursor.accept(':')) {
                return head.found();
            }
        }
        return cursor.back(start);
    }

    /** {@code program[12]: }. */
    private boolean program() {
        int start = cursor.at();
        int open = cursor.find('[', NAME_LIMIT);
        if (open > start && cursor.word() && cursor.at() > open) {
            cursor.to(open + 1);
            if (cursor.number(1, 10) >= 0 && cursor.accept("]:")) {
                return head.foundAuthor(false);
            }
        }
        return cursor.back(start);
    }
}
