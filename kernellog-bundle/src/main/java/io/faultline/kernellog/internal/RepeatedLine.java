package io.faultline.kernellog.internal;

/**
 * What a syslog daemon writes instead of a line that came again: {@code message repeated 3 times: [
 * the line]}, or {@code last message repeated 3 times} right after it.
 *
 * @param times how often more
 * @param text the line, null if it is the last one
 */
record RepeatedLine(long times, String text) {
    /** No more than these are handed over again; the rest is only reported as a number. */
    static final int LIMIT = 1000;

    static final String LITERAL = "message repeated ";

    /** What a line says of this kind, or null. */
    static RepeatedLine of(String line) {
        int at = line.indexOf(LITERAL);
        if (at < 0) {
            return null;
        }
        Figure times = Figure.at(line, at + LITERAL.length());
        if (times == null || !line.startsWith(" times", times.end())) {
            return null;
        }
        int open = line.indexOf(": [", times.end());
        if (open < 0) {
            return new RepeatedLine(times.value(), null);
        }
        int close = line.endsWith("]") ? line.length() - 1 : line.length();
        return new RepeatedLine(times.value(), line.substring(open + ": [".length(), close));
    }
}
