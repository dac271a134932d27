package io.faultline.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Makes a table of what JMH measured, with ranges and the ratio to each row's peer of the same run,
 * and a picture of speed against chain length.
 */
public final class Report {
    private static final String CHAIN = "ChainBench.chain";
    private static final String PEER = "peer";
    private static final String HANDLERS = "handlers";

    private Report() {}

    /** One measured row. */
    private record Row(
            String name,
            Map<String, String> parameters,
            double score,
            double least,
            double most,
            String unit,
            String lost) {
        /** How many a second, whatever it was measured in. */
        double speed() {
            return unit.equals("ns/op") ? 1e9 / score : score;
        }

        /** The name and parameters of the row that this one is compared with. */
        String peer() {
            Map<String, String> other = new TreeMap<>(parameters);
            String bench =
                    switch (name) {
                        case "RecordBench.lane", "RecordBench.decode" -> "RecordBench.calls";
                        case "LanesBench.twoLanes" -> "LanesBench.oneLane";
                        case "LanesBench.twoCounters" -> "LanesBench.oneCounter";
                        case "TapBench.taps" -> "TapBench.disruptor";
                        case "PageRequestBench.inlineOneLane", "PageRequestBench.pooledOneLane" ->
                                "PageRequestBench.handWritten";
                        case "PageRequestBench.inlineTwoLanes" ->
                                "PageRequestBench.handWrittenTwoThreads";
                        default -> name;
                    };
            if (name.equals(CHAIN)) {
                other.put(PEER, "CALLS");
            }
            return bench + other;
        }

        String key() {
            return name + parameters;
        }
    }

    /**
     * Writes the report.
     *
     * @param arguments JMH's result as JSON; the table to write; the picture to write
     * @throws IOException if a file cannot be read or written
     */
    public static void main(String[] arguments) throws IOException {
        JsonNode results = new ObjectMapper().readTree(Path.of(arguments[0]).toFile());
        List<Row> rows = new ArrayList<>();
        for (JsonNode result : results) {
            rows.add(row(result));
        }
        if (rows.isEmpty()) {
            throw new IllegalArgumentException(arguments[0] + " holds no results");
        }
        Files.writeString(Path.of(arguments[1]), table(rows, results.get(0)));
        Files.writeString(Path.of(arguments[2]), picture(rows));
    }

    private static Row row(JsonNode result) {
        String name = result.get("benchmark").asText();
        int method = name.lastIndexOf('.');
        Map<String, String> parameters = new TreeMap<>();
        for (Map.Entry<String, JsonNode> entry : result.path("params").properties()) {
            parameters.put(entry.getKey(), entry.getValue().asText());
        }
        JsonNode metric = result.get("primaryMetric");
        JsonNode percentiles = metric.get("scorePercentiles");
        return new Row(
                name.substring(name.lastIndexOf('.', method - 1) + 1),
                parameters,
                metric.get("score").asDouble(),
                percentiles.get("0.0").asDouble(),
                percentiles.get("100.0").asDouble(),
                metric.get("scoreUnit").asText(),
                lost(result.path("secondaryMetrics")));
    }

    /** What part of the faults did not fit into watchers' queues. */
    private static String lost(JsonNode counters) {
        double lost = counters.path("lost").path("score").asDouble();
        double all = lost + counters.path("seen").path("score").asDouble();
        return all > 0 ? String.format(Locale.ROOT, "; %.0f %% lost", 100 * lost / all) : "";
    }

