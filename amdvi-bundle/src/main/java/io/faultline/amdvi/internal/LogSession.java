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
 * is attached to no domain, and for a line that was wrapped behind the first words. A rest that
 * nobody waits for is an event all the same: it lacks nothing but its first words.
 */
final class LogSession implements LineDecoder.Session {
    private static final String HEAD = "event logged";
    private static final String DEVICE = "device=";
    private static final int WAIT_LINES = 8;
    private static final int WAITING_MAX = 4;

    /** A console may be slow: 3.5 ms between the two lines have been seen. */
    private static final long WAIT_NANOS = 1_000_000_000;

    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>(WAITING_MAX);

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

        void tell(LineSink out) {
            event.truncated().tell(line, out.at(line));
        }
    }

    @Override
    public int line(LogLine line, LineSink out) {
        if (!waiting.isEmpty()) {
            tellLate(line, out);
        }
        read(line, out);
        int wanted = 0;
        for (Iterator<Waiting> each = waiting.iterator(); each.hasNext(); ) {
            Waiting head = each.next();
            head.linesLeft--;
            wanted = head.linesLeft;
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
            event.tell(line, out);
        }
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
        LoggedEvent event = new LoggedEvent(scan.before(name));
        scan.back(name);
        event.readName(scan);
        event.readFields(scan);
        if (!event.hasFields()) {
            return false;
        }
        Waiting head = next(false);
        if (head == null) {
            event.tell(line, out);
        } else {
            event.begunBy(head.event);
            event.tell(head.line, out.at(head.line));
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
