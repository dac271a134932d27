package io.faultline.kernellog.internal;

import io.faultline.log.LogLine;
import java.nio.ByteBuffer;

/**
 * A log of lines: {@code dmesg}, syslog, a serial console, a journal as text or as JSON. Only what
 * is around a literal is looked at, and what a decoder asked for.
 *
 * <p><b>Threads.</b> One.
 */
class TextForm {
    /** How much before a place the buffer still holds, if the log had it. */
    static final int LOOK_BACK = 128;

    final Delivery delivery;
    final byte[] bytes;

    private final LogKind kind;
    private final ByteBuffer text;
    private final FittedSearch fitted = new FittedSearch();

    /** The number of the line at which reading goes on. */
    private long number;

    /** Behind the last line that was handed over; only later ones are looked back at. */
    private int seenTo;

    private LogKind otherKind;

    /** A line that may go on in the next one; null if there is none. */
    private WrappedLine held;

    private final JournalEntry object = new JournalEntry();

    /**
     * @param kind the form of the log
     * @param bytes the buffer that all places are in
     * @param number of the line to begin with
     */
    TextForm(LogKind kind, byte[] bytes, Delivery delivery, long number) {
        this.kind = kind;
        this.bytes = bytes;
        this.text = LiteralSearch.littleEndian(bytes);
        this.delivery = delivery;
        this.number = number;
    }

    /** Number of the line at which reading goes on, or of the one being read. */
    long number() {
        return number;
    }

    LogKind kind() {
        return kind;
    }

    /** The form that the log turned out to have where {@link #read} stopped; else null. */
    LogKind otherKind() {
        return otherKind;
    }

    /** Everything in the buffer was moved towards its begin. */
    void moved(int by) {
        seenTo = Math.max(0, seenTo - by);
    }

    /** What is before a place is the rest of a line that was cut: nothing goes on from there. */
    void seen(int place) {
        seenTo = place;
    }

    /** A byte has been passed over that ends a line. */
    void passed(byte b) {
        number += b == '\n' ? 1 : 0;
    }

    /**
     * Reads whole lines until there are enough reports.
     *
     * @return where to go on; {@code to} if all was read
     */
    int read(int from, int to) {
        int at = from;
        while (at < to && !delivery.full() && !wantsBytes()) {
            LiteralSearch search = delivery.search(kind.spelling());
            int start = at;
            int end;
            long owners;
            if (looksAtEveryLine()) {
                end = Newlines.lineEnd(bytes, start, to);
                owners = search.owners(text, start, end);
            } else {
                int hit = fitted.next(search, text, at, to);
                start = hit == to ? to : Newlines.lineStart(bytes, hit, at);
                number += Newlines.count(text, at, start);
                if (start == to) {
                    return to;
                }
                end = Newlines.lineEnd(bytes, hit, to);
                owners = search.owners(text, start, end);
            }
            if (owners != 0 && isOfOtherKind(start, end)) {
                return start;
            }
            line(start, end, owners, false);
            at = Math.min(to, end + 1);
            if (end < to) {
                passed(bytes[end]);
            }
        }
        return at;
    }

    private boolean isOfOtherKind(int start, int end) {
        LogKind found = LogKind.of(bytes, start, end);
        otherKind = found == LogKind.TEXT || found == kind ? null : found;
        return otherKind != null;
    }

    /** Reads the begin of a line that is too long to be read in full. */
    void readCut(int from, int to) {
        long owners = delivery.search(kind.spelling()).owners(text, from, to);
        line(from, to, owners, true);
        delivery.cut(number, to - from);
    }

    /** Whether {@link #read} has to see every line now. */
    boolean looksAtEveryLine() {
        return held != null || delivery.wantsNext();
    }

    /** Whether {@link #take} has to come next: what follows is no line. */
    boolean wantsBytes() {
        return false;
    }

    /**
     * Takes bytes that are no line.
     *
     * @return up to where; lines go on there, or more such bytes
     */
    int take(int from, int to) {
        throw new IllegalStateException(kind + " has lines only, from=" + from + " to=" + to);
    }

    /** Nothing more is there for the moment, and what there was ended with a whole line. */
    void pause() {
        // The rest of a wrapped line may come yet.
    }

    /** Hands over what was held back: nothing more comes. */
    void flush() {
        WrappedLine line = held;
        held = null;
        if (line != null) {
            delivery.line(line.line(), line.owners(), line.cut());
        }
    }

    /**
     * Takes one line.
     *
     * @param owners of the literals in it
     * @param cut whether its end is missing
     */
    void line(int from, int to, long owners, boolean cut) {
        if (kind == LogKind.JSON && JsonText.objectAt(bytes, from, to) >= 0) {
            object(JsonText.objectAt(bytes, from, to), to, owners, cut);
            return;
        }
        LogLine line = strip(number, from, to);
        long dropped = delivery.dropped();
        if (held != null && held.goesOnIn(line) && owners == 0) {
            hold(held.with(line, owners, width(from, to), cut), to);
            return;
        }
        flush();
        if (dropped > 0) {
            delivery.dropped(line, dropped);
        }
        if (line.text().isEmpty() || (owners == 0 && !delivery.wantsNext())) {
            return;
        }
        WrappedLine before = line.prefixed() ? null : lineBefore(from);
        if (before != null && before.goesOnIn(line)) {
            hold(before.with(line, owners, width(from, to), cut), to);
        } else {
            hold(new WrappedLine(line, owners, width(from, to), 1, cut), to);
        }
    }

    private LogLine strip(long lineNumber, int from, int to) {
        return delivery.stripped(lineNumber, bytes, from, to);
    }

    private int width(int from, int to) {
        return to - from - (to > from && bytes[to - 1] == '\r' ? 1 : 0);
    }

    private void hold(WrappedLine line, int to) {
        held = line;
        seenTo = to + 1;
        if (!WrappedLine.mayGoOn(line.width())) {
            flush();
        }
    }

    /** The line before a place, if it has a prefix, was passed over, and may have been wrapped. */
    private WrappedLine lineBefore(int place) {
        int end = place - 1;
        int farthest = end - WrappedLine.WIDEST - 2;
        int start = end < seenTo ? end : Newlines.lineStart(bytes, end, Math.max(seenTo, farthest));
        if (start >= end || start == farthest) {
            return null;
        }
        LogLine line = strip(number - (bytes[end] == '\n' ? 1 : 0), start, end);
        return line.prefixed() ? new WrappedLine(line, 0, width(start, end), 1, false) : null;
    }

    private void object(int from, int to, long owners, boolean cut) {
        flush();
        if (owners != 0 || delivery.wantsNext()) {
            new JsonText(bytes, from, to)
                    .read(object, message -> object.message(message, owners, number, cut));
            object.deliver(delivery);
        }
    }
}
