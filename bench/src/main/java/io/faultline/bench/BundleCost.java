package io.faultline.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What {@code faultline decode} costs with all architectures that ship, beside the same program
 * with two of them (VT-d and SMMUv3): in pairs, each a process of its own, start included, the
 * order of a pair changing from round to round, so that whatever else the machine does meets both
 * alike.
 *
 * <pre>java -cp 'bench/target/*:bench/target/lib/*' io.faultline.bench.BundleCost [MB] [ROUNDS]
 * </pre>
 *
 * <p>To be run in the root of a workspace that has been built. Of each pair the ratio is taken;
 * told are the median of the ratios and the interval in which it lies with 95 % (bootstrap). Three
 * logs: one without a fault line is what the scanner costs, one with a line in 1,000 what {@code
 * decode} costs, 20 lines what the start costs.
 */
public final class BundleCost {
    private static final int DEFAULT_MEGABYTES = 500;
    private static final int DEFAULT_ROUNDS = 40;
    private static final int SHORT_BYTES = 2000;
    private static final int WARM_UPS = 2;

    /** How the jars of the two begin. */
    private static final Set<String> TWO = Set.of("vtd", "smmuv3");

    private BundleCost() {}

    /**
     * Measures, and prints a line for each log.
     *
     * @param arguments the size in megabytes, and the number of pairs
     * @throws Exception if a program cannot be started or a file not be written, or the run is
     *     stopped
     */
    public static void main(String[] arguments) throws Exception {
        int megabytes = arguments.length > 0 ? Integer.parseInt(arguments[0]) : DEFAULT_MEGABYTES;
        int rounds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : DEFAULT_ROUNDS;
        long bytes = (long) megabytes * LogScan.BYTES_PER_MEGABYTE;
        Path folder = Files.createTempDirectory("faultline-bundles");
        try {
            Path all = copy(folder.resolve("all"), false);
            Path two = copy(folder.resolve("two"), true);
            System.out.printf("%d bundles beside %d%n", bundles(all), bundles(two));
            compare("no fault line", log(folder, bytes, 0), all, two, rounds);
            compare("one line in 1,000", log(folder, bytes, 1000), all, two, rounds);
            compare("20 lines", log(folder, SHORT_BYTES, 10), all, two, rounds);
        } finally {
            delete(folder);
        }
    }

    private static Path log(Path folder, long bytes, int every) throws IOException {
        Path log = folder.resolve("every-" + every + ".log");
        LogScan.write(log, bytes, every);
        return log;
    }

    /** A distribution of its own, so that each has its own archive of classes. */
    private static Path copy(Path to, boolean onlyTwo) throws IOException {
        Path from = Path.of("dist", "target", "dist");
        List<Path> files;
        try (Stream<Path> tree = Files.walk(from)) {
            files = tree.filter(Files::isRegularFile).toList();
        }
        for (Path file : files) {
            if (!onlyTwo || !isArch(file) || TWO.contains(arch(file))) {
                Path copy = to.resolve(file);
                Files.createDirectories(copy.getParent());
                Files.copy(file, copy);
            }
        }
        Path program = to.resolve("faultline");
        Files.copy(Path.of("faultline"), program);
        if (!program.toFile().setExecutable(true)) {
            throw new IOException(program + " cannot be made executable");
        }
        return to;
    }

    private static boolean isArch(Path file) {
        return file.getParent().endsWith(Path.of("bundles", "3"));
    }

    /** A jar is called io.faultline.NAME, or NAME-bundle, and its version. */
    private static String arch(Path jar) {
        return jar.getFileName().toString().replaceFirst("^io\\.faultline\\.", "").split("-", 2)[0];
    }

    private static long bundles(Path distribution) throws IOException {
        try (Stream<Path> jars =
                Files.list(
                        distribution.resolve(Path.of("dist", "target", "dist", "bundles", "3")))) {
            return jars.count();
        }
    }

    private static void compare(String what, Path log, Path all, Path two, int rounds)
            throws Exception {
        for (int i = 0; i < WARM_UPS; i++) { // the page cache, the archive of classes
            seconds(all, log);
            seconds(two, log);
        }
        Pairs pairs = new Pairs(rounds).measure(() -> seconds(all, log), () -> seconds(two, log));
        System.out.println(pairs.tell(what, "all", "two"));
    }

    private static double seconds(Path distribution, Path log) throws Exception {
        return LogScan.run(
                List.of(
                        distribution.resolve("faultline").toString(),
                        "decode",
                        "--format",
                        "json",
                        log.toString()));
    }

    private static void delete(Path folder) throws IOException {
        List<Path> files = new ArrayList<>();
        try (Stream<Path> tree = Files.walk(folder)) {
            tree.forEach(files::add);
        }
        for (int i = files.size() - 1; i >= 0; i--) {
            Files.delete(files.get(i));
        }
    }
}
