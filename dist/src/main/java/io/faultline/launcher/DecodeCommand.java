package io.faultline.launcher;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code faultline decode}: what logs and queue dumps say, to read or to process. */
@Command(
        name = "decode",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        description = "Decodes kernel logs and dumps of hardware queues.")
final class DecodeCommand implements Callable<Integer>, BundleCommand {
    private final Surroundings surroundings;

    @Spec private CommandSpec spec;

    @Parameters(
            paramLabel = "FILE",
            description =
                    "Logs, or with --raw dumps; .gz, .xz and .zst are read as they are. '-' or"
                            + " nothing: standard input.")
    private List<Path> files = new ArrayList<>();

    @Option(
            names = "--raw",
            paramLabel = "ARCH:QUEUE",
            converter = QueueName.Converter.class,
            description = "The input is queue memory, not text; '--raw help' lists the queues.")
    private QueueName raw;

    @Option(
            names = "--hex",
            description =
                    "With --raw: a record a line in hex, in memory order; blank lines and # comments"
                            + " are skipped.")
    private boolean hex;

    @Option(
            names = "--prod",
            paramLabel = "N",
            converter = RegisterValue.class,
            description =
                    "With --raw and --cons: only what lies between the indices, given as the"
                            + " registers hold them, wrap bit included.")
    private Long prod;

    @Option(
            names = "--cons",
            paramLabel = "N",
            converter = RegisterValue.class,
            description = "See --prod.")
    private Long cons;

    @Option(names = "--groups", description = "A line a page request group, not a line a request.")
    private boolean groups;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            description = "${COMPLETION-CANDIDATES}. Default: table on a terminal, json in a pipe.")
    private Format format;

    @Option(
            names = "--since",
            paramLabel = "T",
            converter = PointInTime.Converter.class,
            description =
                    "Only faults from then on, where the log has times: seconds as the log counts"
                            + " them, or a date and time (ISO 8601).")
    private PointInTime since;

    @Option(
            names = "--until",
            paramLabel = "T",
            converter = PointInTime.Converter.class,
            description = "Only faults up to then.")
    private PointInTime until;

    @Option(
            names = "--device",
            paramLabel = "D",
            description = "Only this device: PCI address, requester id or name; repeatable.")
    private List<String> devices = new ArrayList<>();

    @Option(
            names = "--allow",
            paramLabel = "FILE",
            description = "Rules for faults that are expected; any other is listed: exit code 3.")
    private Path allow;

    @Option(
            names = "--deploy",
            paramLabel = "DIR",
            description =
                    "Bundles to install before reading. Default: 'deploy' in the state folder.")
    private Path deploy;

    DecodeCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws IOException {
        check();
        try (CommandRun run = new CommandRun(surroundings, spec.qualifiedName(), deploy)) {
            return run.carryOut(this);
        }
    }

    @Override
    public String service() {
        return raw != null && raw.isHelp() ? "raw-help" : "decode";
    }

    /** Refuses what would silently mean nothing. */
    private void check() {
        refuseIf(raw == null && hex, "--hex needs --raw: of what queue are the records?");
        refuseIf(raw == null && (prod != null || cons != null), "--prod and --cons need --raw");
        refuseIf((prod == null) != (cons == null), "--prod and --cons go together");
        refuseIf(
                raw != null && (since != null || until != null),
                "--since and --until are for logs: queue records have no times");
        if (files.isEmpty() && surroundings.inputIsTerminal() && (raw == null || !raw.isHelp())) {
            surroundings.say(
                    spec.qualifiedName() + ": reading the terminal; Ctrl-D ends the input");
        }
    }

    private void refuseIf(boolean wrong, String why) {
        if (wrong) {
            throw new ParameterException(spec.commandLine(), why);
        }
    }

    @Override
    public Map<String, Object> arguments() {
        Map<String, Object> arguments = new HashMap<>();
        arguments.put("files", files.stream().map(Path::toString).toList());
        arguments.put("raw", raw == null ? null : raw.text());
        arguments.put("hex", hex);
        arguments.put("prod", prod);
        arguments.put("cons", cons);
        arguments.put("groups", groups);
        arguments.put("format", (format == null ? usualFormat() : format).toString());
        arguments.put("since", since == null ? null : since.plain());
        arguments.put("until", until == null ? null : until.plain());
        arguments.put("devices", devices);
        arguments.put("allow", allow == null ? null : allow.toString());
        return arguments;
    }

    private Format usualFormat() {
        return surroundings.outputIsTerminal() ? Format.TABLE : Format.JSON;
    }
}
