package io.faultline.launcher;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The program as it is built, started as users start it: by its script, in a process of its own.
 */
final class Program {
    private static final ObjectMapper JSON =
            new ObjectMapper().enable(DeserializationFeature.USE_LONG_FOR_INTS);
    private static final Path SCRIPT = Path.of("..", "faultline").toAbsolutePath().normalize();
    private static final long LIMIT_SECONDS = 100;

    private Program() {}

    /** What a process left. */
    record Result(int exitCode, String out, String err) {
        /** The lines of standard output, each a JSON object. */
        List<Map<String, Object>> json() {
            return out.lines().map(Program::object).toList();
        }

        /** The lines of JSON of one kind. */
        List<Map<String, Object>> json(String kind) {
            return json().stream().filter(line -> kind.equals(line.get("kind"))).toList();
        }
    }

    /** Runs a command to its end, with nothing on its standard input. */
    static Result run(String... arguments) {
        return runOn("", arguments);
    }

    /** Runs a command to its end. */
    static Result runOn(String input, String... arguments) {
        try {
            Path out = Files.createTempFile("out", ".txt");
            Path err = Files.createTempFile("err", ".txt");
            try {
                Process process =
                        start(List.of(), arguments)
                                .redirectOutput(out.toFile())
                                .redirectError(err.toFile())
                                .start();
                try (OutputStream in = process.getOutputStream()) {
                    in.write(input.getBytes(StandardCharsets.UTF_8));
                } catch (IOException e) {
                    // The program need not read its input: it says by its exit code what it did.
                }
                int exitCode = await(process);
                return new Result(exitCode, Files.readString(out), Files.readString(err));
            } finally {
                Files.delete(out);
                Files.delete(err);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * A process to be started.
     *
     * @param before what stands before the script, such as another program's call
     */
    static ProcessBuilder start(List<String> before, String... arguments) {
        List<String> command = new ArrayList<>(before);
        command.add(SCRIPT.toString());
        command.addAll(Arrays.asList(arguments));
        ProcessBuilder process = new ProcessBuilder(command);
        process.environment().put("JAVA_HOME", System.getProperty("java.home"));
        process.environment()
                .put("XDG_STATE_HOME", Path.of("target", "state").toAbsolutePath().toString());
        return process;
    }

    /** Waits for a process to end. */
    static int await(Process process) {
        try {
            if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError("still running after " + LIMIT_SECONDS + " s");
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    /** A JSON object; integers are {@link Long}. */
    static Map<String, Object> object(String json) {
        try {
            return JSON.readValue(json, new TypeReference<>() {});
        } catch (IOException e) {
            throw new AssertionError("no JSON object: " + json, e);
        }
    }

    static String json(Map<String, Object> object) {
        try {
            return JSON.writeValueAsString(object);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
