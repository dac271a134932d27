package io.faultline.testkit;

import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;

/**
 * One line of a {@link VectorFile}: a record and what a decoder must say of it, or a response and
 * how an encoder must write it. JSON's values are {@link Long}, {@link String}, {@link Boolean},
 * {@link java.util.List}, {@link Map} and null.
 *
 * @param id unique in its file
 * @param arch the architecture's word
 * @param queue which queue or register block the bytes come from
 * @param hex the bytes in memory order; the records of a sequence one after another
 * @param fields the record's raw fields under the names of the document
 * @param expect what a decoder must say
 * @param response what an encoder is given; null if the vector is none for encoders
 * @param note why the vector is there, or null
 */
public record Vector(
        String id,
        String arch,
        String queue,
        String hex,
        Map<String, Object> fields,
        Map<String, Object> expect,
        Map<String, Object> response,
        String note) {
    private static final String MISSING = "(no such key)";

    /**
     * The record's bytes.
     *
     * @return a new array, in memory order
     */
    public byte[] bytes() {
        return HexFormat.of().parseHex(hex);
    }

    /**
     * Whether the record is cut short on purpose: readers of files meet that, decoders do not.
     *
     * @return true if {@code short_record} is expected
     */
    public boolean isShort() {
        return "short_record".equals(expect.get("malformed"));
    }

    /**
     * Checks that every key of {@link #expect()} but {@code description} is among the given ones
     * with the same value. Numbers are compared as longs, arrays in order, objects as this one;
     * further keys do not matter.
     *
     * @param actual the keys that a fault has, for example from {@link Keys#of} or {@link
     *     Decoded#keys()}
     * @throws AssertionError names id, hex, and each key that differs with both values
     */
    public void assertExpected(Map<String, ?> actual) {
        StringBuilder differences = new StringBuilder();
        compare("", expect, actual, differences);
        if (!differences.isEmpty()) {
            throw new AssertionError(id + " " + arch + ":" + queue + " " + hex + differences);
        }
    }

    private static void compare(
            String path, Map<?, ?> expect, Map<?, ?> actual, StringBuilder differences) {
        expect.forEach(
                (key, expected) -> {
                    Object value = actual.containsKey(key) ? wide(actual.get(key)) : MISSING;
                    if (expected instanceof Map<?, ?> inner && value instanceof Map<?, ?> members) {
                        compare(path + key + ".", inner, members, differences);
                    } else if (!key.equals("description") && !Objects.equals(expected, value)) {
                        differences.append("\n  ").append(path).append(key).append(": expected ");
                        differences.append(expected).append(", actual ").append(value);
                    }
                });
    }

    private static Object wide(Object value) {
        return value instanceof Integer number ? Long.valueOf(number) : value;
    }

    /** The id, which names the case in a parameterized test. */
    @Override
    public String toString() {
        return id;
    }
}
