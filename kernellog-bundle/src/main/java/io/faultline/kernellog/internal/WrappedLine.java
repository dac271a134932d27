package io.faultline.kernellog.internal;

import io.faultline.log.LogLine;

/**
 * A line that mail or a terminal may have wrapped, so that its rest is in the next one.
 *
 * <p>A rest has no prefix of its own, and its first word would not have fitted where the line ends.
 * If the line had no prefix either, the rest has to look like the middle of a message.
 *
 * @param line the line, with the rests that were found so far
 * @param owners of the literals in it
 * @param width of its last part as it stands in the log
 * @param parts how many lines it is made of
 * @param cut whether its end is missing for another reason
 */
record WrappedLine(LogLine line, long owners, int width, int parts, boolean cut) {
    /** Where mail programs begin to wrap. */
    private static final int NARROWEST = 72;

    /** What fits on a terminal, and some quoting before it. */
    static final int WIDEST = 84;

    private static final int TERMINAL = 80;

    /** The longest word that is wrapped as a whole. */
    private static final int LONGEST_WORD = 26;

    private static final int MAX_PARTS = 6;

    /** Whether a line so wide can be one that was wrapped. */
    static boolean mayGoOn(int width) {
        return width >= NARROWEST - LONGEST_WORD && width <= WIDEST;
    }

    /** Whether the next line is the rest of this one. */
    boolean goesOnIn(LogLine next) {
        String rest = next.text();
        if (next.prefixed() || rest.isEmpty() || parts == MAX_PARTS || !mayGoOn(width)) {
            return false;
        }
        if (isSoftBreak()) {
            return true;
        }
        int blank = rest.indexOf(' ');
        String word = blank < 0 ? rest : rest.substring(0, blank);
        if (width + 1 + word.length() <= NARROWEST
                || (line.text().endsWith(":") && word.startsWith("0x"))) {
            return false;
        }
        return line.prefixed() || isFromAMiddle(word);
    }

    /** Quoted-printable: the line was broken for the mail's sake, and the break is marked. */
    private boolean isSoftBreak() {
        return line.text().endsWith("=");
    }

    private static boolean isFromAMiddle(String word) {
        if (word.startsWith("[") || word.indexOf('=') > 0) {
            return true;
        }
        int digits = word.startsWith("0x") ? 2 : 0;
        int end = word.endsWith(",") ? word.length() - 1 : word.length();
        for (int i = digits; i < end; i++) {
            if (Character.digit(word.charAt(i), 16) < 0) {
                return false;
            }
        }
        return end - digits > 1;
    }

    /**
     * Puts the rest behind it.
     *
     * @param next the rest
     * @param nextOwners of the literals in it
     * @param nextWidth how wide it is
     */
    WrappedLine with(LogLine next, long nextOwners, int nextWidth, boolean nextCut) {
        String text = line.text();
        String joined;
        if (isSoftBreak()) {
            joined = text.substring(0, text.length() - 1) + next.text();
        } else {
            joined = text + (width == TERMINAL ? "" : " ") + next.text();
        }
        LogLine whole = line.withText(joined);
        return new WrappedLine(whole, owners | nextOwners, nextWidth, parts + 1, nextCut);
    }
}
