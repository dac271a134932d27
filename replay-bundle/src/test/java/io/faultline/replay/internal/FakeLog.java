package io.faultline.replay.internal;

import io.faultline.fault.TimeBase;
import io.faultline.log.LineSink;
import io.faultline.log.LogLine;
import io.faultline.log.LogSource;

/** A log that reports a status at each of some times. */
final class FakeLog implements LogSource {
    static final TimeBase TIMED = TimeBase.BOOT;

    private final TimeBase timeBase;
    private final long[] times;
    private int next;
    private boolean closed;

    /**
     * @param times nanoseconds
     */
    FakeLog(TimeBase timeBase, long... times) {
        this.timeBase = timeBase;
        this.times = times;
    }

    boolean isClosed() {
        return closed;
    }

    @Override
    public String name() {
        return "fake.log";
    }

    @Override
    public int read(LineSink out, int limit) {
        if (next == times.length) {
            return ENDED;
        }
        int reports = 0;
        while (reports < limit && next < times.length) {
            long time = times[next++];
            LogLine line = new LogLine(next, "text", time, timeBase, null, true, true);
            out.at(line).unit("test", "u").status("report " + next);
            reports++;
        }
        return reports;
    }

    @Override
    public void close() {
        closed = true;
    }
}
