package io.faultline.decode.internal;

/**
 * Makes text from an input fit for a terminal. A log is hostile: control characters in it could
 * repaint the reader's screen.
 */
final class Printable {
    private static final char REPLACEMENT = '\uFFFD';

    private Printable() {}

    /** The text with every control character replaced, tabs by a blank. */
    static String of(String text) {
        StringBuilder cleaned = null;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isISOControl(c) || isUnseen(c)) {
                if (cleaned == null) {
                    cleaned = new StringBuilder(text);
                }
                cleaned.setCharAt(i, c == '\t' ? ' ' : REPLACEMENT);
            }
        }
        return cleaned == null ? text : cleaned.toString();
    }

    /** Line separators, and marks that turn the direction of what follows. */
    private static boolean isUnseen(char c) {
        int type = Character.getType(c);
        return type == Character.FORMAT
                || type == Character.LINE_SEPARATOR
                || type == Character.PARAGRAPH_SEPARATOR;
    }

    /** At most {@code columns} characters, the last one an ellipsis if something was cut. */
    static String cut(String text, int columns) {
        return text.length() <= columns ? text : text.substring(0, Math.max(0, columns - 1)) + '…';
    }
}
