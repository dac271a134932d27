package io.faultline.smmuv3.internal;

import io.faultline.fault.FaultBits;
import io.faultline.fault.TimeBase;
import io.faultline.log.LineSink;
import io.faultline.log.LogLine;

/**
 * What the lines of one SMMU in a log have said so far. An event takes five lines (a header with
 * the event number, four words), with kernels since about 6.14 one or two more in words:
 *
 * <pre>
 *            header            4th word              event: line       attributes line
 *  IDLE ───────────────> WORDS ────────> COMPLETE ───────────────> TOLD ──────────────> IDLE
 *    │                     │                 └── any other line: fault without client ───^
 *    │                     └── event: line ──┐
 *    └── event: line, the words are missing ─┴──> TEXT ── attributes or any other line ──^
 * </pre>
 *
 * <p>The words are the record; the rest only adds the client's name. Where words are missing the
 * text stands in for them.
 *
 * <p>Other lines may come between. What is incomplete is reported as such when the next event of
 * this unit begins, when the clock jumps, or at the end.
 */
final class LoggedUnit {
    /** Lines of others between two lines of one event beyond which we do not ask for more. */
    private static final int PATIENCE = 16;

    /** The lines of one event are printed at once; some logs have times in whole seconds only. */
    private static final long MAX_GAP_NANOS = 2_000_000_000L;

    private static final int NO_NUMBER = -1;

    private enum Phase {
        /** Nothing is open. */
        IDLE,
        /** Words are being collected. */
        WORDS,
        /** A record is there; the next line may name the client. */
        COMPLETE,
        /** Only the event: line is there; the next line may tell the access. */
        TEXT,
        /** A fault has been told, its attributes line is still to come. */
        TOLD
    }

    private final String name;
    private final long[] words = new long[EventRecord.WORDS];

    private Phase phase = Phase.IDLE;
    private LogLine first;
    private LogLine latest;
    private int count;

    /** The number in the header, or {@link #NO_NUMBER} if the header is missing. */
    private int number;

    /** Whether the header is ours beyond doubt, so that missing words are worth a report. */
    private boolean certain;

    private EventText text;
    private String textLine;
    private boolean damaged;

    /** The header of a page request whose second line is to come. */
    private LogLine request;

    /** Words to come that are a command's, not a record's. */
    private int commandWords;

    /** Lines of others since the last line of what is open. */
    private int passed;

    /** Whether this kernel prints events in words, too. */
    private boolean wordy;

    /** Whether {@link #words} are those of a fault that was told without having seen its text. */
    private boolean textMissed;

    /**
     * Begins with nothing known.
     *
     * @param name the unit's name, null if the log does not say
     */
    LoggedUnit(String name) {
        this.name = name;
    }

    /** The header of an event. */
    void header(LogLine line, int eventNumber, boolean isCertain, LineSink out) {
        closeEvent(out);
        commandWords = 0;
        begin(Phase.WORDS, line);
        number = eventNumber;
        certain = isCertain;
    }

    /** A raw word. Without a header it may still be the first of a record: heads get lost. */
    void word(LogLine line, long value, LineSink out) {
        if (commandWords > 0) {
            commandWords--;
            return;
        }
        if (phase != Phase.WORDS) {
            closeEvent(out);
            begin(Phase.WORDS, line);
            number = NO_NUMBER;
            certain = false;
        }
        words[count++] = value;
        touch(line);
        if (count == EventRecord.WORDS) {
            phase = Phase.COMPLETE;
            if (isMisaligned()) {
                closeEvent(out);
            }
        }
    }

    /** An event: line. */
    void text(LogLine line, String content, EventText told, LineSink out) {
        wordy = true;
        if (phase == Phase.COMPLETE && !contradicts() && told.describes(words[0], words[2])) {
            tellRecord(told.client(), out);
            textMissed = false;
            phase = Phase.TOLD;
            return;
        }
        if (textMissed && phase == Phase.IDLE && told.describes(words[0], words[2])) {
            String client = told.client() == null ? "no client" : "client " + told.client();
            about(line, out).detail("the event before in words: " + client);
            phase = Phase.TOLD;
            textMissed = false;
            return;
        }
        damaged = standsInForWords(told);
        if (damaged) {
            phase = Phase.TEXT;
            touch(line);
        } else {
            closeEvent(out);
            begin(Phase.TEXT, line);
        }
        text = told;
        textLine = content;
        tellIfWhole(out);
    }

