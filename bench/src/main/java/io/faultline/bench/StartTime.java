package io.faultline.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * How long {@code faultline decode} of a small log takes from the shell, beside a Java program of
 * the same options that does nothing, in turns: what is left to gain is at most the difference.
 *
 * <pre>java -cp 'bench/target/*:bench/target/lib/*' io.faultline.bench.StartTime [ROUNDS]</pre>
 *
 * <p>To be run in the root of a workspace that has been built.
 */
public final class StartTime {
    private static final int DEFAULT_ROUNDS = 21;
    private static final int WARM_UPS = 2;

    /** Some 20 lines. */
    private static final int BYTES = 2000;

    private StartTime() {}

    /** A program that does nothing. */
    public static final class Nothing {
        private Nothing() {}

        /**
         * Does nothing.
         *
         * @param arguments unused
         */
        public static void main(String[] arguments) {}
    }

    /**
     * Measures, and prints a line for each.
     *
     * @param arguments how often
     * @throws IOException if a program cannot be started or a file not be written
     * @throws InterruptedException if the run is stopped
     */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : DEFAULT_ROUNDS;
        Path log = Files.createTempFile("faultline-start", ".log");
        try {
            LogScan.write(log, BYTES, 10);
            measure(List.of("./faultline", "decode", log.toString()), nothing(), rounds);
        } finally {
            Files.delete(log);
        }
    }

    private static void measure(List<String> decode, List<String> nothing, int rounds)
            throws IOException, InterruptedException {
        for (int i = 0; i < WARM_UPS; i++) { // the page cache, the archive of classes
            LogScan.run(decode);
            LogScan.run(nothing);
        }
        double[] decodeMillis = new double[rounds];
        double[] nothingMillis = new double[rounds];
        for (int i = 0; i < rounds; i++) {
            decodeMillis[i] = 1e3 * LogScan.run(decode);
            nothingMillis[i] = 1e3 * LogScan.run(nothing);
        }
        List<Figure> figures = new ArrayList<>();
        figures.add(Figure.ofRounds("StartTime.decode", Map.of(), "ms", decodeMillis));
        figures.add(Figure.ofRounds("StartTime.nothing", Map.of(), "ms", nothingMillis));
        for (Figure figure : figures) {
            System.out.printf(
                    Locale.ROOT,
                    "%-18s %5.0f ms (%.0f to %.0f), %d rounds%n",
                    figure.name(),
                    figure.score(),
                    figure.least(),
                    figure.most(),
                    rounds);
        }
        Figures.save(figures);
    }

    private static List<String> nothing() {
        CodeSource here = Nothing.class.getProtectionDomain().getCodeSource();
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                Path.of(here.getLocation().getPath()).toString(),
                Nothing.class.getName());
    }
}
