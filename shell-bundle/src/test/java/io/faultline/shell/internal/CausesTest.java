package io.faultline.shell.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class CausesTest {
    static Stream<Arguments> exceptions() {
        return Stream.of(
                Arguments.of(new IllegalArgumentException("rate=x: no"), "rate=x: no"),
                Arguments.of(new IOException("a.bin: no such file"), "a.bin: no such file"),
                Arguments.of(
                        new IllegalStateException("boom"), "java.lang.IllegalStateException: boom"),
                Arguments.of(new NullPointerException(), "java.lang.NullPointerException"),
                Arguments.of(
                        new RuntimeException("outer", new IOException("inner: one\nand two")),
                        "inner: one"),
                Arguments.of(
                        new IllegalStateException(
                                new IOException("socket=x: refused", new RuntimeException("no"))),
                        "socket=x: refused"),
                Arguments.of(
                        new IllegalArgumentException("'x' is no number", new ArithmeticException()),
                        "'x' is no number"));
    }

    @ParameterizedTest
    @MethodSource("exceptions")
    void saysInOneLineWhatIsForPeopleElseTheBottom(Exception e, String line) {
        assertEquals(line, Causes.line(e));
    }

    @ParameterizedTest
    @MethodSource("exceptions")
    void readsItFromATrace(Exception e, String line) {
        StringWriter trace = new StringWriter();
        e.printStackTrace(new PrintWriter(trace));

        assertEquals(line, Causes.line(trace.toString()));
    }

    @Property
    void anyTraceGivesOneLine(@ForAll String trace) {
        assertEquals(true, Causes.line(trace).lines().count() <= 1);
    }
}
