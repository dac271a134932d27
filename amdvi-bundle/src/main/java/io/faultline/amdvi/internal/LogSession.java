package io.faultline.amdvi.internal;

import io.faultline.fault.TimeBase;
import io.faultline.log.LineDecoder;
import io.faultline.log.LineSink;
import io.faultline.log.LogLine;
import java.util.ArrayDeque;
import java.util.Iterator;

/**
 * What is kept of one log: beginnings of events whose rest has not come yet.
 *
 * <p>From 4.9 to 4.19 most events take two lines, {@code AMD-Vi: Event logged [} and the rest, each
 * with a time of its own and with other lines possibly in between. The same goes for a device that
 * is attached to no domain. A rest that nobody waits for is an event all the same: it lacks nothing
 * but its first words. A line without its closing bracket may be wrapped: the next one is looked
 * at.
 */
final class LogSession implements LineDecoder.Session {
    private static final String HEAD = "event logged";
    private static final String DEVICE = "device=";
    private static final int WAIT_LINES = 8;
    private static final int WAITING_MAX = 4;

    /** A console may be slow: 3.5 ms between the two lines have been seen. */
    private static final long WAIT_NANOS = 1_000_000_000;

    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>(WAITING_MAX);

    /** A line whose end is missing, or null. */
    private LogLine cut;

    /** What it tells. */
    private LoggedEvent cutEvent;

    /** The beginning of an event. */
    private static final class Waiting {
        private final LogLine line;
        private final LoggedEvent event;
        private final boolean unattached;
        private int linesLeft = WAIT_LINES + 1;

        Waiting(LogLine line, LoggedEvent event, boolean unattached) {
            this.line = line;
            this.event = event;
            this.unattached = unattached;
        }

        /** The line, with its rest behind it. */
        LogLine with(String rest) {
            String begin = line.text().stripTrailing();
            return line.withText(begin + (begin.endsWith("[") ? "" : " [") + rest);
        }

        void tell(LineSink out) {
            event.truncated().tell(line, out.at(line));
        }
    }

    @Override
    public int line(LogLine line, LineSink out) {
        if (!waiting.isEmpty()) {
            tellLate(line, out);
        }
        if (cut == null || !join(line, out)) {
            tellCut(out);
            read(line, out);
        }
        int wanted = cut == null ? 0 : 1;
        for (Iterator<Waiting> each = waiting.iterator(); each.hasNext(); ) {
            Waiting head = each.next();
            head.linesLeft--;
            wanted = Math.max(wanted, head.linesLeft);
            if (head.linesLeft == 0) {
                each.remove();
                head.tell(out);
            }
        }
        return wanted;
    }

    /** A second line comes at once or never: a live log that is silent will not bring it. */
    @Override
    public void idle(LineSink out) {
        end(out);
    }

    @Override
    public void end(LineSink out) {
        tellCut(out);
        waiting.forEach(head -> head.tell(out));
        waiting.clear();
    }

    /** Reports what waited too long, or cannot go on because lines are missing. */
    private void tellLate(LogLine line, LineSink out) {
        boolean gap = line.text().contains("messages dropped");
        for (Iterator<Waiting> each = waiting.iterator(); each.hasNext(); ) {
            Waiting head = each.next();
            if (gap || isApart(head.line, line)) {
                each.remove();
                head.tell(out);
            }
        }
    }

    private static boolean isApart(LogLine head, LogLine line) {
        return line.timeBase() == head.timeBase()
                && line.timeBase() != TimeBase.NONE
                && Math.abs(line.time() - head.time()) > WAIT_NANOS;
    }

    private void read(LogLine line, LineSink out) {
        String text = line.text();
        LineText scan = new LineText(text);
        if (scan.find(HEAD)) {
            readEvent(line, scan, out);
        } else if (!XenLine.read(line, out)
                && !readRest(line, text, out)
                && !readDevice(text, out)) {
            DriverMessage.read(text, out);
        }
    }

