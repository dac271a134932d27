package io.faultline.testkit;

import io.faultline.fault.Fault;
import io.faultline.log.LineSink;
import io.faultline.log.LogLine;
import io.faultline.log.LogSource;
import java.util.ArrayDeque;
import java.util.Queue;

/** A log whose lines tell of built faults: they are observed. */
final class BuiltLog implements LogSource {
    private final Queue<Fault> faults = new ArrayDeque<>();

    void add(Fault fault) {
        faults.add(fault);
    }

    @Override
    public String name() {
        return "test";
    }

    @Override
    public int read(LineSink out, int limit) {
        int reports = 0;
        while (reports < limit && !faults.isEmpty()) {
            say(faults.remove(), out);
            reports++;
        }
        return reports;
    }

    private static void say(Fault fault, LineSink out) {
        out.at(
                        new LogLine(
                                fault.sequence(),
                                fault.toString(),
                                fault.time(),
                                fault.timeBase(),
                                null,
                                true,
                                true))
                .unit(fault.unit().arch(), fault.unit().name())
                .queue(fault.origin().queue())
                .device(fault.deviceName())
                .words(fault.rawWords());
        BuiltFaults.say(fault, out);
    }

    @Override
    public void close() {
        faults.clear();
    }
}
