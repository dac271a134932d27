package io.faultline.dispatcher.internal;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;

/** jcstress passes over what it has too few processors for, and calls that a success. */
class ActorsTest {
    private static final int PROCESSORS = 2;

    @Test
    void everyStressTestRunsOnTwoProcessors() throws Exception {
        List<Class<?>> tests = tests();

        assertFalse(tests.isEmpty());
        for (Class<?> test : tests) {
            long actors =
                    Arrays.stream(test.getDeclaredMethods())
                            .filter(method -> method.isAnnotationPresent(Actor.class))
                            .count();
            assertTrue(actors > 0 && actors <= PROCESSORS, () -> test + " has " + actors);
        }
    }

    private static List<Class<?>> tests() throws IOException, URISyntaxException {
        Path classes =
                Path.of(
                        OneEndStress.class
                                .getProtectionDomain()
                                .getCodeSource()
                                .getLocation()
                                .toURI());
        List<Class<?>> tests = new ArrayList<>();
        try (Stream<Path> files = Files.walk(classes)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                String name = classes.relativize(file).toString();
                if (name.startsWith("io/faultline") && name.endsWith(".class")) {
                    add(name.substring(0, name.length() - 6).replace('/', '.'), tests);
                }
            }
        }
        return tests;
    }

    private static void add(String name, List<Class<?>> tests) {
        try {
            Class<?> type = Class.forName(name, false, ActorsTest.class.getClassLoader());
            if (type.isAnnotationPresent(JCStressTest.class)) {
                tests.add(type);
            }
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(name, e);
        }
    }
}
