package io.faultline.kernellog.internal;

import io.faultline.log.LineSink;
import io.faultline.log.LogSource;
import java.io.IOException;

/**
 * A log that is read through one buffer of fixed size, whatever its length and that of its lines.
 *
 * <pre>
 *        |<- seen ->|<-- whole lines -->|<- begin of a line ->|<-- free -->|
 *  bytes +----------+-------------------+---------------------+------------+
 *                   at                                         end
 * </pre>
 *
 * <p><b>Threads.</b> One reads; {@link #close} comes from any.
 */
final class ScannedLog implements LogSource {
    /** Of a line that is longer, only so many bytes are read. */
    static final int LINE_LIMIT = 1 << 16;

    private static final int BUFFER_BYTES = 4 * LINE_LIMIT;

    /** More at once would make the runtime copy through memory that it maps anew each time. */
    private static final int READ_BYTES = LINE_LIMIT;

    /** So that who reads can do something else meanwhile, though there is nothing to report. */
    private static final int READS_AT_ONCE = 256;

    /** How many lines may stand before a log tells its form. */
    private static final int SNIFFED_LINES = 8;

    private final String name;
    private final ByteSource input;
    private final Sessions sessions;
    private final Reports reports;
    private final Delivery delivery;
    private final byte[] bytes = new byte[BUFFER_BYTES];

    private int at;
    private int end;
    private TextForm form;
    private int linesToSniff = SNIFFED_LINES;

    /** Inside a line of which enough has been read. */
    private boolean skipping;

    private boolean begun;
    private boolean inputEnded;
    private IOException failure;
    private boolean ended;
    private volatile boolean closed;

    /**
     * @param name for messages
     * @param input closed with this
     * @param decoders who the lines are for
     */
    ScannedLog(String name, ByteSource input, InstalledDecoders decoders) {
        this.name = name;
        this.input = input;
        this.sessions = new Sessions(name, decoders);
        this.reports = new Reports();
        this.delivery = new Delivery(sessions, reports);
        this.form = LogKind.TEXT.form(bytes, delivery, 1);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public int read(LineSink out, int limit) throws IOException {
        if (!begun) {
            begun = true;
            sessions.begin();
        }
        reports.to(out);
        delivery.limit(limit);
        sessions.catchUp(reports);
        int reads = 0;
        while (!ended && !closed) {
            advance();
            if (delivery.full() || reads++ == READS_AT_ONCE) {
                return reports.count();
            }
            if (inputEnded) {
                form.flush();
                delivery.end();
                ended = true;
            } else if (reports.count() > 0 && !input.ready()) {
                return reports.count();
            } else if (!fill()) {
                pause();
                return reports.count();
            }
        }
        if (reports.count() > 0) {
            return reports.count();
        }
        if (failure != null) {
            throw new IOException(failure);
        }
        return ENDED;
    }

    private void pause() {
        form.pause();
        if (input.silent()) {
            form.flush();
            delivery.idle();
        }
    }

    /** Reads on; false if nothing is there now. */
    private boolean fill() {
        int free = Math.max(0, at - TextForm.LOOK_BACK);
        if (free > 0 && BUFFER_BYTES - end < READ_BYTES) {
            System.arraycopy(bytes, free, bytes, 0, end - free);
            at -= free;
            end -= free;
            form.moved(free);
        }
        int read = readInput();
        inputEnded = read == ByteSource.ENDED;
        end += Math.max(0, read);
        return read != 0;
    }

    /**
     * What comes before a failure is read as if the log ended there; then the failure is thrown.
     */
    private int readInput() {
        try {
            return input.read(bytes, end, Math.min(READ_BYTES, BUFFER_BYTES - end));
        } catch (IOException e) {
            failure = e;
            return ByteSource.ENDED;
        }
    }

    /** Reads what is whole in the buffer, until there are enough reports. */
    private void advance() {
        boolean moved = true;
        while (moved && at < end && !delivery.full()) {
            int before = at;
            TextForm formBefore = form;
            step();
            moved = at > before || form != formBefore;
        }
    }

    private void step() {
        if (form.wantsBytes()) {
            at = form.take(at, end);
        } else if (skipping) {
            skip();
        } else if (linesToSniff > 0) {
            sniff();
        } else {
            readLines(wholeLines());
        }
    }

    private void skip() {
        at = Newlines.lineEnd(bytes, at, end);
        if (at < end) {
            form.passed(bytes[at++]);
            form.seen(at);
            skipping = false;
        }
    }

    private void sniff() {
        int limit = Math.min(end, at + LINE_LIMIT + 1);
        int to = Newlines.lineEnd(bytes, at, limit);
        boolean whole = to < limit || (inputEnded && to - at <= LINE_LIMIT);
        LogKind kind = whole ? LogKind.of(bytes, at, to) : LogKind.TEXT;
        if (kind != LogKind.TEXT) {
            linesToSniff = 0;
            become(kind);
        } else {
            linesToSniff -= whole ? 1 : 0;
            readLines(whole ? Math.min(end, to + 1) : at);
        }
    }

    private void become(LogKind kind) {
        form.flush();
        form = kind.form(bytes, delivery, form.number());
    }

    /** The end of as many whole lines as one can say in a short look; {@code at} if of none. */
    private int wholeLines() {
        int to = Math.min(end, at + LINE_LIMIT + 1);
        while (to > at && !Newlines.endsLine(bytes[to - 1])) {
            to--;
        }
        return to == at && inputEnded && end - at <= LINE_LIMIT ? end : to;
    }

    private void readLines(int to) {
        if (to > at) {
            at = form.read(at, to);
            if (form.otherKind() != null) {
                become(form.otherKind());
            }
        } else if (end - at > LINE_LIMIT) {
            form.readCut(at, at + LINE_LIMIT);
            at += LINE_LIMIT;
            skipping = true;
        }
    }

    @Override
    public void close() throws IOException {
        closed = true;
        sessions.close();
        input.close();
    }
}
