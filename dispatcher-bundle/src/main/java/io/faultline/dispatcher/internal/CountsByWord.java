package io.faultline.dispatcher.internal;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counters by a word that comes from a fixed set: malformed reasons, responses. A decoder that
 * makes up words gets no more than a few; the rest is counted as {@code other}.
 */
final class CountsByWord {
    private static final int MOST_WORDS = 32;

    private final Map<String, LongAdder> counts = new ConcurrentHashMap<>();

    void increment(String word) {
        LongAdder count = counts.get(word);
        if (count == null) {
            String key = counts.size() < MOST_WORDS ? word : "other";
            count = counts.computeIfAbsent(key, k -> new LongAdder());
        }
        count.increment();
    }

    /** Adds what was counted so far. */
    void addTo(Map<String, Long> sums) {
        counts.forEach((word, count) -> sums.merge(word, count.sum(), Long::sum));
    }
}
