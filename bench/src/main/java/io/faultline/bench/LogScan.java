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
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * {@code faultline decode} beside {@code grep -c} and {@code grep -cE} on the same generated log,
 * each a process of its own, start included, in turns. Not a JMH benchmark: what is measured is
 * what a user waits for.
 *
 * <pre>java -cp bench/target/classes io.faultline.bench.LogScan [MB] [ROUNDS]</pre>
 *
 * <p>To be run in the root of a workspace that has been built. grep only counts the lines; decode
 * also reads them and writes JSON.
 */
public final class LogScan {
    private static final int DEFAULT_MEGABYTES = 500;
    private static final int DEFAULT_ROUNDS = 7;
    static final int BYTES_PER_MEGABYTE = 1_000_000;

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
        for (int every : new int[] {1000, 2}) {
            Path log = Files.createTempFile("faultline-scan", ".log");
            try {
                write(log, (long) megabytes * BYTES_PER_MEGABYTE, every);
                compare(log, rounds, "one fault line in " + every);
            } finally {
                Files.delete(log);
            }
        }
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

    private static void compare(Path log, int rounds, String what)
            throws IOException, InterruptedException {
        String file = log.toString();
        List<List<String>> programs =
                List.of(
                        List.of("grep", "-c", "equest device \\[", file),
                        List.of("grep", "-cE", LITERALS, file),
                        List.of("./faultline", "decode", "--format", "json", file));
        List<double[]> seconds = new ArrayList<>();
        for (List<String> program : programs) {
            run(program); // the page cache, and the archive of classes that the first run makes
            seconds.add(new double[rounds]);
        }
        for (int round = 0; round < rounds; round++) {
            for (int i = 0; i < programs.size(); i++) {
                seconds.get(i)[round] = run(programs.get(i));
            }
        }
        print(what, Files.size(log), programs, seconds);
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

    private static void print(
            String what, long bytes, List<List<String>> programs, List<double[]> seconds) {
        System.out.printf(Locale.ROOT, "%n%s, %d MB%n", what, bytes / BYTES_PER_MEGABYTE);
        System.out.printf("%-18s %8s %17s %12s%n", "", "MB/s", "(least to most)", "to grep -cE");
        double peer = megabytesPerSecond(bytes, median(seconds.get(1)));
        for (int i = 0; i < programs.size(); i++) {
            double[] sorted = seconds.get(i).clone();
            Arrays.sort(sorted);
            double middle = megabytesPerSecond(bytes, median(sorted));
            System.out.printf(
                    Locale.ROOT,
                    "%-18s %8.0f %8.0f to %5.0f %12.2f%n",
                    String.join(" ", programs.get(i).subList(0, 2)),
                    middle,
                    megabytesPerSecond(bytes, sorted[sorted.length - 1]),
                    megabytesPerSecond(bytes, sorted[0]),
                    middle / peer);
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

    private static double megabytesPerSecond(long bytes, double seconds) {
        return bytes / seconds / BYTES_PER_MEGABYTE;
    }
}
