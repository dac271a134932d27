package io.faultline.driverlogs.internal;

import java.util.HashMap;
import java.util.Map;

/** The values that were legible, by their keys. */
final class Values {
    private final Map<String, Long> numbers = new HashMap<>();
    private final Map<String, String> words = new HashMap<>();

    void number(String key, long value) {
        numbers.put(key, value);
    }

    void word(String key, String value) {
        words.put(key, value);
    }

    boolean has(String key) {
        return numbers.containsKey(key);
    }

    /** A number, 0 if it is not there. */
    long number(String key) {
        return numbers.getOrDefault(key, 0L);
    }

    /** A word, empty if it is not there. */
    String word(String key) {
        return words.getOrDefault(key, "");
    }
}
