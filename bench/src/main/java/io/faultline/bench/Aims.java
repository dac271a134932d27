package io.faultline.bench;

import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** What is to be reached, beside what was. */
final class Aims {
    private static final double TWO_LANES = 1.9;

    /** What two lanes may lose of what two counters reach. */
    private static final double OF_COUNTERS = 0.95;

    /** The bytes of other threads, spread over all faults, are no allocation for each. */
    private static final double ONE_OBJECT = 1.01;

    private static final List<Aim> ALL =
            List.of(
                    atLeast("three handlers: speed to three hand-written calls", 1.2, chain("")),
                    atLeast("the same with a device table", 0.8, chain("_DEVICES")),
                    atLeast(
                            "three handlers: speed to EventAdmin's `sendEvent`, Timeout=0",
                            50,
                            run -> run.to(way("FAULTLINE"), way("EVENT_ADMIN_SEND"))),
                    new Aim(
                            "bytes allocated from a record to its outcome, in objects (the worst"
                                    + " kind)",
                            false,
                            run -> ONE_OBJECT,
                            Aims::objects),
                    atLeast(
                            "from a record to its outcome: speed to hand-written calls on the same"
                                    + " decode (the worst of SMMUv3 and VT-d)",
                            1,
                            Aims::worstRecord),
                    new Aim(
                            "two lanes: speed to one (or two counters' less 5 %)",
                            true,
                            Aims::twoLanes,
                            run -> run.to("LanesBench.twoLanes{}", "LanesBench.oneLane{}")),
                    atLeast(
                            "page requests inline, million groups a second, one lane",
                            10,
                            run -> run.score("PageRequestBench.inlineOneLane{}") / 1e6),
                    atLeast("`decode` of few faults: speed to `grep -cE`", 1, scan("1,000")),
                    atLeast("`decode` of a log half of faults: the same", 1, scan("2")),
                    new Aim(
                            "`decode` of a small log, ms",
                            false,
                            run -> 400,
                            run -> run.score("StartTime.decode{}")));

    private Aims() {}

    /** One aim: its bar hangs on the machine at times, which is why it is asked for, too. */
    private record Aim(
            String what,
            boolean atLeast,
            ToDoubleFunction<Scores> bar,
            ToDoubleFunction<Scores> measured) {
        boolean isReached(Scores run) {
            double value = measured.applyAsDouble(run);
            double bound = bar.applyAsDouble(run);
            return atLeast ? value >= bound : value <= bound; // false if there is no figure
        }
    }

    /** The figures of one run; what was not measured is no number. */
    private record Scores(Map<String, Figure> byKey) {
        double score(String key) {
            Figure figure = byKey.get(key);
            return figure == null ? Double.NaN : figure.score();
        }

        double bytes(String key) {
            Figure figure = byKey.get(key);
            return figure == null || figure.bytes() == null ? Double.NaN : figure.bytes();
        }

        /** The speed of one divided by that of the other. */
        double to(String key, String peer) {
            Figure figure = byKey.get(key);
            Figure other = byKey.get(peer);
            return figure == null || other == null ? Double.NaN : figure.speed() / other.speed();
        }
    }

    /** A table of all, with the figures of an earlier run if there is one. */
    static String table(Run run, Run earlier) {
        Scores now = new Scores(run.byKey());
        Scores before = earlier == null ? null : new Scores(earlier.byKey());
        StringBuilder text =
                new StringBuilder("| aim | bar | measured |")
                        .append(before == null ? "" : " earlier run |")
                        .append(" reached |\n|---|---|---|---|")
                        .append(before == null ? "\n" : "---|\n");
        for (Aim aim : ALL) {
            text.append("| ").append(aim.what).append(" | ").append(aim.atLeast ? "≥ " : "≤ ");
            text.append(Report.ratio(aim.bar.applyAsDouble(now))).append(" | ");
            text.append(value(aim, now)).append(" | ");
            boolean reached = aim.isReached(now);
            if (before != null) {
                text.append(value(aim, before)).append(" | ");
                reached &= aim.isReached(before);
            }
            text.append(reached ? "yes" : "no").append(" |\n");
        }
        return text.toString();
    }

    private static String value(Aim aim, Scores run) {
        double value = aim.measured.applyAsDouble(run);
        return Double.isNaN(value) ? "not measured" : Report.ratio(value);
    }

    private static Aim atLeast(String what, double bar, ToDoubleFunction<Scores> measured) {
        return new Aim(what, true, run -> bar, measured);
    }

    private static ToDoubleFunction<Scores> chain(String variant) {
        return run -> run.to(way("FAULTLINE" + variant), way("CALLS"));
    }

    private static String way(String peer) {
        return "ChainBench.chain{handlers=3, peer=" + peer + "}";
    }

    private static ToDoubleFunction<Scores> scan(String every) {
        return run ->
                run.byKey.keySet().stream()
                        .filter(key -> key.startsWith("LogScan.decode{"))
                        .filter(key -> key.contains("one in " + every + ","))
                        .mapToDouble(key -> run.to(key, key.replace("decode", "grepRegex")))
                        .min()
                        .orElse(Double.NaN);
    }

    private static double objects(Scores run) {
        return run.byKey.keySet().stream()
                .filter(key -> key.startsWith("RecordBench.lane{"))
                .mapToDouble(key -> run.bytes(key) / run.bytes(key.replace("lane", "decode")))
                .max()
                .orElse(Double.NaN);
    }

    private static double worstRecord(Scores run) {
        return run.byKey.keySet().stream()
                .filter(
                        key ->
                                key.startsWith("RecordBench.lane{kind=SMMUV3")
                                        || key.startsWith("RecordBench.lane{kind=VTD"))
                .mapToDouble(key -> run.to(key, key.replace("lane", "calls")))
                .min()
                .orElse(Double.NaN);
    }

    private static double twoLanes(Scores run) {
        double counters = run.to("LanesBench.twoCounters{}", "LanesBench.oneCounter{}");
        return Math.min(TWO_LANES, OF_COUNTERS * counters);
    }
}
