package io.faultline.launcher;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * Writes down, in the build, by what the decoders and encoders that ship are asked for, so that
 * {@link OnDemand} need not install them to know.
 */
public final class Indexing {
    private static final class Command implements BundleCommand {
        @Override
        public String service() {
            return "index";
        }

        @Override
        public Map<String, Object> arguments() {
            return Map.of();
        }
    }

    private Indexing() {}

    /**
     * Starts all of the distribution in {@code faultline.home} and asks it.
     *
     * @throws IOException if the file cannot be written
     */
    public static void main(String[] args) throws IOException {
        Path home = Path.of(System.getProperty("faultline.home"));
        Path index = new Distribution(home).index();
        Files.deleteIfExists(index);
        Path made = index.resolveSibling(index.getFileName() + ".made");
        // No bundles but those that ship: there is no state folder in the distribution.
        Map<String, String> environment = Map.of("XDG_STATE_HOME", home.toString());
        try (OutputStream file = Files.newOutputStream(made)) {
            CommandOutput out = new CommandOutput(file);
            Surroundings surroundings =
                    new Surroundings(
                            InputStream.nullInputStream(), out, System.err, environment, "", 0);
            try (CommandRun run = new CommandRun(surroundings, "index", null)) {
                int exitCode = run.carryOut(new Command());
                if (exitCode != ExitCode.OK) {
                    throw new IOException(index + ": not made: exit code " + exitCode);
                }
            }
        }
        Files.move(made, index);
    }
}
