package io.faultline.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Makes a table of what a run has measured, with ranges and the ratio to each figure's peer of the
 * same run, beside an earlier run if there is one, and pictures of speed against chain length and
 * of latency under load.
 */
public final class Report {
    private static final String CHAIN = "ChainBench.chain";
    private static final String PEER = "peer";
    private static final String HANDLERS = "handlers";
    private static final String LATENCY = "PageRequestLatency.";
    private static final String PERCENTILE = "percentile";

    /** Which percentiles stand in the table; the picture has all. */
    private static final List<String> SHOWN = List.of("50", "99", "99.9");

    /** By what a figure is compared, where that is another benchmark of the same parameters. */
    private static final Map<String, String> PEERS =
            Map.ofEntries(
                    Map.entry("RecordBench.lane", "RecordBench.calls"),
                    Map.entry("RecordBench.decode", "RecordBench.calls"),
                    Map.entry("LanesBench.twoLanes", "LanesBench.oneLane"),
                    Map.entry("LanesBench.twoCounters", "LanesBench.oneCounter"),
                    Map.entry("LanesBench.twoDecoders", "LanesBench.oneDecoder"),
                    Map.entry("TapBench.taps", "TapBench.disruptor"),
                    Map.entry("PageRequestBench.inlineOneLane", "PageRequestBench.handWritten"),
                    Map.entry("PageRequestBench.pooledOneLane", "PageRequestBench.handWritten"),
                    Map.entry(
                            "PageRequestBench.inlineTwoLanes",
                            "PageRequestBench.handWrittenTwoThreads"),
                    Map.entry(
                            "PageRequestBench.pooledTwoLanes",
                            "PageRequestBench.handWrittenTwoThreads"),
                    Map.entry("LiteralSearchBench.onePass", "LiteralSearchBench.aPassForEach"),
                    Map.entry("FaultInBench.findAndFaultIn", "FaultInBench.putIfAbsent"),
                    Map.entry(LATENCY + "platform", LATENCY + "noPlatform"),
                    Map.entry("SwapBench.swapping", "SwapBench.still"),
                    Map.entry("LogScan.decode", "LogScan.grepRegex"),
                    Map.entry("LogScan.grepLiteral", "LogScan.grepRegex"),
                    Map.entry("StartTime.decode", "StartTime.nothing"));

    private Report() {}

    /**
     * Writes the report: FILES.json, FILES.md, FILES-chain-length.svg and FILES-latency.svg.
     *
     * @param arguments the name of the set; a folder with a file of figures for each part; FILES,
     *     how the files' names begin; the load before the run; how many seconds it took; a result
     *     (JSON) of an earlier run, which may be left out
     * @throws IOException if a file cannot be read or written
     */
    public static void main(String[] arguments) throws IOException {
        Run run =
                Run.present(
                        arguments[0],
                        Path.of(arguments[1]),
                        arguments[3],
                        Integer.parseInt(arguments[4]));
        Run earlier = arguments.length > 5 ? Run.read(Path.of(arguments[5])) : null;
        String files = arguments[2];
        run.write(Path.of(files + ".json"));
        Files.writeString(
                Path.of(files + ".md"),
                head(run, earlier) + Aims.table(run, earlier) + "\n" + table(run, earlier));
        Files.writeString(Path.of(files + "-chain-length.svg"), chainLength(run));
        Files.writeString(Path.of(files + "-latency.svg"), latency(run));
    }

    private static String head(Run run, Run earlier) {
        return run.tell()
                + (earlier == null ? "" : "\nThe earlier run, " + earlier.tell())
                + "\n\n";
    }

    private static String table(Run run, Run earlier) {
        StringBuilder text = new StringBuilder("| | | mean (least to most) | unit | samples |");
        text.append(" bytes | speed to its peer's |");
        if (earlier != null) {
            text.append(" earlier run | to its peer's | this to the earlier |");
        }
        text.append("\n|---|---|---|---|---|---|---|");
        text.append(earlier == null ? "" : "---|---|---|").append('\n');
        Map<String, Figure> now = run.byKey();
        Map<String, Figure> before = earlier == null ? Map.of() : earlier.byKey();
        for (Figure figure : run.figures()) {
            if (SHOWN.contains(figure.parameters().getOrDefault(PERCENTILE, SHOWN.get(0)))) {
                row(text, figure, now);
                if (earlier != null) {
                    besides(text, figure, before);
                }
                text.append('\n');
            }
        }
        return text.toString();
    }

