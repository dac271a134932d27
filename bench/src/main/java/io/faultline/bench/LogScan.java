package io.faultline.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * {@code faultline decode} beside {@code grep -c} and {@code grep -cE} on the same generated log,
 * each a process of its own, start included, in turns. Not a JMH benchmark: what is measured is
 * what a user waits for.
 *
 * <pre>java -cp 'bench/target/*:bench/target/lib/*' io.faultline.bench.LogScan [MB] [ROUNDS]</pre>
 *
 * <p>To be run in the root of a workspace that has been built. grep only counts the lines; decode
 * also reads them and writes JSON.
 */
public final class LogScan {
    private static final int DEFAULT_MEGABYTES = 500;
    private static final int DEFAULT_ROUNDS = 7;
    static final int BYTES_PER_MEGABYTE = 1_000_000;

    /** What others are compared with: {@code grep -cE}. */
    private static final String PEER = "LogScan.grepRegex";

    /** What the decoders of VT-d and SMMUv3 look for, near enough. */
    private static final String LITERALS =
            "DMAR|DRHD: handling|INTR-REMAP|equest device \\[|\\[fault reason|callbacks suppressed"
                    + "|arm-smmu-v3|event 0x|PRIQ overflow|EVTQ overflow";

    private static final String FAULT =
            "DMAR: [DMA Read NO_PASID] Request device [%02x:%02x.%d] fault addr 0x%x000 [fault"
                    + " reason 0x06] PTE Read access is not set";

    private static final List<String> ORDINARY =
            List.of(
                    "pci 0000:%02x:%02x.%d: BAR 4: assigned [mem 0x%x000-0x9fffffff 64bit pref]",
                    "usb %d-%d: new high-speed USB device number %d using xhci_hcd",
                    "audit: type=1400 audit(%d.%d:%d): apparmor=\"STATUS\" operation=\"load\"",
                    "EXT4-fs (sda%d): mounted filesystem with ordered data mode. Quota mode: none.",
                    "systemd[1]: Started Journal Service %d of %d, after %d ms.",
                    "nvme nvme%d: %d/%d/%d default/read/poll queues",
                    "BIOS-e820: [mem 0x%016x-0x%016x] usable",
                    "clocksource: tsc: mask: 0xffffffffffffffff max_cycles: 0x%x, max_idle_ns: %d ns",
                    "e1000e 0000:%02x:%02x.%d eno1: NIC Link is Up 1000 Mbps Full Duplex",
                    "IPv6: ADDRCONF(NETDEV_CHANGE): wlp%ds%d: link becomes ready");

    private LogScan() {}

    /**
     * Generates two logs, measures, and prints a line for each program.
     *
     * @param arguments the size in megabytes, and how often each program runs
     * @throws IOException if a program cannot be started or a log not be written
     * @throws InterruptedException if the run is stopped
     */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        int megabytes = arguments.length > 0 ? Integer.parseInt(arguments[0]) : DEFAULT_MEGABYTES;
        int rounds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : DEFAULT_ROUNDS;
        List<Figure> figures = new ArrayList<>();
        for (int every : new int[] {1000, 2}) {
            Path log = Files.createTempFile("faultline-scan", ".log");
            try {
                write(log, (long) megabytes * BYTES_PER_MEGABYTE, every);
                figures.addAll(
                        compare(
                                log,
                                rounds,
                                String.format(
                                        Locale.ROOT,
                                        "faults one in %,d, %d MB",
                                        every,
                                        megabytes)));
            } finally {
                Files.delete(log);
            }
        }
        Figures.save(figures);
    }

    /**
     * Writes a log.
     *
     * @param log where
     * @param size in bytes, about
     * @param every one line in so many tells a fault; 0: none
     * @throws IOException if it cannot be written
     */
    public static void write(Path log, long size, int every) throws IOException {
        Random random = new Random(every);
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(log), 1 << 20)) {
            long written = 0;
            for (long line = 1; written < size; line++) {
                String format =
                        every > 0 && line % every == 0
                                ? FAULT
                                : ORDINARY.get(random.nextInt(ORDINARY.size()));
                byte[] bytes = line(line, format, random).getBytes(US_ASCII);
                out.write(bytes);
                written += bytes.length;
            }
        }
    }

    private static String line(long number, String format, Random random) {
        String text =
                String.format(
                        Locale.ROOT,
                        format,
                        random.nextInt(0x80),
                        random.nextInt(0x20),
                        random.nextInt(8),
                        random.nextInt(1 << 30));
        return String.format(Locale.ROOT, "[%12.6f] %s%n", number / 1000.0, text);
    }

    private static List<Figure> compare(Path log, int rounds, String what)
            throws IOException, InterruptedException {
        String file = log.toString();
        Map<String, List<String>> programs = new LinkedHashMap<>();
        programs.put("LogScan.grepLiteral", List.of("grep", "-c", "equest device \\[", file));
        programs.put(PEER, List.of("grep", "-cE", LITERALS, file));
        programs.put("LogScan.decode", List.of("./faultline", "decode", "--format", "json", file));
        Map<String, double[]> speeds = new LinkedHashMap<>();
        for (Map.Entry<String, List<String>> program : programs.entrySet()) {
            run(program.getValue()); // the page cache, and the archive that the first run makes
            speeds.put(program.getKey(), new double[rounds]);
        }
        double megabytes = Files.size(log) / (double) BYTES_PER_MEGABYTE;
        for (int round = 0; round < rounds; round++) {
            for (Map.Entry<String, List<String>> program : programs.entrySet()) {
                speeds.get(program.getKey())[round] = megabytes / run(program.getValue());
            }
        }
        List<Figure> figures = new ArrayList<>();
        speeds.forEach(
                (name, values) ->
                        figures.add(Figure.ofRounds(name, Map.of("log", what), "MB/s", values)));
        print(what, figures, median(speeds.get(PEER)));
        return figures;
    }

    /**
     * What a user waits, in seconds. grep would stop at the first line if nobody took its output.
     */
    static double run(List<String> program) throws IOException, InterruptedException {
        Path output = Files.createTempFile("faultline-scan", ".out");
        try {
            return run(program, output);
        } finally {
            Files.delete(output);
        }
    }

    private static double run(List<String> program, Path output)
            throws IOException, InterruptedException {
        long start = System.nanoTime();
        Process process =
                new ProcessBuilder(program)
                        .redirectOutput(output.toFile())
                        .redirectError(Redirect.INHERIT)
                        .start();
        int exit = process.waitFor();
        long nanos = System.nanoTime() - start;
        if (exit != 0) {
            throw new IOException(String.join(" ", program) + ": exit code " + exit);
        }
        return nanos / (double) TimeUnit.SECONDS.toNanos(1);
    }

    private static void print(String what, List<Figure> figures, double peer) {
        System.out.printf("%n%s%n", what);
        System.out.printf("%-20s %8s %17s %12s%n", "", "MB/s", "(least to most)", "to grep -cE");
        for (Figure figure : figures) {
            System.out.printf(
                    Locale.ROOT,
                    "%-20s %8.0f %8.0f to %5.0f %12.2f%n",
                    figure.name(),
                    figure.score(),
                    figure.least(),
                    figure.most(),
                    figure.score() / peer);
        }
    }

    /**
     * The middle one; of an even number the greater of both.
     *
     * @param values at least one, in any order; not changed
     * @return the median
     */
    public static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
