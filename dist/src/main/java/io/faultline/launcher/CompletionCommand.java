package io.faultline.launcher;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code faultline completion}: what makes a shell complete the other commands' options. */
@Command(
        name = "completion",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "Prints a script that makes bash or zsh complete commands and options.",
        footer = {
            "",
            "Now, in this shell: source <(./faultline completion)",
            "For good, in bash: ./faultline completion > ~/.local/share/bash-completion/completions/faultline"
        })
final class CompletionCommand implements Callable<Integer> {
    private final Surroundings surroundings;

    @Spec private CommandSpec spec;

    CompletionCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws IOException {
        String script = AutoComplete.bash("faultline", spec.root().commandLine());
        surroundings.out().write(script.getBytes(StandardCharsets.UTF_8));
        surroundings.out().flush();
        return ExitCode.OK;
    }
}
