package io.faultline.mm.internal;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Numbers, ranges and lists as people write them in configurations and commands. */
final class Words {
    private static final Pattern BLANK = Pattern.compile("\\s+");
    private static final Pattern SEPARATOR = Pattern.compile("[;\n]");

    private Words() {}

    /** The words of a line; an empty line has one, which is empty. */
    static List<String> of(String line) {
        return BLANK.splitAsStream(line.strip()).toList();
    }

    /** A range; a single number is one of length 1. Both ends are unsigned and inclusive. */
    record Range(long first, long last) {
        int firstInt(String key) {
            return checkedInt(key, first);
        }

        int lastInt(String key) {
            return checkedInt(key, last);
        }

        private static int checkedInt(String key, long value) {
            if (value >>> Integer.SIZE != 0) {
                throw new IllegalArgumentException(
                        "%s=0x%x: allowed are 0 to 0xffffffff".formatted(key, value));
            }
            return (int) value;
        }
    }

    static long number(String key, String word) {
        try {
            return word.startsWith("0x") || word.startsWith("0X")
                    ? Long.parseUnsignedLong(word.substring(2), 16)
                    : Long.parseUnsignedLong(word);
        } catch (NumberFormatException e) {
            // without the cause, which says less and is what the shell would show
            throw new IllegalArgumentException(
                    key + "=" + word + ": is no number such as 256 or 0x100");
        }
    }

    static Range range(String key, String word) {
        int dash = word.indexOf('-');
        if (dash < 0) {
            long number = number(key, word);
            return new Range(number, number);
        }
        return new Range(
                number(key, word.substring(0, dash)), number(key, word.substring(dash + 1)));
    }

    /** A list as configurations have it: an array, a collection, or text with ; or line ends. */
    static List<String> list(Object value) {
        Stream<?> parts =
                value == null
                        ? Stream.of()
                        : value instanceof Object[] array
                                ? Arrays.stream(array)
                                : value instanceof Collection<?> many
                                        ? many.stream()
                                        : Stream.of(value);
        return parts.flatMap(part -> SEPARATOR.splitAsStream(String.valueOf(part)))
                .map(String::strip)
                .filter(part -> !part.isEmpty())
                .toList();
    }
}
