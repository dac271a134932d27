package io.faultline.testkit;

import io.faultline.fault.Fault;
import io.faultline.fault.Origin;
import io.faultline.fault.TimeBase;
import io.faultline.fault.Unit;
import io.faultline.hardware.FaultMaker;
import io.faultline.hardware.KeySink;
import io.faultline.log.LineDecoder;
import io.faultline.log.LineSink;
import io.faultline.log.LogLine;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * Collects what a {@link LineDecoder} says, in order. Faults are observed; time and number are
 * those of the line they are reported at.
 *
 * <pre>{@code
 * List<LineReport> reports = RecordingLineSink.read(decoder,
 *         "arm-smmu-v3 arm-smmu-v3.0.auto: event 0x10 received:", ...);
 * }</pre>
 *
 * <p><b>Threads.</b> For one thread.
 */
public final class RecordingLineSink extends FaultMaker implements LineSink {
    private final List<LineReport> reports = new ArrayList<>();
    private LogLine current;
    private LogLine at;
    private String arch;
    private String unit;
    private String queue;
    private String device;
    private int words;
    private boolean truncated;
    private Keys keys = new Keys();

    /** Holds nothing yet. */
    public RecordingLineSink() {}

    /**
     * Reads lines to their end with a new session, the way the scanner of the platform does: a line
     * goes to the decoder if it holds one of its literals, or if the decoder asked for it.
     *
     * @param decoder the decoder
     * @param lines messages without prefixes, numbered from 1; the log has no times
     * @return what the decoder said
     */
    public static List<LineReport> read(LineDecoder decoder, String... lines) {
        List<LogLine> log = new ArrayList<>();
        for (String text : lines) {
            log.add(line(log.size() + 1, text));
        }
        return read(decoder, log);
    }

    /**
     * Reads lines to their end with a new session, the way the scanner of the platform does.
     *
     * @param decoder the decoder
     * @param lines the lines
     * @return what the decoder said
     */
    public static List<LineReport> read(LineDecoder decoder, List<LogLine> lines) {
        RecordingLineSink sink = new RecordingLineSink();
        LineDecoder.Session session = decoder.open("test");
        int wanted = 0;
        for (LogLine line : lines) {
            if (wanted > 0 || decoder.literals().stream().anyMatch(line.text()::contains)) {
                wanted = sink.line(session, line);
            }
        }
        sink.end(session);
        return sink.reports();
    }

    /**
     * A line of a log without times.
     *
     * @param number its number, from 1
     * @param text the message without prefixes
     * @return a verified line
     */
    public static LogLine line(long number, String text) {
        return new LogLine(number, text, 0, TimeBase.NONE, null, true, true);
    }

    /**
     * Gives one line to a session.
     *
     * @param session reads it
     * @param line the line
     * @return how many of the next lines the session wants to see
     */
    public int line(LineDecoder.Session session, LogLine line) {
        current = line;
        reset();
        return session.line(line, this);
    }

    /**
     * Ends a session.
     *
     * @param session says what was still incomplete
     */
    public void end(LineDecoder.Session session) {
        reset();
        session.end(this);
    }

    /**
     * What was said so far.
     *
     * @return in order; a view
     */
    public List<LineReport> reports() {
        return Collections.unmodifiableList(reports);
    }

    /**
     * The faults among the reports.
     *
     * @return in order
     */
    public List<Fault> faults() {
        return reports.stream().map(LineReport::fault).filter(Objects::nonNull).toList();
    }

    @Override
    public LineSink at(LogLine line) {
        at = line;
        return this;
    }

    @Override
    public LineSink unit(String newArch, String name) {
        arch = newArch;
        unit = name;
        return this;
    }

    @Override
    public LineSink queue(String kind) {
        queue = kind;
        return this;
    }

    @Override
    public LineSink device(String name) {
        device = name;
        return this;
    }

    @Override
    public LineSink words(int rawWords) {
        words = rawWords;
        return this;
    }

    @Override
    public LineSink truncated() {
        truncated = true;
        return this;
    }

    @Override
    public LineSink keys(Consumer<KeySink> more) {
        more.accept(keys);
        return this;
    }

    @Override
    public void malformed(String why, long w0, long w1, long w2, long w3) {
        report(LineReport.Kind.MALFORMED, null, why, 0, 0, 0);
    }

    @Override
    public void malformedRequest(
            String why,
            int attributes,
            int requester,
            int pasid,
            int groupIndex,
            long w0,
            long w1,
            long w2,
            long w3) {
        malformed(why, w0, w1, w2, w3);
    }

    @Override
    public void notWritten() {
        report(LineReport.Kind.NOTHING, null, "not written", 0, 0, 0);
    }

    @Override
    public void empty() {
        report(LineReport.Kind.NOTHING, null, "empty", 0, 0, 0);
    }

    @Override
    public void suppressed(String function, long count, long atLeast, long atMost) {
        report(LineReport.Kind.SUPPRESSED, null, function, count, atLeast, atMost);
    }

    @Override
    public void recordsLost(String description) {
        report(LineReport.Kind.RECORDS_LOST, null, description, 0, 0, 0);
    }

    @Override
    public void status(String description) {
        report(LineReport.Kind.STATUS, null, description, 0, 0, 0);
    }

    @Override
    public void detail(String description) {
        report(LineReport.Kind.DETAIL, null, description, 0, 0, 0);
    }

    @Override
    public void lost(long count, String description) {
        report(LineReport.Kind.LOST, null, description, count, 0, 0);
    }

    /** A fault must name its unit; where the log names none, the platform uses the architecture. */
    @Override
    protected Origin origin() {
        if (arch == null) {
            throw new AssertionError("line " + at.number() + ": a fault without unit(arch, name)");
        }
        Unit named = new Unit(arch, unit == null ? arch : unit);
        return new Origin(named, queue, 0, at.timeBase(), true);
    }

    @Override
    protected String deviceName() {
        return device;
    }

    @Override
    protected long time() {
        return at.time();
    }

    @Override
    protected long sequence() {
        return at.number();
    }

    @Override
    protected int rawWords() {
        return words;
    }

    @Override
    protected void fault(Fault fault) {
        report(LineReport.Kind.FAULT, fault, null, 0, 0, 0);
    }

    private void report(
            LineReport.Kind kind, Fault fault, String text, long count, long least, long most) {
        reports.add(
                new LineReport(
                        kind,
                        at,
                        arch,
                        unit,
                        queue,
                        device,
                        truncated,
                        fault,
                        text,
                        count,
                        least,
                        most,
                        keys.values()));
        reset();
    }

    /** What was said about the next call held for that call only. */
    private void reset() {
        at = current;
        arch = null;
        unit = null;
        queue = null;
        device = null;
        words = 0;
        truncated = false;
        keys = new Keys();
    }
}
