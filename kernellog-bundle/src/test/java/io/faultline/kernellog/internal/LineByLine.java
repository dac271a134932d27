package io.faultline.kernellog.internal;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.faultline.fault.TimeBase;
import io.faultline.log.LogLine;
import java.util.ArrayList;
import java.util.List;

/** Reads a log of lines in the plainest way: what the scanner has to give. */
final class LineByLine {
    private final List<String> literals;
    private final LineCleaner cleaner = new LineCleaner();
    private final LinePrefix prefix = new LinePrefix();
    private final List<String> found = new ArrayList<>();
    private WrappedLine held;

    LineByLine(List<String> literals) {
        this.literals = literals;
    }

    private record Raw(long number, String text, boolean cut) {
        int width() {
            return text.length() - (text.endsWith("\r") ? 1 : 0);
        }
    }

    private static List<Raw> split(byte[] log) {
        List<Raw> lines = new ArrayList<>();
        long number = 1;
        int start = 0;
        for (int i = 0; i <= log.length; i++) {
            if (i == log.length || log[i] == '\n' || log[i] == 0) {
                int end = Math.min(i, start + ScannedLog.LINE_LIMIT);
                lines.add(
                        new Raw(number, new String(log, start, end - start, ISO_8859_1), end < i));
                number += i < log.length && log[i] == '\n' ? 1 : 0;
                start = i + 1;
            }
        }
        return lines;
    }

    List<String> read(byte[] log) {
        List<Raw> lines = split(log);
        int usedTo = -1;
        for (int i = 0; i < lines.size(); i++) {
            Raw raw = lines.get(i);
            boolean hit = has(raw);
            LogLine line = strip(raw);
            if (held != null && !hit && held.goesOnIn(line)) {
                hold(held.with(line, 0, raw.width(), raw.cut()));
                usedTo = i;
                continue;
            }
            give();
            if (!hit || line.text().isEmpty()) {
                continue;
            }
            WrappedLine before = null;
            if (!line.prefixed() && i - 1 > usedTo && !lines.get(i - 1).text().isEmpty()) {
                Raw previous = lines.get(i - 1);
                LogLine head = strip(previous);
                before =
                        head.prefixed()
                                ? new WrappedLine(head, 0, previous.width(), 1, false)
                                : null;
            }
            if (before != null && before.goesOnIn(line)) {
                hold(before.with(line, 0, raw.width(), raw.cut()));
            } else {
                hold(new WrappedLine(line, 0, raw.width(), 1, raw.cut()));
            }
            usedTo = i;
        }
        give();
        return found;
    }

    private boolean has(Raw raw) {
        return literals.stream().anyMatch(raw.text()::contains);
    }

    private LogLine strip(Raw raw) {
        cleaner.clean(Logs.bytes(raw.text()), 0, raw.text().length());
        LineHead head = prefix.strip(cleaner.bytes(), cleaner.from(), cleaner.to());
        return new LogLine(
                raw.number(), prefix.text(), 0, TimeBase.NONE, null, true, head.prefixed());
    }

    private void hold(WrappedLine line) {
        held = line;
        if (!WrappedLine.mayGoOn(line.width())) {
            give();
        }
    }

    private void give() {
        if (held != null) {
            found.add(held.line().number() + " " + held.line().text());
            held = null;
        }
    }
}
