package io.faultline.qemu.internal;

import io.faultline.bench.LogScan;
import io.faultline.dispatcher.internal.Dispatcher;
import io.faultline.dispatcher.internal.Settings;
import io.faultline.dispatcher.internal.Source;
import io.faultline.fault.Access;
import io.faultline.fault.Fault;
import io.faultline.fault.Response;
import io.faultline.handler.FaultContext;
import io.faultline.handler.FaultHandler;
import io.faultline.handler.Handles;
import io.faultline.handler.Verdict;
import io.faultline.hardware.Decodes;
import io.faultline.hardware.HardwareUnit;
import io.faultline.smmuv3.internal.EventDecoder;
import io.faultline.smmuv3.internal.LiveSmmu;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.ToDoubleFunction;

/**
 * A live SMMUv3, QEMU's, driven by the platform and by a plain script in Python ({@code
 * bench/src/main/python/live_smmu.py}): in turns, on the same process of the emulator, the order
 * changing from round to round. Both make its devices fault through the same socket, read the
 * records from the same queue in memory, decode them, give each to a handler that checks it, and
 * move CONS. The time runs from the trigger until the handler was given the last fault.
 *
 * <pre>java -cp 'bench/target/*:bench/target/lib/*' io.faultline.qemu.internal.LiveBench [ROUNDS]
 * </pre>
 *
 * <p>To be run in the root of a workspace that has been built; needs {@code qemu-system-aarch64}
 * and {@code python3}. Four kinds: one write of a device after the other; one after a pause; a
 * burst of writes, each told to the device by two commands; a burst that one register write sets
 * off.
 */
public final class LiveBench {
    private static final int DEFAULT_ROUNDS = 12;
    private static final int WARM_UPS = 2;
    private static final int SINGLES = 2000;
    private static final int LONE = 200;

    /** Before each of these: the unit lies idle, and is waiting for an interrupt. */
    private static final int PAUSE_MILLIS = 2;

    private static final int BURSTS = 40;
    private static final int SIZE = 256;
    private static final int SIZE_OF_STORM = 256;

    private static final long GERROR = 0x0905_0060L;
    private static final int WRITER = 0x28;
    private static final int STORM = 0x38;
    private static final long WRITER_BAR = 0x1020_0000L;
    private static final long STORM_PORT = 0x1040_0100L;
    private static final int RAISE = 0x60;
    private static final int START = 0x18;
    private static final int MESSAGE_ADDRESS = 4;
    private static final int MESSAGE_UPPER = 8;
    private static final int CAPABILITIES = 0x34;
    private static final Duration LIMIT = Duration.ofMinutes(30);

    /** As long as an emulator may take to come up, a script, a fault. */
    private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(30);

    private static final List<String> KINDS = List.of("one", "lone", "told", "storm");

    private final VirtMachine machine = new VirtMachine();
    private final Path socket;
    private final Path ramFile;
    private final GuestRam ram;

    private LiveBench(Path folder) throws IOException {
        this.socket = folder.resolve("qtest");
        this.ramFile = folder.resolve("ram");
        this.ram = new GuestRam(ramFile, machine.ramBase());
    }

