package io.faultline.vtd.internal;

import io.faultline.fault.TimeBase;
import io.faultline.log.LogLine;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Lines as people post them: takes off the few prefixes that the test data has. */
final class LogText {
    private static final Pattern PREFIX =
            Pattern.compile(
                    "^(?:[>\\s]*)(?:\\(XEN\\) )?(?:\\[ *(\\d+)\\.(\\d{6})\\] )?(?:kernel: )?");

    private LogText() {}

    static List<LogLine> lines(List<String> texts) {
        List<LogLine> lines = new ArrayList<>();
        for (String text : texts) {
            lines.add(line(lines.size() + 1, text));
        }
        return lines;
    }

    private static LogLine line(long number, String text) {
        Matcher prefix = PREFIX.matcher(text);
        prefix.lookingAt();
        boolean timed = prefix.group(1) != null;
        long micros =
                timed
                        ? Long.parseLong(prefix.group(1)) * 1_000_000
                                + Long.parseLong(prefix.group(2))
                        : 0;
        return new LogLine(
                number,
                text.substring(prefix.end()),
                micros * 1000,
                timed ? TimeBase.BOOT : TimeBase.NONE,
                null,
                true,
                prefix.end() > 0);
    }
}
