package io.faultline.kernellog.internal;

import io.faultline.log.LineDecoder;
import io.faultline.log.LineSink;
import io.faultline.log.LogLine;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;

/** Keeps every line it is given and reports each as a status; asks for as many as it is told to. */
final class FakeDecoder implements LineDecoder {
    private final List<String> literals;
    private final ToIntFunction<LogLine> wants;
    private final List<LogLine> lines = new ArrayList<>();
    private final List<String> calls = new ArrayList<>();

    FakeDecoder(String... literals) {
        this(line -> 0, literals);
    }

    FakeDecoder(ToIntFunction<LogLine> wants, String... literals) {
        this.wants = wants;
        this.literals = List.of(literals);
    }

    synchronized List<LogLine> lines() {
        return List.copyOf(lines);
    }

    List<String> texts() {
        return lines().stream().map(LogLine::text).toList();
    }

    /** Lines' texts, {@code open}, {@code idle} and {@code end}, in order. */
    synchronized List<String> calls() {
        return List.copyOf(calls);
    }

    private synchronized void call(String what) {
        calls.add(what);
    }

    @Override
    public List<String> literals() {
        return literals;
    }

    @Override
    public Session open(String source) {
        call("open");
        return new FakeSession();
    }

    private final class FakeSession implements Session {
        @Override
        public int line(LogLine line, LineSink out) {
            synchronized (FakeDecoder.this) {
                lines.add(line);
                calls.add(line.text());
            }
            out.unit("fake", null).status(line.text());
            return wants.applyAsInt(line);
        }

        @Override
        public void idle(LineSink out) {
            call("idle");
        }

        @Override
        public void end(LineSink out) {
            call("end");
            out.unit("fake", null).status("end");
        }
    }
}