    /**
     * Measures, and prints a table.
     *
     * @param arguments the number of rounds
     * @throws IOException if a program cannot be started, or says what it should not
     * @throws InterruptedException if the run is stopped
     */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : DEFAULT_ROUNDS;
        Path folder = Files.createTempDirectory("faultline-live");
        LiveBench bench = new LiveBench(folder);
        try {
            bench.run(rounds);
        } finally {
            Files.deleteIfExists(bench.socket);
            Files.deleteIfExists(bench.ramFile);
            Files.deleteIfExists(folder);
        }
    }

    private void run(int rounds) throws IOException, InterruptedException {
        Emulator emulator = Emulator.start("bench", command(), LIMIT, LiveBench::refuse);
        try {
            for (int i = 0; i < WARM_UPS; i++) {
                ours();
                script();
            }
            List<List<long[]>> platform = new ArrayList<>();
            List<List<long[]>> plain = new ArrayList<>();
            for (int round = 0; round < rounds; round++) {
                if (round % 2 == 0) {
                    platform.add(ours());
                    plain.add(script());
                } else {
                    plain.add(script());
                    platform.add(ours());
                }
            }
            print(platform, plain);
        } finally {
            emulator.stop();
        }
    }

    private List<String> command() {
        String memory = "memory-backend-file,id=ram,size=%dM,mem-path=%s,share=on";
        List<String> command = new ArrayList<>(List.of(machine.program(), "-S"));
        command.addAll(machine.arguments(machine.program()));
        command.addAll(List.of("-m", "" + GuestRam.MEGABYTES, "-nodefaults", "-display", "none"));
        command.addAll(List.of("-object", memory.formatted(GuestRam.MEGABYTES, ramFile)));
        command.addAll(List.of("-qtest", "unix:" + socket + ",server=on,wait=off"));
        command.addAll(List.of("-qtest-log", "/dev/null"));
        return command;
    }

    /** Nothing is to be said: no loss, no error, no defect. */
    private static void refuse(String message) {
        throw new IllegalStateException(message);
    }

    // --- the plain script

    private List<long[]> script() throws IOException, InterruptedException {
        Process process =
                new ProcessBuilder(
                                "python3",
                                "bench/src/main/python/live_smmu.py",
                                socket.toString(),
                                ramFile.toString(),
                                "0x" + Long.toHexString(machine.ramBase()),
                                "" + SINGLES,
                                "" + LONE,
                                "" + PAUSE_MILLIS,
                                "" + BURSTS,
                                "" + SIZE)
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        List<long[]> times = new ArrayList<>();
        try (BufferedReader out = process.inputReader()) {
            for (String kind : KINDS) {
                String line = out.readLine();
                if (line == null || !line.startsWith(kind + " ")) {
                    throw new IOException("the script says " + line + ", not " + kind);
                }
                times.add(
                        Arrays.stream(line.substring(kind.length() + 1).split(" ", -1))
                                .mapToLong(Long::parseLong)
                                .toArray());
            }
        }
        if (process.waitFor() != 0) {
            throw new IOException("the script ended with " + process.exitValue());
        }
        return times;
    }

    // --- the platform

    private List<long[]> ours() throws IOException {
        QemuWindow window =
                new QemuWindow(
                        machine.arch(),
                        "bench",
                        machine.registers(),
                        machine.interruptLines(),
                        ram,
                        machine.quirks());
        try (Qtest qtest = new Qtest("bench", open(), LIMIT_NANOS, window::raised, why -> {})) {
            window.connect(qtest);
            qtest.interceptInterrupts(machine.interruptController());
            machine.setUp(qtest, ram);
            long bar = machine.bars();
            for (Slot slot : machine.slots()) {
                slot.open(machine.pci(qtest), qtest, bar);
                bar += 0x10_0000;
            }
            HardwareUnit unit = LiveSmmu.drive(window, LiveBench::refuse);
            Checker checker = new Checker();
            Dispatcher dispatcher = dispatcher(checker);
            dispatcher.addUnit(unit, Source.named("bench", 3));
            List<long[]> times;
            try {
                times =
                        List.of(
                                singles(qtest, checker, SINGLES, 0),
                                singles(qtest, checker, LONE, PAUSE_MILLIS),
                                told(qtest, checker),
                                storms(qtest, checker));
            } finally {
                dispatcher.removeUnit(unit, Response.INVALID);
                dispatcher.close(Response.INVALID);
                LiveSmmu.close(unit);
            }
            if (qtest.read32(GERROR) != 0) {
                throw new IllegalStateException("GERROR: the queue has overflowed");
            }
            return times;
        }
    }

    private SocketChannel open() throws IOException {
        long since = System.nanoTime();
        while (!Files.exists(socket)) {
            if (System.nanoTime() - since > LIMIT_NANOS) {
                throw new IOException(machine.program() + " has not made " + socket);
            }
            LockSupport.parkNanos(1_000_000);
        }
        return SocketChannel.open(UnixDomainSocketAddress.of(socket));
    }

    private static Dispatcher dispatcher(FaultHandler handler) {
        Dispatcher dispatcher =
                Dispatcher.running(Settings.DEFAULTS, message -> refuse(message.toString()));
        dispatcher.addDecoder(
                new EventDecoder(),
                Source.named("decoder", 1),
                Map.of(Decodes.ARCH, "smmuv3", Decodes.QUEUE, "evtq"));
        dispatcher.addHandler(
                handler, Source.named("checker", 2), Map.of(Handles.KINDS, "unrecoverable"));
        return dispatcher;
    }

    private long[] singles(Qtest qtest, Checker checker, int count, int pauseMillis) {
        Pci pci = machine.pci(qtest);
        int msi = pci.read(WRITER, CAPABILITIES) & 0xff;
        pci.write(WRITER, msi + MESSAGE_UPPER, 0);
        long[] times = new long[count];
        for (int i = 0; i < count; i++) {
            int address = 0x100_0000 + i * 0x1000;
            pci.write(WRITER, msi + MESSAGE_ADDRESS, address);
            qtest.flush();
            pause(pauseMillis);
            checker.expect(WRITER, address, 0x1000, 1);
            long begin = System.nanoTime();
            qtest.write32(WRITER_BAR + RAISE, 1);
            qtest.flush(); // as the script does
            times[i] = checker.await() - begin;
            qtest.flush();
        }
        return times;
    }

    private static void pause(int millis) {
        long until = System.nanoTime() + millis * 1_000_000L;
        for (long left = until - System.nanoTime(); left > 0; left = until - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    private long[] told(Qtest qtest, Checker checker) {
        Pci pci = machine.pci(qtest);
        int msi = pci.read(WRITER, CAPABILITIES) & 0xff;
        long[] times = new long[BURSTS];
        for (int i = 0; i < BURSTS; i++) {
            int first = 0x2000_0000 + i * 0x10_0000;
            checker.expect(WRITER, first, 0x1000, SIZE);
            long begin = System.nanoTime();
            qtest.together(
                    () -> {
                        for (int k = 0; k < SIZE; k++) {
                            pci.write(WRITER, msi + MESSAGE_ADDRESS, first + k * 0x1000);
                            qtest.write32(WRITER_BAR + RAISE, 1);
                        }
                    });
            times[i] = checker.await() - begin;
            qtest.flush();
        }
        return times;
    }

    private static long[] storms(Qtest qtest, Checker checker) {
        qtest.write32(STORM_PORT + 4, 0);
        long[] times = new long[BURSTS];
        for (int i = 0; i < BURSTS; i++) {
            int first = 0x1000_0000 + i * 0x1000;
            checker.expect(STORM, first, 4, 1);
            qtest.write32(STORM_PORT, first);
            qtest.write32(STORM_PORT + START, 1);
            checker.await();
            qtest.flush();
            checker.expect(STORM, first, 4, SIZE_OF_STORM);
            long begin = System.nanoTime();
            qtest.write32(STORM_PORT + START, 0);
            times[i] = checker.await() - begin;
            qtest.flush();
        }
        return times;
    }

    /** Looks at each fault; tells when it was given the last one. */
    private static final class Checker implements FaultHandler {
        private int requester;
        private long first;
        private int step;
        private int count;
        private int seen;
        private final Thread waiting = Thread.currentThread();
        private volatile long doneNanos;
        private volatile String wrong;

        /** The lane sees this: the trigger, which leads to the fault, comes later. */
        void expect(int device, long address, int distance, int faults) {
            requester = device;
            first = address;
            step = distance;
            count = faults;
            seen = 0;
            doneNanos = 0;
        }

        @Override
        public Verdict handle(Fault fault, FaultContext context) {
            long expected = first + (long) step * seen;
            if (fault.requester() != requester
                    || fault.iova() != expected
                    || fault.code() != 0x10
                    || fault.access() != Access.WRITE
                    || seen == count) {
                wrong = fault + ", the one of 0x%x was expected".formatted(expected);
            } else if (++seen == count) {
                doneNanos = System.nanoTime();
                LockSupport.unpark(waiting);
            }
            return Verdict.HANDLED;
        }

        /** When the last one came. */
        long await() {
            long since = System.nanoTime();
            while (doneNanos == 0) {
                if (wrong != null || System.nanoTime() - since > LIMIT_NANOS) {
                    throw new IllegalStateException(wrong != null ? wrong : "faults are missing");
                }
                LockSupport.parkNanos(this, 10_000_000);
            }
            return doneNanos;
        }
    }

    // --- the table

    private static void print(List<List<long[]>> platform, List<List<long[]>> plain) {
        System.out.printf(
                "%-34s %12s %12s %8s  (%s)%n",
                "", "platform", "script", "ratio", "least to most of a round");
        line("one fault, p50 us", platform, plain, 0, times -> percentile(times, 50) / 1e3);
        line("one fault, p90 us", platform, plain, 0, times -> percentile(times, 90) / 1e3);
        line("one fault, p99 us", platform, plain, 0, times -> percentile(times, 99) / 1e3);
        line("one after a pause, p50 us", platform, plain, 1, times -> percentile(times, 50) / 1e3);
        line("one after a pause, p90 us", platform, plain, 1, times -> percentile(times, 90) / 1e3);
        line(
                "burst of " + SIZE + ", told one by one, faults/s",
                platform,
                plain,
                2,
                times -> SIZE * 1e9 / percentile(times, 50));
        line(
                "burst of " + SIZE_OF_STORM + ", told at once, faults/s",
                platform,
                plain,
                3,
                times -> SIZE_OF_STORM * 1e9 / percentile(times, 50));
    }

    private static void line(
            String name,
            List<List<long[]>> platform,
            List<List<long[]>> plain,
            int kind,
            ToDoubleFunction<long[]> figure) {
        double[] ours = figures(platform, kind, figure);
        double[] theirs = figures(plain, kind, figure);
        double[] ratios = new double[ours.length];
        Arrays.setAll(ratios, i -> ours[i] / theirs[i]);
        double ratio = LogScan.median(ratios);
        Arrays.sort(ratios);
        System.out.printf(
                Locale.ROOT,
                "%-34s %,12.1f %,12.1f %8.2f  (%.2f to %.2f)%n",
                name,
                LogScan.median(ours),
                LogScan.median(theirs),
                ratio,
                ratios[0],
                ratios[ratios.length - 1]);
    }

    private static double[] figures(
            List<List<long[]>> rounds, int kind, ToDoubleFunction<long[]> figure) {
        return rounds.stream()
                .mapToDouble(round -> figure.applyAsDouble(round.get(kind)))
                .toArray();
    }

    private static double percentile(long[] times, int percent) {
        long[] sorted = times.clone();
        Arrays.sort(sorted);
        return sorted[Math.min(sorted.length - 1, sorted.length * percent / 100)];
    }
}
