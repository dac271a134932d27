package io.faultline.launcher;

import java.util.Arrays;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;

/** The program: reads the command line and carries out the command. */
public final class Main {
    private static final String DECODE = "decode";

    private Main() {}

    /** Ends the process with one of the {@linkplain ExitCode exit codes}. */
    public static void main(String[] args) {
        System.exit(run(new Surroundings(), args));
    }

    static int run(Surroundings surroundings, String... args) {
        if (args.length > 0 && args[0].equals(DECODE)) {
            // The other commands' options need not be looked at: that saves a small decode 50 ms.
            String[] rest = Arrays.copyOfRange(args, 1, args.length);
            CommandLine decode = new CommandLine(new DecodeCommand(surroundings));
            return prepared(decode, surroundings).setCommandName("faultline decode").execute(rest);
        }
        return commandLine(surroundings).execute(args);
    }

    static CommandLine commandLine(Surroundings surroundings) {
        CommandLine all =
                new CommandLine(new FaultlineCommand())
                        .addSubcommand(new DecodeCommand(surroundings))
                        .addSubcommand(new EncodeCommand(surroundings))
                        .addSubcommand(new RunCommand(surroundings))
                        .addSubcommand(new CompletionCommand(surroundings));
        return prepared(all, surroundings);
    }

    private static CommandLine prepared(CommandLine line, Surroundings surroundings) {
        IExecutionExceptionHandler notCarriedOut =
                (e, command, parsed) -> failed(surroundings, command, e);
        IParameterExceptionHandler notUnderstood = (e, given) -> misused(surroundings, e);
        return line.setCaseInsensitiveEnumValuesAllowed(true)
                .setUsageHelpWidth(surroundings.helpWidth())
                .setExecutionExceptionHandler(notCarriedOut)
                .setParameterExceptionHandler(notUnderstood);
    }

    /** One line that says what is wrong, one that says where help is. */
    private static int misused(Surroundings surroundings, ParameterException e) {
        String command = e.getCommandLine().getCommandSpec().qualifiedName();
        surroundings.say(command + ": " + e.getMessage());
        surroundings.say("Try '" + command + " --help'.");
        return ExitCode.WRONG_USE;
    }

    private static int failed(Surroundings surroundings, CommandLine command, Exception e) {
        String name = command.getCommandSpec().qualifiedName();
        if (e instanceof Refusal refusal) {
            surroundings.say(name + ": " + refusal.getMessage());
            return refusal.exitCode();
        }
        surroundings.say(
                name + ": a defect of Faultline's own; please report it with these lines:");
        surroundings.trace(e);
        return ExitCode.DEFECT;
    }
}
