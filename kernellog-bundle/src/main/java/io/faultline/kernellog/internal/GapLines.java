package io.faultline.kernellog.internal;

import io.faultline.log.LineSink;
import java.util.List;

/**
 * The lines by which the kernel, journald, rsyslog and the tracer say that lines are missing. They
 * are no architecture's.
 */
final class GapLines {
    private static final String DROPPED = "printk messages dropped";
    private static final String SUPPRESSED = " messages suppressed";
    private static final String MISSED = " kernel messages";
    private static final String FROM = " messages from ";
    private static final String LIMITED = "due to rate-limiting";
    private static final String TRACE = " EVENTS]";

    /** {@code trace-cmd report}: {@code CPU:2 [17 EVENTS DROPPED]}, or without a number. */
    private static final String TRACE_CMD = "EVENTS DROPPED]";

    /** What such lines are found by. */
    static final List<String> LITERALS =
            List.of(
                    DROPPED,
                    SUPPRESSED,
                    MISSED,
                    FROM,
                    LIMITED,
                    TRACE,
                    TRACE_CMD,
                    RepeatedLine.LITERAL);

    private GapLines() {}

    /** So many lines are missing. */
    record Missing(long count, String description) {}

    /**
     * What a line says of a gap in the log, or null. What the console says it dropped is not here
     * but in {@link LinePrefix}: a message can follow it.
     */
    static Missing missing(String text) {
        Figure count = after(text, "Missed ", MISSED);
        if (count != null) {
            return new Missing(
                    count.value(), "journald missed " + count.value() + " kernel messages here");
        }
        count = after(text, "[LOST ", TRACE);
        if (count == null) {
            count = before(text, " " + TRACE_CMD);
        }
        if (count != null) {
            return new Missing(count.value(), "the tracer lost " + count.value() + " events here");
        }
        return text.contains("[" + TRACE_CMD)
                ? new Missing(1, "the tracer lost events here, one at least: it did not count them")
                : null;
    }

    /**
     * Reports what a line says that somebody left out on purpose; any number of it may have been
     * faults.
     */
    static void report(String text, LineSink out) {
        Figure count = after(text, "Suppressed ", FROM);
        if (count != null) {
            String from = text.substring(count.end() + FROM.length());
            out.suppressed(from, count.value(), 0, count.value());
            return;
        }
        count = before(text, SUPPRESSED);
        if (count != null) {
            if (text.startsWith("(XEN)")) {
                out.unit("xen", null);
            }
            out.suppressed(null, count.value(), 0, count.value());
            return;
        }
        if (text.contains(LIMITED)) {
            rsyslog(text, out);
        }
    }

    /**
     * {@code imklog: 20 messages lost due to rate-limiting}, {@code imuxsock lost 20 messages from
     * pid 1 due to rate-limiting}.
     */
    private static void rsyslog(String text, LineSink out) {
        Figure count = before(text, " messages lost ");
        if (count == null) {
            count = after(text, " lost ", FROM);
        }
        if (count != null) {
            out.suppressed("rsyslog", count.value(), 0, count.value());
        } else if (text.contains("begin to drop messages")) {
            out.status("rsyslog leaves out messages from here on; it says later how many");
        }
    }

    private static Figure before(String text, String word) {
        int at = text.indexOf(word);
        return at < 0 ? null : Figure.before(text, at);
    }

    private static Figure after(String text, String word, String behind) {
        int at = text.indexOf(word);
        Figure figure = at < 0 ? null : Figure.at(text, at + word.length());
        return figure != null && text.startsWith(behind, figure.end()) ? figure : null;
    }
}
