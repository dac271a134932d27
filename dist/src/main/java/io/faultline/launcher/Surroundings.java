package io.faultline.launcher;

import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;

/**
 * What the process was started with, beside its arguments: streams, environment, and what the start
 * script found out. The script knows whether there is a terminal ({@code [ -t 0 ]}); the JVM does
 * not since JDK 22.
 */
final class Surroundings {
    /** System properties by which the script tells what it found out. */
    private static final String HOME = "faultline.home";

    private static final String TERMINALS = "faultline.terminals";
    private static final String COLUMNS = "faultline.columns";

    private static final int USUAL_COLUMNS = 80;

    private final InputStream in;
    private final CommandOutput out;
    private final PrintStream err;
    private final Map<String, String> environment;
    private final String terminals;
    private final int columns;

    Surroundings() {
        this(
                System.in,
                CommandOutput.standard(),
                System.err,
                System.getenv(),
                System.getProperty(TERMINALS, ""),
                Integer.getInteger(COLUMNS, 0));
    }

    Surroundings(
            InputStream in,
            CommandOutput out,
            PrintStream err,
            Map<String, String> environment,
            String terminals,
            int columns) {
        this.in = in;
        this.out = out;
        this.err = err;
        this.environment = environment;
        this.terminals = terminals;
        this.columns = columns;
    }

    InputStream in() {
        return in;
    }

    CommandOutput out() {
        return out;
    }

    /** Tells the user something, on standard error. */
    synchronized void say(String line) {
        err.println(line);
        err.flush();
    }

    /** Draws on standard error without ending the line; null if that is no terminal. */
    Consumer<String> progress() {
        return terminals.contains("err") && !"dumb".equals(environment.get("TERM"))
                ? this::draw
                : null;
    }

    private synchronized void draw(String text) {
        err.print(text);
        err.flush();
    }

    void trace(Throwable defect) {
        defect.printStackTrace(err);
    }

    boolean inputIsTerminal() {
        return terminals.contains("in");
    }

    boolean outputIsTerminal() {
        return terminals.contains("out");
    }

    /** Columns of the terminal that the output goes to; 0 if it goes elsewhere. */
    int columns() {
        if (!outputIsTerminal()) {
            return 0;
        }
        return columns > 0 ? columns : USUAL_COLUMNS;
    }

    /** Whether colours are welcome: on a terminal that has them, unless NO_COLOR is set. */
    boolean colours() {
        String noColor = environment.getOrDefault("NO_COLOR", "");
        return outputIsTerminal() && noColor.isEmpty() && !"dumb".equals(environment.get("TERM"));
    }

    int helpWidth() {
        return Math.max(60, Math.min(100, columns > 0 ? columns : USUAL_COLUMNS));
    }

    /** Where the distribution lies. */
    Path home() {
        String home = System.getProperty(HOME);
        if (home == null) {
            throw new IllegalStateException(HOME + " is not set: start with ./faultline");
        }
        return Path.of(home);
    }

    /** The folder for what Faultline keeps between runs, unless an option names another. */
    Path stateFolder() {
        Path base = Path.of(environment.getOrDefault("XDG_STATE_HOME", ""));
        if (!base.isAbsolute()) { // the XDG specification: others are to be ignored
            // as the shell's ~ does: what Java takes for the home comes from the list of users
            Path home = Path.of(environment.getOrDefault("HOME", ""));
            base = home.isAbsolute() ? home : Path.of(System.getProperty("user.home"));
            base = base.resolve(".local").resolve("state");
        }
        return base.resolve("faultline");
    }
}
