package io.faultline.qemu.internal;

import io.faultline.handler.Handles;
import io.faultline.hardware.Decodes;
import io.faultline.hardware.HardwareWindow;
import java.io.IOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;

/**
 * A machine that runs, with a window onto its IOMMU that is registered as a service. When its
 * emulator ends the window goes.
 */
final class LiveMachine {
    private static final long LOOK_NANOS = 2_000_000;
    private static final long EXIT_MILLIS = 3_000;
    private static final int BAR_BYTES = 0x10_0000;

    private final MachineSettings settings;
    private final Machine machine;
    private final Consumer<String> log;
    private final List<Endpoint> endpoints = new ArrayList<>();

    private Emulator emulator;
    private GuestRam ram;
    private Qtest qtest;
    private QemuWindow window;
    private ServiceRegistration<HardwareWindow> registration;

    /** Whether its owner ends it; else its end is told. */
    private volatile boolean stopping;

    private LiveMachine(MachineSettings settings, Consumer<String> log) {
        this.settings = settings;
        this.machine = Machine.of(settings.machine());
        this.log = log;
    }

    /**
     * Starts an emulator or attaches to one, and registers the window.
     *
     * @throws IOException says what is missing or wrong, and what to do
     */
    static LiveMachine start(MachineSettings settings, BundleContext context, Consumer<String> log)
            throws IOException, InterruptedException {
        LiveMachine live = new LiveMachine(settings, log);
        try {
            if (settings.attaches()) {
                live.attach();
            } else {
                live.launch();
            }
            live.setUp();
            live.register(context);
            return live;
        } catch (IllegalStateException | IllegalArgumentException e) {
            live.stop();
            throw new IOException(settings.name() + ": " + e.getMessage() + live.whatQemuSays(), e);
        } catch (IOException | InterruptedException e) {
            live.stop();
            throw e;
        }
    }

    private String whatQemuSays() {
        return emulator == null ? "" : "; " + emulator.end();
    }

    // --- coming up

