package io.faultline.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** What a program measured, in a file: ours, or JMH's own. */
public final class Figures {
    private static final ObjectMapper JSON = new ObjectMapper();

    private Figures() {}

    /**
     * Writes what a program has measured to the file that the system property {@code figures}
     * names; without it nothing is written.
     *
     * @param figures what was measured
     * @throws IOException if the file cannot be written
     */
    public static void save(List<Figure> figures) throws IOException {
        String file = System.getProperty("figures");
        if (file != null) {
            JSON.writerWithDefaultPrettyPrinter().writeValue(Path.of(file).toFile(), figures);
        }
    }

    /** Reads what {@link #save} or JMH has written. */
    static List<Figure> read(Path file) throws IOException {
        List<Figure> figures = new ArrayList<>();
        for (JsonNode node : JSON.readTree(file.toFile())) {
            figures.add(node.has("benchmark") ? ofJmh(node) : JSON.treeToValue(node, Figure.class));
        }
        return figures;
    }

    private static Figure ofJmh(JsonNode result) {
        String name = result.get("benchmark").asText();
        int method = name.lastIndexOf('.');
        Map<String, String> parameters = new TreeMap<>();
        for (Map.Entry<String, JsonNode> entry : result.path("params").properties()) {
            parameters.put(entry.getKey(), entry.getValue().asText());
        }
        JsonNode metric = result.get("primaryMetric");
        JsonNode percentiles = metric.get("scorePercentiles");
        JsonNode others = result.path("secondaryMetrics");
        return new Figure(
                name.substring(name.lastIndexOf('.', method - 1) + 1),
                parameters,
                metric.get("score").asDouble(),
                percentiles.get("0.0").asDouble(),
                percentiles.get("100.0").asDouble(),
                metric.get("scoreUnit").asText(),
                result.get("forks").asInt() * result.get("measurementIterations").asInt()
                        + " of "
                        + result.get("measurementTime").asText(),
                bytes(others),
                lost(others));
    }

    private static Double bytes(JsonNode counters) {
        JsonNode allocated = counters.path("gc.alloc.rate.norm").path("score");
        return allocated.isNumber() ? allocated.asDouble() : null;
    }

    /** What part of the faults did not fit into watchers' queues. */
    private static String lost(JsonNode counters) {
        double lost = counters.path("lost").path("score").asDouble();
        double all = lost + counters.path("seen").path("score").asDouble();
        return all > 0 ? String.format(Locale.ROOT, "%.0f %% lost", 100 * lost / all) : "";
    }
}
