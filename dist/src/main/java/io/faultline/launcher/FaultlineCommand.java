package io.faultline.launcher;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command line without a command: helps to find one. */
@Command(
        name = "faultline",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "Decodes, follows and handles the faults of IOMMUs.",
        synopsisSubcommandLabel = "COMMAND",
        footer = {
            "",
            "Exit codes: 0 all done, 1 malformed records in the input, 2 wrong use, 3 faults that"
                    + " --allow does not allow, 4 the state folder is held by another instance, 70"
                    + " a defect of Faultline's own, 130 and 143 ended by Ctrl-C and TERM."
        })
final class FaultlineCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Override
    public Integer call() {
        throw new ParameterException(
                spec.commandLine(), "a command is missing: decode, encode, run or completion");
    }
}