    /** Whether the words of the event that the text tells of are open, but cannot be used. */
    private boolean standsInForWords(EventText told) {
        if (phase == Phase.COMPLETE) {
            return contradicts();
        }
        return phase == Phase.WORDS
                && (number == NO_NUMBER
                        || told.event() == EventType.RESERVED
                        || told.event() == EventType.of(number));
    }

    /**
     * A line that says nothing by itself and has no prefix: it may be the wrapped rest of the
     * event: line.
     *
     * @return whether it was
     */
    boolean joins(LogLine line, String rest, LineSink out) {
        if (phase != Phase.TEXT || text.whole()) {
            return false;
        }
        // mail ends a line that goes on with '='
        String joined =
                textLine.endsWith("=")
                        ? textLine.substring(0, textLine.length() - 1) + rest.strip()
                        : textLine + ' ' + rest.strip();
        EventText longer = EventText.parse(joined, 0);
        if (longer == null || longer.equals(text)) {
            return false;
        }
        text = longer;
        textLine = joined;
        touch(line);
        tellIfWhole(out);
        return true;
    }

    private void tellIfWhole(LineSink out) {
        if (text.whole() && !text.attributesFollow()) {
            closeEvent(out);
        }
    }

    /** An attributes line. */
    void attributes(LogLine line, EventText.Attributes told, LineSink out) {
        switch (phase) {
            case TEXT -> tellText(told, out);
            case COMPLETE -> tellRecord(null, out);
            case TOLD -> textMissed = false;
            case IDLE, WORDS -> {
                about(line, out).detail("tells the access of an event that is not in the log");
                return;
            }
        }
        phase = Phase.IDLE;
    }

    /** The first of the two lines of a page request. */
    void requestHeader(LogLine line, LineSink out) {
        flush(out);
        closeRequest(out);
        request = line;
        passed = 0;
    }

    /** The second one. */
    void request(LogLine line, PageRequestText told, LineSink out) {
        flush(out);
        LogLine at = request != null && !isFarFrom(request, line) ? request : line;
        request = null;
        told.tell(about(at, out).queue(Smmu.PRI_QUEUE));
    }

    /** A message that is no fault. */
    void message(LogLine line, String content, DriverMessage message, LineSink out) {
        flush(out);
        if (message == DriverMessage.SKIPPED_COMMAND) {
            commandWords = DriverMessage.COMMAND_WORDS;
        }
        message.tell(content, about(line, out));
    }

    /** Ends what is open if so much time has passed that this line cannot belong to it. */
    void advanceTo(LogLine line, LineSink out) {
        if (phase != Phase.IDLE && isFarFrom(latest, line)) {
            closeEvent(out);
        }
        if (request != null && isFarFrom(request, line)) {
            closeRequest(out);
        }
    }

    /**
     * A line that is not this unit's has been read.
     *
     * @param unrelated whether it is no line of any SMMU. Then the line in words does not come any
     *     more if this kernel was never seen to print one
     */
    void pass(boolean unrelated, LineSink out) {
        passed = Math.min(PATIENCE, passed + (unrelated && isComplete() && !wordy ? PATIENCE : 1));
        if (passed == PATIENCE) {
            flush(out);
        }
    }

    /** How many more lines this unit would like to see. */
    int wanted() {
        boolean open = phase == Phase.WORDS || isComplete() || request != null;
        return open ? PATIENCE - passed : 0;
    }

    /** Whether a line without a prefix may belong to this unit. */
    boolean isOpen() {
        return wanted() > 0;
    }

    /** Whether a raw word without a prefix may belong to this unit. */
    boolean wantsWord() {
        return phase == Phase.WORDS && passed < PATIENCE;
    }

    /** Tells what is complete. */
    void flush(LineSink out) {
        if (isComplete()) {
            closeEvent(out);
        }
    }

