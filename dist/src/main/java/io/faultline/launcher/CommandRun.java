package io.faultline.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.osgi.framework.BundleException;

/**
 * One command carried out in a framework of its own: with a cache of its own, which is deleted, and
 * without touching the state folder.
 *
 * <p>A command is a service of type {@code ToIntFunction<Map<String, Object>>} with the property
 * {@code faultline.command}. It gets its arguments and what the process has (streams, terminal) as
 * types of the JDK, since launcher and bundles share no others, and gives the exit code.
 */
final class CommandRun implements AutoCloseable {
    /** How long stopping may take: nothing is outstanding here. */
    private static final long STOP_LIMIT_MILLIS = 5_000;

    private final Surroundings surroundings;
    private final String name;
    private final Path deploy;
    private final Path cache;
    private final AtomicReference<Runnable> onInterrupt = new AtomicReference<>(() -> {});
    private final AtomicBoolean cleaned = new AtomicBoolean();
    private final Thread interrupted = new Thread(this::interrupted, "faultline-interrupted");
    private Container container;
    private boolean hasPlugIns;

    /**
     * @param name what messages begin with
     * @param deploy bundles to install, or null: those in the state folder, if there are any
     */
    CommandRun(Surroundings surroundings, String name, Path deploy) throws IOException {
        this.surroundings = surroundings;
        this.name = name;
        this.deploy = deploy == null ? usualDeploy(surroundings) : deploy;
        if (this.deploy != null) {
            Folders.refuseIfOthersCanWrite(this.deploy, "deploy");
        }
        this.cache = Folders.makeTemporary();
        Runtime.getRuntime().addShutdownHook(interrupted);
    }

    private static Path usualDeploy(Surroundings surroundings) {
        Path folder = surroundings.stateFolder().resolve("deploy");
        return Files.isDirectory(folder) ? folder : null;
    }

    /** Carries out a command; the framework is started for the first one. */
    int carryOut(BundleCommand command) throws IOException {
        if (container == null) {
            start();
        }
        return run(command.service(), command.arguments());
    }

    private void start() throws IOException {
        List<Path> plugins = deploy == null ? List.of() : Distribution.jars(deploy);
        Distribution distribution = new Distribution(surroundings.home());
        hasPlugIns = !plugins.isEmpty();
        Map<String, String> settings =
                plugins.isEmpty()
                        ? distribution.settings("framework", "alone")
                        : distribution.settings("framework");
        try {
            List<Distribution.BundleFile> bundles = distribution.bundles("decode");
            container = new Container(cache, settings);
            if (hasPlugIns) {
                // One that plugs in may need any of those that ship, or come before it.
                container.install(bundles);
            } else {
                OnDemand.install(container, bundles, distribution.index());
            }
            container.start();
        } catch (BundleException e) {
            throw new IllegalStateException("the framework does not start", e);
        }
        for (Path plugin : plugins) {
            String problem = container.plugIn(plugin);
            if (problem != null) {
                say(problem);
            }
        }
    }

    private int run(String command, Map<String, Object> arguments) throws IOException {
        Map<String, Object> all = new HashMap<>(arguments);
        all.put("in", surroundings.in());
        all.put("out", surroundings.out());
        all.put("say", (Consumer<String>) this::say);
        all.put("progress", surroundings.progress());
        all.put("onInterrupt", (Consumer<Runnable>) onInterrupt::set);
        all.put("columns", surroundings.columns());
        all.put("colours", surroundings.colours());
        all.put("hasPlugIns", hasPlugIns);
        try {
            int exitCode = container.command(command).applyAsInt(all);
            surroundings.out().flush();
            return exitCode;
        } catch (RuntimeException | IOException e) {
            IOException failure = surroundings.out().failure();
            if (failure == null) {
                throw e;
            }
            if (surroundings.out().readerIsGone()) {
                return ExitCode.OK;
            }
            throw Refusal.wrongUse("the output cannot be written: " + Problem.of(failure));
        }
    }

    private void say(String line) {
        surroundings.say(name + ": " + line);
    }

    /**
     * Ctrl-C or TERM: what was found so far goes out. The JVM then ends with 130 or 143 by itself.
     */
    private void interrupted() {
        try {
            try {
                onInterrupt.get().run();
                surroundings.out().flush();
            } finally {
                clean(); // the terminal may be gone, and with it whoever reads
            }
        } catch (IOException | RuntimeException e) {
            say("while ending: " + e);
        }
    }

    @Override
    public void close() throws IOException {
        try {
            Runtime.getRuntime().removeShutdownHook(interrupted);
        } catch (IllegalStateException e) {
            return; // the hook is running, and cleans
        }
        if (container != null) {
            container.stop(STOP_LIMIT_MILLIS);
        }
        clean();
    }

    private void clean() throws IOException {
        if (cleaned.compareAndSet(false, true)) {
            Folders.delete(cache);
        }
    }
}