    private static void row(StringBuilder text, Figure figure, Map<String, Figure> now) {
        String unit = figure.unit().equals("ops/s") ? "M/s" : figure.unit();
        String bytes =
                figure.bytes() == null ? "" : String.format(Locale.ROOT, "%,.0f", figure.bytes());
        text.append("| ").append(figure.name());
        text.append(" | ").append(String.join(" ", figure.parameters().values()));
        text.append(" | ").append(score(figure));
        text.append(" | ").append(unit).append(figure.note().isEmpty() ? "" : "; " + figure.note());
        text.append(" | ").append(figure.samples());
        text.append(" | ").append(bytes);
        text.append(" | ").append(toPeer(figure, now)).append(" |");
    }

    private static void besides(StringBuilder text, Figure figure, Map<String, Figure> before) {
        Figure earlier = before.get(figure.key());
        if (earlier == null) {
            text.append(" not measured | | |");
            return;
        }
        text.append(' ').append(score(earlier));
        text.append(" | ").append(toPeer(earlier, before));
        text.append(" | ").append(ratio(figure.speed() / earlier.speed())).append(" |");
    }

    private static String score(Figure figure) {
        double by = figure.unit().equals("ops/s") ? 1e6 : 1;
        return number(figure.score() / by)
                + " ("
                + number(figure.least() / by)
                + " to "
                + number(figure.most() / by)
                + ")";
    }

    private static String toPeer(Figure figure, Map<String, Figure> run) {
        Figure peer = run.get(peerKey(figure));
        return peer == null || peer.equals(figure) ? "" : ratio(figure.speed() / peer.speed());
    }

    private static String peerKey(Figure figure) {
        if (figure.name().equals(CHAIN)) {
            Map<String, String> calls = new TreeMap<>(figure.parameters());
            calls.put(PEER, "CALLS");
            return CHAIN + calls;
        }
        return PEERS.getOrDefault(figure.name(), figure.name()) + figure.parameters();
    }

    private static String number(double value) {
        return String.format(
                Locale.ROOT, value < 10 ? "%.2f" : value < 1000 ? "%.1f" : "%,.0f", value);
    }

    /** A ratio in as many digits as it is worth. */
    static String ratio(double value) {
        String format = value < 0.1 ? "%.4f" : value < 10 ? "%.2f" : value < 100 ? "%.1f" : "%,.0f";
        return String.format(Locale.ROOT, format, value);
    }

    /** Faults a second against the number of handlers, both on logarithmic scales. */
    private static String chainLength(Run run) {
        Map<String, List<LineChart.Point>> lines = new TreeMap<>();
        for (Figure figure : run.figures()) {
            if (figure.name().equals(CHAIN)) {
                int handlers = Integer.parseInt(figure.parameters().get(HANDLERS));
                add(lines, figure.parameters().get(PEER), length(handlers), 1e9 * figure.speed());
            }
        }
        LineChart chart =
                new LineChart(
                        "faults a second by number of handlers, one thread",
                        4,
                        9,
                        power -> "10^" + power);
        for (int handlers : new int[] {1, 3, 8}) {
            chart.mark(length(handlers), Integer.toString(handlers));
        }
        lines.forEach((peer, points) -> chart.line(peer, false, points));
        return chart.svg();
    }

    private static double length(int handlers) {
        return Math.log(handlers) / Math.log(8);
    }

    /** How long a page request waits, by percentile; dashed what the machine does by itself. */
    private static String latency(Run run) {
        Map<String, List<LineChart.Point>> platform = new TreeMap<>();
        Map<String, List<LineChart.Point>> noPlatform = new TreeMap<>();
        LineChart chart =
                new LineChart(
                        "microseconds from a page request to its response at half load, by"
                                + " percentile; dashed: no platform",
                        -2,
                        6,
                        power ->
                                String.format(
                                        Locale.ROOT,
                                        power < 0 ? "%.2f" : "%,.0f",
                                        Math.pow(10, power)));
        for (Figure figure : run.figures()) {
            String percentile = figure.parameters().get(PERCENTILE);
            if (figure.name().startsWith(LATENCY) && percentile != null) {
                boolean ours = figure.name().endsWith(".platform");
                double at = depth(percentile);
                String way = figure.parameters().get("way");
                add(ours ? platform : noPlatform, way, at, figure.score());
            }
        }
        for (String percentile : List.of("50", "90", "99", "99.9", "99.99")) {
            chart.mark(depth(percentile), percentile + " %");
        }
        platform.forEach((way, points) -> chart.line(way, false, points));
        noPlatform.forEach((way, points) -> chart.line("beside " + way, true, points));
        return chart.svg();
    }

    /** Each nine as far as the one before. */
    private static double depth(String percentile) {
        double rest = 1 - Double.parseDouble(percentile) / 100;
        return Math.log(0.5 / rest) / Math.log(0.5 / 1e-4);
    }

    private static void add(
            Map<String, List<LineChart.Point>> lines, String name, double part, double value) {
        lines.computeIfAbsent(name, any -> new ArrayList<>()).add(new LineChart.Point(part, value));
    }
}
