package io.faultline.guest.internal;

import io.faultline.dispatcher.internal.Dispatcher;
import io.faultline.dispatcher.internal.Settings;
import io.faultline.dispatcher.internal.Source;
import io.faultline.fault.Response;
import io.faultline.handler.FaultHandler;
import io.faultline.handler.Handles;
import io.faultline.hardware.Decodes;
import io.faultline.hardware.HardwareUnit;
import io.faultline.queue.Queues;
import io.faultline.smmuv3.internal.EventDecoder;
import io.faultline.smmuv3.internal.PriDecoder;
import io.faultline.smmuv3.internal.ResponseCommands;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * The guest server with dispatcher, decoders and encoder as they ship, without a framework around
 * them, and the client in C in a process of its own.
 */
final class GuestPlatform implements AutoCloseable {
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(30);

    final GuestServer server;
    final Path socket;
    private final Path folder;
    private final Path program;
    private final Map<String, HardwareUnit> units = new ConcurrentHashMap<>();
    private final AtomicLong ids = new AtomicLong(10);
    private final Map<String, String> settings;
    private final Dispatcher dispatcher;

    GuestPlatform(Path source, Map<String, String> settings)
            throws IOException, InterruptedException {
        this.settings = settings;
        List<String> problems = new ArrayList<>();
        dispatcher = Dispatcher.running(Settings.DEFAULTS.with(settings, problems), message -> {});
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException(problems.toString());
        }
        dispatcher.addDecoder(
                new PriDecoder(),
                Source.named("decoder", 1),
                Map.of(Decodes.ARCH, "smmuv3", Decodes.QUEUE, "priq"));
        dispatcher.addDecoder(
                new EventDecoder(),
                Source.named("decoder", 2),
                Map.of(Decodes.ARCH, "smmuv3", Decodes.QUEUE, "evtq"));
        dispatcher.addEncoder(
                new ResponseCommands(), Source.named("encoder", 3), Map.of(Decodes.ARCH, "smmuv3"));
        server =
                new GuestServer(
                        io.faultline.guest.internal.Settings.DEFAULTS,
                        new LookUps(),
                        new Chain(),
                        message -> {});
        folder = Files.createTempDirectory("guest");
        socket = folder.resolve("guest.sock");
        program = folder.resolve("faultline-guest");
        server.listen(socket);
        Process compiler =
                new ProcessBuilder("cc", "-O2", "-o", program.toString(), source.toString())
                        .inheritIO()
                        .start();
        if (compiler.waitFor() != 0) {
            throw new IOException(source + " does not compile");
        }
    }

    /** Starts the client in C, and waits until it has its device. */
    Process client(String unit, String device, String... options)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(program.toString(), "-q"));
        command.addAll(List.of(options));
        command.addAll(List.of(socket.toString(), unit, device));
        long before = ids.get();
        Process client =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve("client.txt").toFile())
                        .start();
        await("claim", () -> ids.get() > before);
        return client;
    }

    /** Ends a client as Ctrl-C does, and says what it counted. */
    String end(Process client) throws IOException, InterruptedException {
        client.destroy();
        client.waitFor();
        List<String> lines = Files.readAllLines(folder.resolve("client.txt"));
        return lines.get(lines.size() - 1);
    }

    static void await(String what, BooleanSupplier holds) {
        long begin = System.nanoTime();
        while (!holds.getAsBoolean()) {
            if (System.nanoTime() - begin > PATIENCE) {
                throw new IllegalStateException(what + " did not come");
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
        }
    }

    @Override
    public void close() throws IOException {
        server.close(0);
        dispatcher.close(Response.INVALID);
        Files.deleteIfExists(program);
        Files.deleteIfExists(folder.resolve("client.txt"));
        Files.delete(folder);
    }

    private final class Chain implements Registry {
        @Override
        public Registration register(FaultHandler handler, Map<String, Object> properties) {
            long id = ids.incrementAndGet();
            String name = properties.get(Handles.NAME).toString();
            dispatcher.addHandler(handler, Source.named(name, id), properties);
            return new Registration() {
                @Override
                public void leave() {
                    dispatcher.removeHandler(id);
                }

                @Override
                public void leaveToSuccessor(int millis) {
                    throw new UnsupportedOperationException("there are no successors here");
                }
            };
        }

        @Override
        public Runnable register(HardwareUnit unit) {
            long id = ids.incrementAndGet();
            String name = unit.unit().name();
            units.put(name, unit);
            dispatcher.addUnit(unit, Source.named(name, id));
            return () -> {
                units.remove(name);
                dispatcher.removeUnit(unit, Response.INVALID);
            };
        }
    }

    private final class LookUps implements Platforms {
        @Override
        public HardwareUnit unit(String name) {
            return units.get(name);
        }

        @Override
        public int recordBytes(String key) {
            return key.endsWith(":priq") ? 16 : 32;
        }

        @Override
        public Map<String, String> settings() {
            return settings;
        }

        @Override
        public Queues queues() {
            return dispatcher;
        }
    }
}
