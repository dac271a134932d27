package io.faultline.launcher;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;
import org.osgi.framework.FrameworkUtil;

/** The platform from its start until it is stopped: by its shell, by Ctrl-C, by TERM. */
final class PlatformRun {
    /**
     * How long a stop may take. Outstanding groups get {@code shutdown.grace.ms}, at most 3.5 s,
     * and a handler that does not return as long as R6 allows, 4 s; then each bundle stops.
     */
    private static final long STOP_LIMIT_MILLIS = 15_000;

    /** How long to wait for what lies in the deploy folder at the start. */
    private static final long DEPLOY_LIMIT_MILLIS = 30_000;

    private static final long SPACES_LIMIT_MILLIS = 10_000;
    private static final long LOOK_MILLIS = 5;

    private final Surroundings surroundings;
    private final Distribution distribution;
    private final String name;
    private final StateFolder state;
    private final Path deploy;
    private final boolean demo;

    /**
     * @param name what messages begin with
     * @param state held by us
     * @param deploy the folder to watch
     * @param demo whether page requests that are played shall find address spaces and a driver
     */
    PlatformRun(
            Surroundings surroundings, String name, StateFolder state, Path deploy, boolean demo) {
        this.surroundings = surroundings;
        this.distribution = new Distribution(surroundings.home());
        this.name = name;
        this.state = state;
        this.deploy = deploy;
        this.demo = demo;
    }

    /**
     * Runs until it is stopped.
     *
     * @param emulated a unit to be emulated, or null
     * @param shell whether somebody at a terminal gives commands
     * @param exec shell commands to run once everything is up, or null
     * @return the exit code
     */
    int carryOut(
            List<Recording> recordings,
            Emulated emulated,
            boolean followKernelLog,
            boolean shell,
            String exec,
            boolean thenStop)
            throws BundleException, IOException, InterruptedException {
        Container container = new Container(state.resolve("cache"), settings(shell));
        Thread stop = new Thread(() -> container.stop(STOP_LIMIT_MILLIS), "faultline-stop");
        Runtime.getRuntime().addShutdownHook(stop);
        try {
            start(container, recordings, emulated, followKernelLog, shell);
            if (cannotBeUsed(container) > 0) {
                container.stop(STOP_LIMIT_MILLIS);
                return ExitCode.WRONG_USE;
            }
            int exitCode = exec == null ? ExitCode.OK : execute(container, exec);
            if (thenStop) {
                container.stop(STOP_LIMIT_MILLIS);
            } else {
                container.waitUntilStopped();
            }
            return exitCode;
        } catch (IllegalStateException e) {
            if (container.isStopping()) {
                return ExitCode.OK; // Ctrl-C or TERM came before everything was up
            }
            throw e;
        }
    }

    private void start(
            Container container,
            List<Recording> recordings,
            Emulated emulated,
            boolean followKernelLog,
            boolean shell)
            throws BundleException, IOException, InterruptedException {
        LogPrinter.install(container.context(), this::say);
        DeployedBundles deployed =
                new DeployedBundles(container, deploy, this::say, DeployedBundles.SETTLE_MILLIS);
        container.install(
                distribution.bundles(
                        "run", shell ? "terminal" : "unattended", demo ? "demo" : "no demo"));
        offerDiagnosis(container);
        container.start();
        deployed.awaitFirst(DEPLOY_LIMIT_MILLIS);
        // Sources come last: by then all handlers are there, and the sources of an earlier run are
        // forgotten. When their level is reached, what they play is up.
        Sources sources = new Sources(container.context());
        sources.forget();
        if (demo) {
            List<String> spaces = new ArrayList<>();
            for (Map<String, String> space : distribution.demoSpaces()) {
                spaces.add(sources.makeSpace(space));
            }
            awaitSpaces(container, spaces);
        }
        for (Recording recording : recordings) {
            sources.play(recording);
        }
        if (emulated != null) {
            sources.emulate(emulated);
        }
        if (followKernelLog) {
            String obstacle = KernelLog.obstacle();
            if (obstacle == null) {
                sources.followKernelLog();
            } else {
                say(obstacle);
            }
        }
        container.raise(Distribution.SOURCE_LEVEL);
    }

    /** What is played needs them from its first record on. */
    private void awaitSpaces(Container container, List<String> pids) throws InterruptedException {
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(SPACES_LIMIT_MILLIS);
        Map<String, Object> spaces = Map.of("component", Sources.SPACES_FACTORY_PID, "pids", pids);
        while (container.command("pending").applyAsInt(spaces) > 0) {
            if (System.nanoTime() - until > 0) {
                say("address spaces of the demonstration did not come: requests will fail");
                return;
            }
            TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
        }
    }

    /** Commands ask about recordings: those that are played as fast as possible come first. */
    private int execute(Container container, String commands) throws IOException {
        int failed = container.command("played").applyAsInt(Map.of());
        failed += container.command("exec").applyAsInt(arguments(commands));
        surroundings.out().flush();
        return failed == 0 ? ExitCode.OK : ExitCode.WRONG_USE;
    }

    private Map<String, String> settings(boolean shell) throws IOException {
        Map<String, String> settings = distribution.settings("framework", "run");
        settings.put("faultline.state", state.resolve(".").normalize().toAbsolutePath().toString());
        settings.put("felix.cm.dir", state.resolve("config").toString());
        settings.put("felix.fileinstall.dir", deploy.toAbsolutePath().toString());
        // At the end of its input Gogo would stop the framework: right for Ctrl-D, wrong for a
        // service, whose input is empty.
        settings.put("gosh.args", shell ? "" : "--nointeractive --noshutdown");
        if (shell) {
            settings.put("gosh.home", surroundings.home().toString()); // etc/gosh_profile
        }
        return settings;
    }

    /** For the shell, which is a bundle: why another bundle does not resolve. */
    private static void offerDiagnosis(Container container) {
        Function<Bundle, String> why = bundle -> container.diagnosis().of(bundle, null);
        container
                .context()
                .registerService(
                        Function.class,
                        why,
                        FrameworkUtil.asDictionary(Map.of("faultline.command", "why")));
    }

    /** How many recordings and emulated units are not what they should be; each is named. */
    private int cannotBeUsed(Container container) {
        Consumer<String> say = this::say;
        return Stream.of(Recording.FACTORY_PID, Emulated.FACTORY_PID)
                .mapToInt(
                        component ->
                                container
                                        .command("check")
                                        .applyAsInt(Map.of("component", component, "say", say)))
                .sum();
    }

    private Map<String, Object> arguments(String exec) {
        return Map.of(
                "commands",
                exec,
                "in",
                surroundings.in(),
                "out",
                new PrintStream(surroundings.out(), false, StandardCharsets.UTF_8),
                "say",
                (Consumer<String>) this::say);
    }

    private void say(String line) {
        surroundings.say(name + ": " + line);
    }
}
