package io.faultline.dispatcher.internal;

import io.faultline.fault.Fault;
import io.faultline.fault.Origin;
import io.faultline.fault.TimeBase;
import io.faultline.fault.Unit;
import io.faultline.handler.Notice;
import io.faultline.hardware.FaultMaker;
import io.faultline.log.LineSink;
import io.faultline.log.LogLine;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Keeps what the lines of a log say until its lane offers it. */
final class LogSink extends FaultMaker implements LineSink {
    private static final int MOST_ORIGINS = 1024;

    private final LogLane lane;
    private final List<LogLane.Report> reports = new ArrayList<>();
    private final Map<Origin, Origin> origins = new HashMap<>();

    private LogLine line;
    private String arch;
    private String unit;
    private String queue;
    private String device;
    private int words;
    private long unknownLines;

    LogSink(LogLane lane) {
        this.lane = lane;
    }

    List<LogLane.Report> reports() {
        return reports;
    }

    @Override
    public LineSink at(LogLine newLine) {
        line = newLine;
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
        return this;
    }

    /** The origin for what comes next; equal ones are one object. */
    @Override
    protected Origin origin() {
        TimeBase base = line == null ? TimeBase.NONE : line.timeBase();
        Origin fresh = new Origin(unitOf(), queue == null ? "log" : queue, 0, base, true);
        Origin known = origins.get(fresh);
        if (known == null && origins.size() < MOST_ORIGINS) {
            origins.put(fresh, fresh);
        }
        return known == null ? fresh : known;
    }

    private Unit unitOf() {
        String known = arch == null ? "log" : arch;
        return new Unit(known, unit == null ? known : unit);
    }

    @Override
    protected String deviceName() {
        return device;
    }

    @Override
    protected long time() {
        return line == null ? 0 : line.time();
    }

    @Override
    protected long sequence() {
        return line == null ? ++unknownLines : line.number();
    }

    @Override
    protected int rawWords() {
        return words;
    }

    @Override
    protected void fault(Fault fault) {
        reports.add(new LogLane.Report(fault, Kinds.of(fault.kind()), null));
        clear();
    }

    private void clear() {
        line = null;
        arch = null;
        unit = null;
        queue = null;
        device = null;
        words = 0;
    }

    @Override
    public void malformed(String why, long w0, long w1, long w2, long w3) {
        Unit named = unitOf();
        DeviceRow row = lane.row(named, false, 0);
        lane.malformed(named).increment(why); // first: the reasons of what is counted are there
        row.tally.increment(Count.RECORDS);
        row.tally.increment(Count.MALFORMED);
        clear();
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
        malformed("not_written", 0, 0, 0, 0);
    }

    @Override
    public void empty() {
        clear();
    }

    @Override
    public void suppressed(String function, long count, long atLeast, long atMost) {
        lost(
                atLeast,
                function + " did not print " + count + " calls, which are at least " + atLeast);
    }

    @Override
    public void recordsLost(String description) {
        noteLost(1, -1, Notice.Kind.OVERFLOW, description);
    }

    @Override
    public void lost(long count, String description) {
        noteLost(count, count, Notice.Kind.RECORDS_LOST, description);
    }

    private void noteLost(long lost, long count, Notice.Kind kind, String description) {
        Origin origin = origin();
        lane.row(origin.unit(), false, 0).tally.add(Count.LOST, lost);
        reports.add(
                new LogLane.Report(null, 0, new Notice(kind, origin, null, 0, count, description)));
        clear();
    }

    @Override
    public void status(String description) {
        clear();
    }

    @Override
    public void detail(String description) {
        clear();
    }
}
