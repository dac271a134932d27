package io.faultline.shell.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ExecCommandTest {
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final List<String> said = new ArrayList<>();
    private Gogo gogo;
    private ExecCommand exec;

    /** Commands as Gogo finds them: public methods. */
    public static final class Commands {
        public String greet(String whom) {
            return "hello " + whom;
        }

        public void fail() {
            throw new IllegalArgumentException("limit=0: allowed are 1 to 5");
        }
    }

    @BeforeEach
    void start() {
        gogo = new Gogo(new Commands());
        exec = new ExecCommand(gogo.processor(), () -> {});
    }

    @AfterEach
    void close() {
        gogo.close();
    }

    @Test
    void printsWhatEachCommandReturns() {
        int code = run("greet world; faultline:greet 'a; b' ;");

        assertEquals(0, code);
        assertEquals(List.of("hello world", "hello a; b"), printed());
        assertEquals(List.of(), said);
    }

    @Test
    void goesOnAfterACommandThatFails() {
        int code = run("fail; nonsense 1; greet x");

        assertEquals(1, code);
        assertEquals(List.of("hello x"), printed());
        assertEquals(
                List.of(
                        "exec: fail: limit=0: allowed are 1 to 5",
                        "exec: nonsense 1: Command not found: nonsense"),
                said);
    }

    @Test
    void leavesBlocksAndEscapesWhole() {
        assertEquals(
                List.of("each $x { a; b }", "say \"1;2\"", "c\\;d", "[1 2]"),
                ExecCommand.split("each $x { a; b };say \"1;2\" ; ;c\\;d;[1 2]"));
    }

    @Property
    void anyTextIsSplit(@ForAll String text) {
        ExecCommand.split(text).forEach(part -> assertEquals(part, part.strip()));
    }

    private int run(String commands) {
        PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);
        Consumer<String> say = said::add;
        return exec.applyAsInt(Map.of("commands", commands, "out", out, "say", say));
    }

    private List<String> printed() {
        return printed.toString(StandardCharsets.UTF_8).lines().toList();
    }
}
