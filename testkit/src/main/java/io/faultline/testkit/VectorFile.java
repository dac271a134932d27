package io.faultline.testkit;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Test vectors: a resource of JSON Lines, each line a {@link Vector}.
 *
 * <pre>{@code
 * static Stream<Vector> vectors() {
 *     return VectorFile.read(EventDecoderTest.class, "smmuv3.jsonl").queue("evtq");
 * }
 * }</pre>
 */
public final class VectorFile {
    private static final ObjectMapper JSON =
            new ObjectMapper().enable(DeserializationFeature.USE_LONG_FOR_INTS);

    private final List<Vector> vectors;

    private VectorFile(List<Vector> vectors) {
        this.vectors = List.copyOf(vectors);
    }

    /**
     * Reads a file of vectors.
     *
     * @param beside the class whose package or jar holds the resource
     * @param resource its name: from the class's package, or from the root with a leading slash
     * @return the vectors in their order
     * @throws IllegalArgumentException if there is no such resource, or a line is not a vector
     */
    public static VectorFile read(Class<?> beside, String resource) {
        try (InputStream in = beside.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalArgumentException(
                        resource + ": no such resource beside " + beside.getName());
            }
            return read(in, resource);
        } catch (IOException e) {
            throw new UncheckedIOException(resource, e);
        }
    }

    private static VectorFile read(InputStream in, String resource) throws IOException {
        BufferedReader lines =
                new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
        List<Vector> vectors = new ArrayList<>();
        int number = 0;
        for (String line; (line = lines.readLine()) != null; ) {
            number++;
            if (!line.isBlank()) {
                try {
                    vectors.add(vector(line));
                } catch (IOException | ClassCastException | NullPointerException e) {
                    throw new IllegalArgumentException(
                            resource + ": line " + number + " is no vector: " + e.getMessage(), e);
                }
            }
        }
        return new VectorFile(vectors);
    }

    private static Vector vector(String line) throws IOException {
        Map<String, Object> json = JSON.readValue(line, new TypeReference<>() {});
        return new Vector(
                (String) json.get("id"),
                (String) json.get("arch"),
                (String) json.get("queue"),
                hex(json.get("hex")),
                object(json.get("fields")),
                object(json.get("expect")),
                object(json.get("response")),
                (String) json.get("note"));
    }

    private static String hex(Object value) {
        return value instanceof List<?> records
                ? String.join("", records.stream().map(String.class::cast).toList())
                : value.toString();
    }

    @SuppressWarnings("unchecked") // a JSON object's keys are strings
    private static Map<String, Object> object(Object value) {
        return (Map<String, Object>) value;
    }

    /**
     * All vectors.
     *
     * @return in the file's order
     */
    public Stream<Vector> all() {
        return vectors.stream();
    }

    /**
     * The vectors of one queue.
     *
     * @param queue its word
     * @return in the file's order
     * @throws IllegalArgumentException if the file has none: a test without cases would pass
     */
    public Stream<Vector> queue(String queue) {
        if (vectors.stream().noneMatch(v -> queue.equals(v.queue()))) {
            throw new IllegalArgumentException("queue=" + queue + ": the file has no such vector");
        }
        return vectors.stream().filter(v -> queue.equals(v.queue()));
    }
}