    /**
     * Reads a line with the first words of an event, perhaps with nothing more. Others log events,
     * too: either the driver says its name in front of them, or the event has one that we know.
     */
    private void readEvent(LogLine line, LineText scan, LineSink out) {
        LoggedEvent event = new LoggedEvent(scan.before(HEAD));
        boolean named = LoggedEvent.isOurs(scan.before(HEAD));
        scan.skip("[");
        if (named && scan.isAtEnd()) {
            wait(line, event, false, out);
        } else if (named && scan.skip("device not attached to domain")) {
            wait(line, event.unattached(), true, out);
        } else if (event.readName(scan) || named) {
            event.readFields(scan);
            tellOrCut(line, event, out);
        }
    }

    private void tellOrCut(LogLine line, LoggedEvent event, LineSink out) {
        if (event.isTruncated()) {
            cut = line;
            cutEvent = event;
        } else {
            cut = null;
            event.tell(line, out.at(line));
        }
    }

    private void tellCut(LineSink out) {
        if (cut != null) {
            cutEvent.tell(cut, out.at(cut));
            cut = null;
        }
    }

    /**
     * Takes a line for the rest of the one before, if nothing stands in front of it and the whole
     * tells more. Mail programs wrap at blanks, terminals anywhere.
     */
    private boolean join(LogLine line, LineSink out) {
        boolean bare = !line.prefixed() || line.timeBase() == TimeBase.NONE;
        if (!bare || new LineText(line.text()).find(HEAD)) {
            return false;
        }
        String first = cut.text().stripTrailing();
        String rest = line.text().stripLeading();
        LogLine atBlank = cut.withText(first + " " + rest);
        LogLine inside = cut.withText(first + rest);
        LoggedEvent told = parse(atBlank.text());
        LoggedEvent other = parse(inside.text());
        boolean blank = !other.isBetterThan(told);
        LoggedEvent event = blank ? told : other;
        if (event.extent() <= cutEvent.extent()) {
            return false;
        }
        tellOrCut(blank ? atBlank : inside, event, out);
        return true;
    }

    /** Reads a line that is known to tell an event. */
    private static LoggedEvent parse(String text) {
        LineText scan = new LineText(text);
        LoggedEvent event;
        if (scan.find(HEAD)) {
            event = new LoggedEvent(scan.before(HEAD));
            scan.skip("[");
        } else {
            String name = LoggedEvent.findName(scan, false);
            event = new LoggedEvent(name == null ? "" : scan.before(name));
            scan.back(name == null ? "" : name);
        }
        event.readName(scan);
        event.readFields(scan);
        return event;
    }

    private void wait(LogLine line, LoggedEvent event, boolean unattached, LineSink out) {
        if (waiting.size() == WAITING_MAX) {
            waiting.remove().tell(out);
        }
        waiting.add(new Waiting(line, event, unattached));
    }

    /** Reads a line that begins with the event's name, for the oldest beginning that waits. */
    private boolean readRest(LogLine line, String text, LineSink out) {
        LineText scan = new LineText(text);
        String name = LoggedEvent.findName(scan, !waiting.isEmpty());
        if (name == null || !scan.hasField()) {
            return false;
        }
        String prefix = scan.before(name);
        LoggedEvent event = new LoggedEvent(prefix);
        scan.back(name);
        event.readName(scan);
        event.readFields(scan);
        if (!event.hasFields()) {
            return false;
        }
        Waiting head = next(false);
        if (head == null) {
            tellOrCut(line, event, out);
        } else {
            event.begunBy(head.event);
            tellOrCut(head.with(text.substring(prefix.length())), event, out);
        }
        return true;
    }

    /** Reads the device that is attached to no domain. */
    private boolean readDevice(String text, LineSink out) {
        LineText scan = new LineText(text);
        if (waiting.isEmpty() || !scan.find(DEVICE)) {
            return false;
        }
        LoggedEvent event = new LoggedEvent("").unattached();
        scan.back(DEVICE);
        event.readFields(scan);
        Waiting head = event.hasFields() ? next(true) : null;
        if (head == null) {
            return false;
        }
        event.whole().tell(head.line, out.at(head.line));
        return true;
    }

    /** Takes the oldest beginning of a kind, if one waits. */
    private Waiting next(boolean unattached) {
        for (Iterator<Waiting> each = waiting.iterator(); each.hasNext(); ) {
            Waiting head = each.next();
            if (head.unattached == unattached) {
                each.remove();
                return head;
            }
        }
        return null;
    }
}