    /** Tells everything, incomplete or not. */
    void close(LineSink out) {
        closeEvent(out);
        closeRequest(out);
    }

    /** Where what is open began, to close several units in the order of their lines. */
    long firstLine() {
        LogLine line = phase == Phase.IDLE ? request : first;
        return line == null ? Long.MAX_VALUE : line.number();
    }

    private boolean isComplete() {
        return phase == Phase.COMPLETE || phase == Phase.TEXT;
    }

    private void begin(Phase next, LogLine line) {
        phase = next;
        first = line;
        count = 0;
        damaged = false;
        textMissed = false;
        touch(line);
    }

    private void touch(LogLine line) {
        latest = line;
        passed = 0;
    }

    private static boolean isFarFrom(LogLine one, LogLine other) {
        return one.timeBase() == other.timeBase()
                && one.timeBase() != TimeBase.NONE
                && Math.abs(other.time() - one.time()) > MAX_GAP_NANOS;
    }

    private void closeEvent(LineSink out) {
        switch (phase) {
            case WORDS -> tellIncomplete(out);
            case COMPLETE -> tellRecord(null, out);
            case TEXT -> tellText(EventText.Attributes.NONE, out);
            case IDLE, TOLD -> {}
        }
        phase = Phase.IDLE;
    }

    private void closeRequest(LineSink out) {
        if (request != null) {
            about(request, out).queue(Smmu.PRI_QUEUE).malformed(Smmu.INCOMPLETE_RECORD, 0, 0, 0, 0);
            request = null;
        }
    }

    private LineSink about(LogLine line, LineSink out) {
        return out.at(line).unit(Smmu.ARCH, name);
    }

    private LineSink aboutEvent(LineSink out) {
        return about(first, out).queue(Smmu.EVENT_QUEUE);
    }

    /** Whether the header announced another event: a line of one of them is lost. */
    private boolean contradicts() {
        return number != NO_NUMBER && number != EventRecord.number(words[0]);
    }

    /** Whether four words without a header are not those of one record. */
    private boolean isMisaligned() {
        return number == NO_NUMBER && EventType.nameOf(EventRecord.number(words[0])) == null;
    }

    private void tellRecord(String client, LineSink out) {
        if (contradicts() || isMisaligned()) {
            tellIncomplete(out);
        } else {
            textMissed = client == null;
            EventDecoder.decode(
                    words[0],
                    words[1],
                    words[2],
                    words[3],
                    aboutEvent(out).device(client).words(EventRecord.WORDS));
        }
    }

    private void tellIncomplete(LineSink out) {
        if (number == NO_NUMBER) {
            about(first, out).detail("raw words of a record whose beginning is missing");
        } else if (certain) {
            for (int word = count; word < words.length; word++) {
                words[word] = 0;
            }
            aboutEvent(out)
                    .words(count)
                    .malformed(Smmu.INCOMPLETE_RECORD, words[0], words[1], words[2], words[3]);
        }
    }

    private void tellText(EventText.Attributes told, LineSink out) {
        EventType event = text.event();
        int code = event == EventType.RESERVED ? NO_NUMBER : event.number();
        int attributes = text.present() | told.attributes();
        if (text.hasIova() && text.hasSecond() && (attributes & FaultBits.STAGE_2) != 0) {
            attributes |= FaultBits.HAS_IPA;
        }
        long second =
                (attributes & (FaultBits.HAS_IPA | FaultBits.HAS_FETCH)) != 0 ? text.second() : 0;
        boolean cut = damaged || !text.whole();
        cut |= text.attributesFollow() && told.equals(EventText.Attributes.NONE);

        LineSink fault = aboutEvent(out).device(text.client());
        if (cut) {
            fault.truncated();
        }
        if (told.stalled()) {
            fault.stall(
                    event.reason(),
                    code,
                    attributes,
                    text.requester(),
                    text.pasid(),
                    told.tag(),
                    text.iova(),
                    second,
                    0,
                    0,
                    0,
                    0);
        } else {
            fault.unrecoverable(
                    event.reason(),
                    code,
                    attributes,
                    text.requester(),
                    text.pasid(),
                    text.iova(),
                    second,
                    0,
                    0,
                    0,
                    0);
        }
    }
}
