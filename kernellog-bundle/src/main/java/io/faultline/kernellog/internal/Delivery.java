package io.faultline.kernellog.internal;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.faultline.fault.TimeBase;
import io.faultline.log.LogLine;
import java.nio.ByteBuffer;

/**
 * Takes the lines of one log, in whatever form it was, and hands them to the decoders; reports
 * itself what a log says about the log.
 *
 * <p><b>Threads.</b> One.
 */
final class Delivery {
    private final Sessions sessions;
    private final Reports reports;
    private final LineCleaner cleaner = new LineCleaner();
    private final LinePrefix prefix = new LinePrefix();
    private LineHead head = new LineHead();
    private int limit;

    private LogLine lastLine = Reports.NO_LINE;
    private long lastOwners;

    Delivery(Sessions sessions, Reports reports) {
        this.sessions = sessions;
        this.reports = reports;
    }

    /** Lets it be full after so many reports. */
    void limit(int newLimit) {
        limit = newLimit;
    }

    boolean full() {
        return reports.count() >= limit;
    }

    LiteralSearch search(Spelling spelling) {
        return sessions.search(spelling, reports);
    }

    /** Whether some decoder wants the next line, whatever it holds. */
    boolean wantsNext() {
        return sessions.wanting();
    }

    /** A line without its prefixes. */
    LogLine stripped(long number, byte[] bytes, int from, int to) {
        cleaner.clean(bytes, from, to);
        head = prefix.strip(cleaner.bytes(), cleaner.from(), cleaner.to());
        return new LogLine(
                number,
                prefix.text(),
                head.time(),
                head.base(),
                null,
                head.verified(),
                head.prefixed());
    }

    /** How many messages the line that was stripped last says the console dropped before it. */
    long dropped() {
        return head.dropped();
    }

    /**
     * Hands a line over.
     *
     * @param owners of the literals in it
     * @param cut whether its end is missing
     */
    void line(LogLine line, long owners, boolean cut) {
        reports.line(line, cut);
        if ((owners & DecoderSet.OWN) != 0) {
            own(line, owners);
        } else {
            sessions.line(line, owners, reports);
            remember(line, owners);
        }
    }

    private void remember(LogLine line, long owners) {
        lastLine = line;
        lastOwners = owners;
    }

    private void own(LogLine line, long owners) {
        RepeatedLine repeated = RepeatedLine.of(line.text());
        if (repeated == null) {
            GapLines.Missing missing = GapLines.missing(line.text());
            if (missing != null) {
                lost(line, missing.count(), missing.description());
            } else {
                GapLines.report(line.text(), reports);
            }
            sessions.line(line, owners, reports);
            remember(line, owners);
        } else if (repeated.text() != null) {
            byte[] text = repeated.text().getBytes(ISO_8859_1);
            LogLine inner = stripped(line.number(), text, 0, text.length);
            repeat(framed(inner, line), owners & ~DecoderSet.OWN, repeated.times());
        } else if (lastLine.number() == line.number() - 1) {
            repeat(lastLine, lastOwners, repeated.times());
        }
    }

    private void repeat(LogLine line, long owners, long times) {
        if (owners == 0 && !wantsNext()) {
            return;
        }
        reports.line(line, false);
        for (long i = Math.min(times, RepeatedLine.LIMIT); i > 0; i--) {
            sessions.line(line, owners, reports);
        }
        if (times > RepeatedLine.LIMIT) {
            long rest = times - RepeatedLine.LIMIT;
            reports.suppressed(null, rest, rest, rest);
        }
    }

    /**
     * Hands over a message that can have several lines, each with prefixes of its own.
     *
     * @param bytes the message, escapes undone
     * @param owners of the literals in all of it
     * @param frame gives number, time, device and whether it is verified
     */
    void message(byte[] bytes, int from, int to, long owners, LogLine frame, boolean cut) {
        int at = from;
        boolean single = Newlines.lineEnd(bytes, from, to) >= to - 1;
        while (at < to) {
            int end = Newlines.lineEnd(bytes, at, to);
            if (end > at) {
                long lineOwners = single ? owners : ownersIn(bytes, at, end);
                if (lineOwners != 0 || wantsNext()) {
                    LogLine line = framed(stripped(frame.number(), bytes, at, end), frame);
                    line(line, lineOwners, cut && end == to);
                }
            }
            at = end + 1;
        }
    }

    /** Who owns literals in a text whose escapes are undone. */
    long ownersIn(byte[] bytes, int from, int to) {
        ByteBuffer text = LiteralSearch.littleEndian(bytes);
        return search(Spelling.PLAIN).owners(text, from, to);
    }

    /** What the frame does not tell, the line's own head may. */
    private static LogLine framed(LogLine line, LogLine frame) {
        boolean own = frame.timeBase() == TimeBase.NONE;
        return new LogLine(
                frame.number(),
                line.text(),
                own ? line.time() : frame.time(),
                own ? line.timeBase() : frame.timeBase(),
                frame.device(),
                frame.verified() && line.verified(),
                true);
    }

    /**
     * Reports a gap in the log, before what comes next: what a session has gathered is not put
     * together with what comes after it.
     */
    void lost(LogLine at, long count, String description) {
        sessions.end(reports);
        reports.line(at, false);
        reports.lost(count, description);
    }

    /** Reports what the console says at the head of a line. */
    void dropped(LogLine at, long count) {
        lost(at, count, "the console dropped " + count + " messages before this line");
    }

    /** Reports a line of which only the begin is read. */
    void cut(long number, int bytesRead) {
        reports.line(new LogLine(number, "", 0, TimeBase.NONE, null, true, false), true);
        reports.lost(1, "the line is too long: only its first " + bytesRead + " bytes are read");
    }

    /** A live log has been silent for a while. */
    void idle() {
        sessions.idle(reports);
    }

    /** The log has ended. */
    void end() {
        sessions.end(reports);
    }
}
