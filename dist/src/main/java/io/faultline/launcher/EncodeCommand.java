package io.faultline.launcher;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code faultline encode}: responses in, the hardware's commands out. */
@Command(
        name = "encode",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        description =
                "Encodes responses to page requests and stalls as the commands of an architecture.",
        footer = {
            "",
            "Each line of input is a JSON object: to (stall, page_request_group, stream), code"
                    + " (SUCCESS, INVALID, FAILURE), stream, grpid, pasid, and for VT-d"
                    + " private_data (two words) and last. iommufd names a group by cookie, and"
                    + " needs neither stream nor grpid. Each line of output is a command in hex,"
                    + " in memory order; an empty one where the hardware cannot express the answer."
        })
final class EncodeCommand implements Callable<Integer>, BundleCommand {
    private final Surroundings surroundings;

    @Spec private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "ARCH", description = "For example smmuv3 or vtd.")
    private String arch;

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "FILE",
            description = "Responses; '-' or nothing: standard input.")
    private Path file;

    @Option(
            names = "--deploy",
            paramLabel = "DIR",
            description = "Bundles to install before. Default: 'deploy' in the state folder.")
    private Path deploy;

    EncodeCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws IOException {
        try (CommandRun run = new CommandRun(surroundings, spec.qualifiedName(), deploy)) {
            return run.carryOut(this);
        }
    }

    @Override
    public String service() {
        return "encode";
    }

    @Override
    public Map<String, Object> arguments() {
        Map<String, Object> arguments = new HashMap<>();
        arguments.put("arch", arch);
        arguments.put("files", file == null ? List.of() : List.of(file.toString()));
        return arguments;
    }
}
