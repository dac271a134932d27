package io.faultline.itest;

import java.util.List;

/** The threads that run. Ours are named, so that an operator knows them. */
final class Threads {
    private Threads() {}

    static List<String> ofOurs() {
        return named("faultline-");
    }

    static List<String> named(String prefix) {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith(prefix))
                .sorted()
                .toList();
    }
}
