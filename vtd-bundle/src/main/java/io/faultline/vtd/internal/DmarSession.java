package io.faultline.vtd.internal;

import io.faultline.fault.TimeBase;
import io.faultline.log.LineDecoder;
import io.faultline.log.LineSink;
import io.faultline.log.LogLine;
import java.util.ArrayDeque;
import java.util.Iterator;

/**
 * What is kept of one log: fault lines whose end has not come yet.
 *
 * <p>Up to 4.5, and in Xen, a fault takes two lines, with other lines possibly in between; in mails
 * a long line is wrapped. So a fault line that is not complete waits for its reason, a few lines or
 * a millisecond long, and is then reported as it is. A reason that nobody waits for is a detail: it
 * says nothing of a device.
 */
final class DmarSession implements LineDecoder.Session {
    private static final int WAIT_LINES = 8;
    private static final int WAITING_MAX = 4;
    private static final long WAIT_NANOS = 1_000_000;
    private static final long SECOND_NANOS = 1_000_000_000;

    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>(WAITING_MAX);
    private final SuppressedFaults suppressed = new SuppressedFaults();
    private final UnitLines unitLines = new UnitLines(suppressed);

    /** A fault line that is not complete. */
    private static final class Waiting {
        private LogLine line;
        private FaultLine fault;
        private int linesLeft = WAIT_LINES + 1;

        /** Whether the next line may be the rest of this one, wrapped. */
        private boolean wrapped = true;

        Waiting(LogLine line, FaultLine fault) {
            this.line = line;
            this.fault = fault;
        }

        /** The next line was the rest of this one. */
        void goOn(String text, FaultLine whole) {
            line = line.withText(text);
            fault = whole;
        }

        void tell(LineSink out) {
            fault.tell(out.at(line));
        }
    }

    @Override
    public int line(LogLine line, LineSink out) {
        if (waiting.isEmpty()) {
            read(line, out);
        } else {
            readOn(line, out);
        }
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

    private void readOn(LogLine line, LineSink out) {
        Waiting last = waiting.peekLast();
        if (last.wrapped && isRestOf(last.line, line) && join(last, line.text(), out)) {
            return;
        }
        last.wrapped = false;
        tellLate(line, out);
        read(line, out);
    }

    /**
     * Whether a line may be the wrapped rest of another: it has nothing in front of it, or a mail's
     * quoting only, and begins nothing itself.
     */
    private static boolean isRestOf(LogLine head, LogLine line) {
        boolean bare =
                !line.prefixed()
                        || line.timeBase() == TimeBase.NONE
                        || (line.timeBase() == head.timeBase() && line.time() == head.time());
        if (!bare) {
            return false;
        }
        FaultLine fault = FaultLine.of(line.text());
        return (fault == null || !fault.hasKind())
                && LoggedReason.family(line.text()) == LoggedReason.Family.UNNAMED;
    }

    /** Mail programs wrap at blanks, terminals anywhere. */
    private boolean join(Waiting head, String rest, LineSink out) {
        String first = head.line.text().stripTrailing();
        String second = rest.stripLeading();
        FaultLine atBlank = FaultLine.of(first + " " + second);
        FaultLine inside = FaultLine.of(first + second);
        boolean blank = extent(atBlank) >= extent(inside);
        FaultLine joined = blank ? atBlank : inside;
        if (extent(joined) <= head.fault.extent()) {
            return false;
        }
        head.goOn(blank ? first + " " + second : first + second, joined);
        if (joined.isComplete()) {
            waiting.remove(head);
            head.tell(out);
        }
        return true;
    }

    private static int extent(FaultLine line) {
        return line == null ? 0 : line.extent();
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
        if (line.timeBase() != head.timeBase() || line.timeBase() == TimeBase.NONE) {
            return false;
        }
        boolean wholeSeconds = line.time() % SECOND_NANOS == 0 && head.time() % SECOND_NANOS == 0;
        return Math.abs(line.time() - head.time()) > (wholeSeconds ? SECOND_NANOS : WAIT_NANOS);
    }

    private void read(LogLine line, LineSink out) {
        String text = line.text();
        FaultLine fault = FaultLine.of(text);
        if (fault != null) {
            suppressed.fault(fault.isRecent());
            if (fault.isComplete()) {
                fault.tell(out);
            } else {
                wait(line, fault, out);
            }
            return;
        }
        LoggedReason reason = LoggedReason.ofSecondLine(text);
        if (!reason.isTold()) {
            unitLines.read(text, out);
        } else if (!complete(reason, LoggedReason.family(text), out)) {
            out.unit(RecordingRegister.ARCH, null)
                    .detail("reason of a fault that is missing: " + text.strip());
        }
    }

    private void wait(LogLine line, FaultLine fault, LineSink out) {
        if (waiting.size() == WAITING_MAX) {
            waiting.remove().tell(out);
        }
        waiting.add(new Waiting(line, fault));
    }

    /** Gives a reason to the oldest fault of its family that lacks one. */
    private boolean complete(LoggedReason reason, LoggedReason.Family family, LineSink out) {
        for (Iterator<Waiting> each = waiting.iterator(); each.hasNext(); ) {
            Waiting head = each.next();
            if (!head.fault.hasReason() && family.isOf(head.fault.isInterrupt())) {
                head.fault.complete(reason);
                each.remove();
                head.tell(out);
                return true;
            }
        }
        return false;
    }
}