    private static String table(List<Row> rows, JsonNode run) throws IOException {
        Map<String, Row> byKey = new TreeMap<>();
        rows.forEach(row -> byKey.put(row.key(), row));
        StringBuilder text =
                new StringBuilder()
                        .append(processor())
                        .append(", ")
                        .append(Runtime.getRuntime().availableProcessors())
                        .append(" processors; JDK ")
                        .append(run.get("jdkVersion").asText())
                        .append("; ")
                        .append(LocalDate.now(ZoneOffset.UTC))
                        .append("; forks ")
                        .append(run.get("forks").asInt())
                        .append(", iterations ")
                        .append(run.get("measurementIterations").asInt())
                        .append(" of ")
                        .append(run.get("measurementTime").asText())
                        .append(".\n\n| | | mean (least to most) | unit | speed to its peer's |\n")
                        .append("|---|---|---|---|---|\n");
        for (Row row : rows) {
            Row peer = byKey.get(row.peer());
            text.append("| ")
                    .append(row.name)
                    .append(" | ")
                    .append(String.join(" ", row.parameters.values()))
                    .append(" | ")
                    .append(number(row.score))
                    .append(" (")
                    .append(number(row.least))
                    .append(" to ")
                    .append(number(row.most))
                    .append(") | ")
                    .append(row.unit)
                    .append(row.lost)
                    .append(" | ")
                    .append(
                            peer == null
                                    ? ""
                                    : String.format(
                                            Locale.ROOT, "%.4f", row.speed() / peer.speed()))
                    .append(" |\n");
        }
        return text.toString();
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, value < 1000 ? "%,.1f" : "%,.0f", value);
    }

    private static String processor() throws IOException {
        Path info = Path.of("/proc/cpuinfo");
        if (!Files.isReadable(info)) {
            return System.getProperty("os.arch");
        }
        return Files.readAllLines(info).stream()
                .filter(line -> line.startsWith("model name"))
                .map(line -> line.substring(line.indexOf(':') + 2))
                .findFirst()
                .orElse(System.getProperty("os.arch"));
    }

    /** Faults a second against the number of handlers, both on logarithmic scales. */
    private static String picture(List<Row> rows) {
        Map<String, StringBuilder> lines = new TreeMap<>();
        Map<String, Double> ends = new TreeMap<>();
        for (Row row : rows) {
            if (row.name.equals(CHAIN)) {
                String peer = row.parameters.get(PEER);
                int handlers = Integer.parseInt(row.parameters.get(HANDLERS));
                double y = y(row.speed());
                lines.computeIfAbsent(peer, any -> new StringBuilder())
                        .append(String.format(Locale.ROOT, "%.0f,%.0f ", x(handlers), y));
                ends.put(peer, y);
            }
        }
        StringBuilder svg =
                new StringBuilder(
                        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"760\" height=\"480\""
                                + " font-family=\"sans-serif\" font-size=\"12\">\n"
                                + "<rect width=\"760\" height=\"480\" fill=\"white\"/>\n"
                                + "<text x=\"20\" y=\"20\">faults a second by number of handlers,"
                                + " one thread</text>\n");
        for (int power = 4; power <= 9; power++) {
            double y = y(Math.pow(10, power));
            svg.append(
                    String.format(
                            Locale.ROOT,
                            "<line x1=\"60\" x2=\"560\" y1=\"%1$.0f\" y2=\"%1$.0f\""
                                    + " stroke=\"#ddd\"/><text x=\"20\" y=\"%2$.0f\">10^%3$d</text>\n",
                            y,
                            y + 4,
                            power));
        }
        for (int handlers : new int[] {1, 3, 8}) {
            svg.append(
                    String.format(
                            Locale.ROOT,
                            "<text x=\"%.0f\" y=\"470\">%d</text>\n",
                            x(handlers),
                            handlers));
        }
        List<String> byHeight = new ArrayList<>(lines.keySet());
        byHeight.sort((a, b) -> Double.compare(ends.get(a), ends.get(b)));
        double label = 0;
        int hue = 0;
        for (String peer : byHeight) {
            label = Math.max(label + 14, ends.get(peer) + 4);
            String colour = "hsl(" + hue + ",70%,40%)";
            hue += 33;
            svg.append(
                    String.format(
                            Locale.ROOT,
                            "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\""
                                    + " stroke-width=\"2\"/><text x=\"570\" y=\"%.0f\" fill=\"%s\">"
                                    + "%s</text>\n",
                            lines.get(peer).toString().strip(),
                            colour,
                            label,
                            colour,
                            peer));
        }
        return svg.append("</svg>\n").toString();
    }

    private static double x(int handlers) {
        return 60 + 500 * Math.log(handlers) / Math.log(8);
    }

    private static double y(double speed) {
        return 450 - 80 * (Math.log10(speed) - 4);
    }
}
