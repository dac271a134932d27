package io.faultline.dispatcher.internal;

import io.faultline.platform.HealthSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;

/** What needs attention. Bounded: of things that happened, the last few are kept. */
final class Health {
    private static final int MOST = 20;

    private final Deque<String> happened = new ArrayDeque<>();
    private final Map<Long, Other> others = new ConcurrentSkipListMap<>();
    private List<String> settings = List.of();

    /** A bundle that speaks for itself. */
    private record Other(HealthSource from, Source source) {
        /** A plug-in's own words; one that fails at them has something wrong with it, too. */
        List<String> words() {
            try {
                return List.copyOf(from.health());
            } catch (RuntimeException | LinkageError e) {
                return List.of(source + " fails at saying how it is: " + e + "; update its bundle");
            }
        }
    }

    void add(HealthSource from, Source source) {
        others.put(source.serviceId(), new Other(from, source));
    }

    void remove(long serviceId) {
        others.remove(serviceId);
    }

    /** Replaces what is wrong with the settings. */
    synchronized void settings(List<String> problems) {
        settings = List.copyOf(problems);
    }

    /** Notes something that happened. */
    synchronized void add(String message) {
        if (happened.size() == MOST) {
            happened.removeFirst();
        }
        happened.add(message);
    }

    List<String> all() {
        List<String> all = new ArrayList<>();
        synchronized (this) {
            all.addAll(settings);
            all.addAll(happened);
        }
        others.values().forEach(other -> all.addAll(other.words()));
        return all;
    }
}
