package io.faultline.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A shell that has read the script completes as a user's would. */
class CompletionIT {
    @TempDir static Path folder;

    private static Path script;

    @BeforeAll
    static void write() throws IOException {
        Program.Result result = Program.run("completion");
        assertEquals(0, result.exitCode(), result::err);
        script = Files.writeString(folder.resolve("completion"), result.out());
    }

    @Test
    void completesCommands() throws IOException {
        assertTrue(
                completions("").containsAll(Set.of("decode", "encode", "run")),
                () -> "without the commands");
    }

    @Test
    void completesOptions() throws IOException {
        assertEquals(Set.of("--format"), completions("decode", "--fo"));
        assertEquals(Set.of("--replay", "--responses", "--rate"), completions("run", "--r"));
    }

    @Test
    void completesValues() throws IOException {
        assertEquals(Set.of("summary"), completions("decode", "--format", "su"));
    }

    private static Set<String> completions(String... words) throws IOException {
        String line = "faultline '" + String.join("' '", words) + "'";
        // compopt works only while a shell completes for somebody who types
        String commands =
                String.format(
                        "compopt() { :; }; source '%s'; COMP_WORDS=(%s); COMP_CWORD=%d;"
                                + " _complete_faultline; printf '%%s\\n' \"${COMPREPLY[@]}\"",
                        script, line, words.length);
        Process bash =
                new ProcessBuilder(List.of("bash", "-c", commands))
                        .redirectErrorStream(true)
                        .start();
        bash.getOutputStream().close();
        String out = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, Program.await(bash), out);
        return out.lines().map(String::strip).collect(Collectors.toSet());
    }
}
