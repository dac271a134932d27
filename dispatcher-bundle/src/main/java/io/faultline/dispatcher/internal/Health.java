package io.faultline.dispatcher.internal;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** What needs attention. Bounded: of things that happened, the last few are kept. */
final class Health {
    private static final int MOST = 20;

    private final Deque<String> happened = new ArrayDeque<>();
    private List<String> settings = List.of();

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

    synchronized List<String> all() {
        List<String> all = new ArrayList<>(settings);
        all.addAll(happened);
        return all;
    }
}