    /** Everything on disk is removed once QEMU has opened it: nothing can be left behind. */
    private void launch() throws IOException, InterruptedException {
        Path program = programOrRefuse();
        Path folder = Files.createTempDirectory("faultline-qemu-");
        Path socket = folder.resolve("qtest");
        Path ramFile = folder.resolve("ram");
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(socket));
            server.configureBlocking(false);
            GuestRam ram = new GuestRam(ramFile, machine.ramBase());
            emulator =
                    Emulator.start(
                            settings.name(),
                            command(program, socket, ramFile),
                            Duration.ofMinutes(settings.limitMinutes()),
                            log);
            connect(accept(server), ram);
            qtest.read32(machine.registers()); // answered once the machine is made
        } finally {
            Files.deleteIfExists(socket);
            Files.deleteIfExists(ramFile);
            Files.deleteIfExists(folder);
        }
    }

    private Path programOrRefuse() throws IOException {
        return find(settings.program())
                .orElseThrow(
                        () ->
                                new IOException(
                                        "%s: there is no program %s; on Debian: apt-get install %s"
                                                .formatted(
                                                        settings.name(),
                                                        settings.program(),
                                                        machine.debianPackage())));
    }

    /** A path, or a name that is looked for where the shell would. */
    static Optional<Path> find(String program) {
        if (program.contains("/")) {
            return Optional.of(Path.of(program)).filter(LiveMachine::isProgram);
        }
        for (String folder : System.getenv().getOrDefault("PATH", "/usr/bin").split(":", -1)) {
            Path path = Path.of(folder, program);
            if (isProgram(path)) {
                return Optional.of(path);
            }
        }
        return Optional.empty();
    }

    private static boolean isProgram(Path path) {
        return Files.isExecutable(path) && !Files.isDirectory(path);
    }

    private List<String> command(Path program, Path socket, Path ramFile) {
        List<String> command = new ArrayList<>(List.of(program.toString(), "-S"));
        command.addAll(machine.arguments(program.toString()));
        command.addAll(
                List.of(
                        "-m",
                        String.valueOf(GuestRam.MEGABYTES),
                        "-object",
                        "memory-backend-file,id=ram,size=%dM,mem-path=%s,share=on"
                                .formatted(GuestRam.MEGABYTES, ramFile),
                        "-nodefaults",
                        "-display",
                        "none",
                        "-qtest",
                        "unix:" + socket,
                        "-qtest-log",
                        "/dev/null"));
        return command;
    }

    private SocketChannel accept(ServerSocketChannel server)
            throws IOException, InterruptedException {
        long since = System.nanoTime();
        long limit = TimeUnit.MILLISECONDS.toNanos(settings.startMillis());
        SocketChannel socket = server.accept();
        while (socket == null) {
            if (!emulator.isAlive()) {
                emulator.awaitEnd(EXIT_MILLIS);
                throw new IOException(settings.name() + ": " + emulator.end());
            }
            if (System.nanoTime() - since > limit) {
                throw new IOException(
                        "%s: QEMU has not connected within %d ms (start.ms)"
                                .formatted(settings.name(), settings.startMillis()));
            }
            LockSupport.parkNanos(LOOK_NANOS);
            socket = server.accept();
        }
        socket.configureBlocking(true);
        return socket;
    }

    private void attach() throws IOException {
        Path ramFile = Path.of(settings.ram());
        if (!Files.isWritable(ramFile) || Files.size(ramFile) != GuestRam.BYTES) {
            throw new IOException(
                    "%s: ram=%s is no file of %d MiB that can be written"
                            .formatted(settings.name(), ramFile, GuestRam.MEGABYTES));
        }
        GuestRam ram = new GuestRam(ramFile, machine.ramBase());
        try {
            connect(open(Path.of(settings.socket())), ram);
        } catch (IOException e) {
            throw new IOException(
                    "%s: socket=%s: %s; start QEMU with -qtest unix:%s,server=on,wait=off"
                            .formatted(
                                    settings.name(),
                                    settings.socket(),
                                    e.getMessage(),
                                    settings.socket()),
                    e);
        }
    }

    /** A socket that is there and refuses is one that QEMU has made and does not listen to yet. */
    private SocketChannel open(Path path) throws IOException {
        long since = System.nanoTime();
        long limit = TimeUnit.MILLISECONDS.toNanos(settings.startMillis());
        while (true) {
            try {
                return SocketChannel.open(UnixDomainSocketAddress.of(path));
            } catch (ConnectException e) {
                if (System.nanoTime() - since > limit) {
                    throw new IOException(
                            "refused for %d ms (start.ms)".formatted(settings.startMillis()), e);
                }
                LockSupport.parkNanos(LOOK_NANOS);
            }
        }
    }

    private void connect(SocketChannel socket, GuestRam ram) throws IOException {
        Map<String, String> forDriver = new HashMap<>(machine.quirks());
        forDriver.putAll(settings.driver());
        window =
                new QemuWindow(
                        machine.arch(),
                        settings.name(),
                        machine.registers(),
                        settings.interrupts() ? machine.interruptLines() : Map.of(),
                        ram,
                        forDriver);
        this.ram = ram;
        qtest =
                new Qtest(
                        settings.name(),
                        socket,
                        TimeUnit.MILLISECONDS.toNanos(settings.answerMillis()),
                        window::raised,
                        this::ended);
        window.connect(qtest);
    }

    private void setUp() {
        if (machine.interruptController() != null && settings.interrupts()) {
            qtest.interceptInterrupts(machine.interruptController());
        }
        machine.setUp(qtest, ram);
        Pci pci = machine.pci(qtest);
        long bar = machine.bars();
        for (Slot slot : machine.slots()) {
            endpoints.add(slot.open(pci, qtest, bar));
            bar += BAR_BYTES;
        }
        qtest.flush();
    }

    private synchronized void register(BundleContext context) {
        registration =
                context.registerService(
                        HardwareWindow.class,
                        window,
                        FrameworkUtil.asDictionary(
                                Map.of(
                                        Decodes.ARCH,
                                        machine.arch(),
                                        Handles.NAME,
                                        settings.name())));
        if (qtest.over() != null) { // it ended before it was there
            unregister();
        }
    }

    // --- going away

    /** On the reader's thread, or on one that found the socket broken: must be quick. */
    private void ended(String why) {
        window.ended();
        if (!stopping) {
            Thread farewell =
                    new Thread(() -> bidFarewell(why), "faultline-qemu-end-" + settings.name());
            farewell.setDaemon(true);
            farewell.start();
        }
    }

    private void bidFarewell(String why) {
        String how = why;
        if (emulator != null) {
            try {
                emulator.awaitEnd(EXIT_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            how = why + "; " + emulator.end();
            emulator.stop();
        }
        unregister();
        if (!stopping) {
            log.accept(
                    settings.name()
                            + ": "
                            + how
                            + ": the unit is gone; `faultline:qemu start` starts it again");
        }
    }

    private synchronized void unregister() {
        if (registration != null) {
            ServiceRegistration<HardwareWindow> present = registration;
            registration = null;
            present.unregister();
        }
    }

    /** The driver leaves first, while its accesses still work; then the emulator ends. */
    void stop() {
        stopping = true;
        try {
            unregister();
        } finally {
            if (qtest != null) {
                qtest.close();
            }
            if (emulator != null) {
                emulator.stop();
            }
        }
    }

    // --- what a shell and tests use

    MachineSettings settings() {
        return settings;
    }

    /** Whether its unit is there. */
    synchronized boolean isUp() {
        return registration != null && qtest.over() == null;
    }

    List<Endpoint> endpoints() {
        return List.copyOf(endpoints);
    }

    /**
     * Makes a device access an address; returns when that is over, and what came of it is in the
     * unit's queue.
     *
     * @return how many accesses that were
     * @throws IllegalArgumentException if the device is not there or the address is not aligned
     */
    int touch(int requester, long address) {
        Endpoint endpoint =
                endpoints.stream()
                        .filter(candidate -> candidate.requester == requester)
                        .findFirst()
                        .orElseThrow(() -> noSuchDevice(requester));
        if (address % endpoint.alignment() != 0) {
            throw new IllegalArgumentException(
                    "address=0x%x: %s accesses multiples of %d"
                            .formatted(address, endpoint.address(), endpoint.alignment()));
        }
        synchronized (endpoint) {
            qtest.together(() -> endpoint.touch(address));
            qtest.flush();
        }
        return endpoint.accesses();
    }

    private IllegalArgumentException noSuchDevice(int requester) {
        return new IllegalArgumentException(
                "device=%s: %s has %s"
                        .formatted(
                                Endpoint.address(requester),
                                settings.name(),
                                endpoints.stream()
                                        .map(Endpoint::address)
                                        .collect(Collectors.joining(", "))));
    }

    /** In one line: what runs, where. */
    String describe() {
        return "%s (%s): %s"
                .formatted(
                        settings.name(),
                        settings.machine(),
                        emulator == null
                                ? "attached to " + settings.socket()
                                : isUp() ? "process " + emulator.pid() : emulator.end());
    }
}
