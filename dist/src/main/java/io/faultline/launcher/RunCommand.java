package io.faultline.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code faultline run}: the platform with its sources, handlers and shell. */
@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        description =
                "Runs the platform: follows the kernel log, plays recordings, hands every fault to"
                        + " the handlers that are installed.",
        footer = {
            "",
            "Bundles that are put into the deploy folder start, and leave when they are removed."
                    + " On a terminal there is a shell; 'help' lists its commands."
        })
final class RunCommand implements Callable<Integer> {
    private final Surroundings surroundings;

    @Spec private CommandSpec spec;

    @Option(
            names = "--replay",
            paramLabel = "FILE",
            description = "Play a log or a queue dump through the platform; repeatable.")
    private List<Path> replay = new ArrayList<>();

    @Option(
            names = "--rate",
            paramLabel = "N|recorded|max",
            converter = PlaybackRate.Converter.class,
            description =
                    "How fast: records a second, as recorded, or as fast as possible (default).")
    private PlaybackRate rate = new PlaybackRate("max");

    @Option(names = "--loop", description = "Begin again at the end of a recording.")
    private boolean loop;

    @Option(
            names = "--demo",
            description =
                    "Play the captures that ship; page requests find address spaces and a driver.")
    private boolean demo;

    @Option(
            names = "--responses",
            paramLabel = "FILE",
            description =
                    "Write what goes to the command queue of a recording there, as JSON Lines.")
    private Path responses;

    @Option(
            names = "--live",
            description = "Start an emulated SMMUv3, and let one of its devices fault.")
    private boolean live;

    @Option(
            names = "--qemu",
            paramLabel = "PATH",
            description =
                    "With --live: the QEMU to use. Default: qemu-system-aarch64. With a"
                            + " qemu-system-x86_64 it is a VT-d.")
    private Path qemu;

    @Option(names = "--no-kmsg", description = "Do not follow /dev/kmsg.")
    private boolean noKmsg;

    @Option(names = "--no-shell", description = "No shell, even on a terminal.")
    private boolean noShell;

    @Option(
            names = "--state",
            paramLabel = "DIR",
            description = "The state folder. Default: $XDG_STATE_HOME/faultline.")
    private Path state;

    @Option(
            names = "--deploy",
            paramLabel = "DIR",
            description = "The folder to watch for bundles. Default: 'deploy' in the state folder.")
    private Path deploy;

    @Option(
            names = "--exec",
            paramLabel = "'COMMAND; COMMAND'",
            description =
                    "Shell commands to run once everything is up, and recordings that are played as"
                            + " fast as possible have been played.")
    private String exec;

    @Option(names = "--then-stop", description = "Stop after --exec.")
    private boolean thenStop;

    RunCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws Exception {
        check();
        try (StateFolder held =
                StateFolder.take(state == null ? surroundings.stateFolder() : state)) {
            Path watched = deploy == null ? held.resolve("deploy") : deploy;
            Folders.make(watched);
            Folders.refuseIfOthersCanWrite(watched, "deploy");
            PlatformRun run =
                    new PlatformRun(surroundings, spec.qualifiedName(), held, watched, demo);
            Emulated emulated = live ? new Emulated(qemu) : null;
            return run.carryOut(recordings(), emulated, !noKmsg, shell(), commands(), thenStop);
        }
    }

    private void check() {
        refuseIf(qemu != null && !live, "--qemu needs --live");
        refuseIf(thenStop && commands() == null, "--then-stop needs --exec or --live");
        refuseIf(
                responses != null && replay.isEmpty() && !demo,
                "--responses needs --replay: only a recording has a command queue of its own");
        for (Path file : replay) {
            refuseIf(!Files.isReadable(file), file + ": cannot be read");
            refuseIf(Files.isDirectory(file), file + ": is a folder");
        }
    }

    /** What the shell is to be told once everything is up, or null. */
    private String commands() {
        if (!live) {
            return exec;
        }
        return exec == null ? Emulated.FIRST_FAULT : Emulated.FIRST_FAULT + "; " + exec;
    }

    private void refuseIf(boolean wrong, String why) {
        if (wrong) {
            throw new ParameterException(spec.commandLine(), why);
        }
    }

    private boolean shell() {
        return surroundings.inputIsTerminal() && !noShell && !thenStop;
    }

    private List<Recording> recordings() throws IOException {
        List<Path> files = new ArrayList<>(replay);
        if (demo) {
            files.addAll(new Distribution(surroundings.home()).demo());
        }
        return files.stream()
                .map(file -> new Recording(file.toAbsolutePath(), rate.text(), loop, responses))
                .toList();
    }
}
