package io.faultline.kernellog.internal;

import java.util.LinkedHashSet;
import java.util.Set;

/** How a form of log writes the characters that it does not write as they are. */
enum Spelling {
    /** As they are. */
    PLAIN,
    /** {@code /dev/kmsg}: control characters, the backslash and all above 0x7e as {@code \xNN}. */
    KMSG,
    /** JSON: escapes, and arrays of numbers for a text with bytes that are no text. */
    JSON;

    /**
     * All ways in which a literal can stand in such a log.
     *
     * @param literal ASCII
     * @return one or more texts
     */
    Set<String> of(String literal) {
        Set<String> spellings = new LinkedHashSet<>();
        spellings.add(literal);
        spellings.add(escaped(literal));
        if (this == JSON) {
            spellings.add(numbers(literal, ","));
            spellings.add(numbers(literal, ", "));
        }
        return spellings;
    }

    private String escaped(String literal) {
        StringBuilder escaped = new StringBuilder();
        for (int i = 0; i < literal.length(); i++) {
            char c = literal.charAt(i);
            if (this == KMSG && (c < ' ' || c > '~' || c == '\\')) {
                escaped.append("\\x").append(Character.forDigit(c >> 4, 16));
                escaped.append(Character.forDigit(c & 15, 16));
            } else if (this == JSON && c == '\t') {
                escaped.append("\\t");
            } else if (this == JSON && (c == '"' || c == '\\')) {
                escaped.append('\\').append(c);
            } else {
                escaped.append(c);
            }
        }
        return escaped.toString();
    }

    private static String numbers(String literal, String separator) {
        StringBuilder numbers = new StringBuilder();
        for (int i = 0; i < literal.length(); i++) {
            numbers.append(i == 0 ? "" : separator).append((int) literal.charAt(i));
        }
        return numbers.toString();
    }
}
