package io.faultline.bench;

import java.util.Arrays;
import java.util.Map;

/**
 * One measured figure.
 *
 * @param name the class and what of it was measured, for example {@code LogScan.decode}
 * @param parameters with what, by name
 * @param score the mean that JMH gives, or the median of a program's rounds
 * @param least of all samples
 * @param most of all samples
 * @param unit what it is measured in: {@code ns/op}, {@code us} and {@code ms} are times, all else
 *     is a speed
 * @param samples how many samples, and of what length where that is known
 * @param bytes allocated for one operation; null if that was not measured
 * @param note what else has to be said; empty if nothing
 */
public record Figure(
        String name,
        Map<String, String> parameters,
        double score,
        double least,
        double most,
        String unit,
        String samples,
        Double bytes,
        String note) {

    /**
     * The median of some rounds.
     *
     * @param name what was measured
     * @param parameters with what
     * @param unit in what
     * @param rounds a value for each round; not changed
     * @return the figure
     */
    public static Figure ofRounds(
            String name, Map<String, String> parameters, String unit, double... rounds) {
        return new Figure(
                name,
                parameters,
                LogScan.median(rounds),
                Arrays.stream(rounds).min().orElseThrow(),
                Arrays.stream(rounds).max().orElseThrow(),
                unit,
                Integer.toString(rounds.length),
                null,
                "");
    }

    /** What grows as things get faster, whatever it was measured in. */
    double speed() {
        return isTime() ? 1 / score : score;
    }

    private boolean isTime() {
        return switch (unit) {
            case "ns/op", "us", "ms" -> true;
            default -> false;
        };
    }

    /** What tells this figure from all others of its run. */
    String key() {
        return name + parameters;
    }
}
