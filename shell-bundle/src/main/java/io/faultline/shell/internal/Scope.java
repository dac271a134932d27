package io.faultline.shell.internal;

import org.apache.felix.service.command.Process;

/** What all commands of this bundle share. */
final class Scope {
    /** The part before the colon: {@code faultline:units}. */
    static final String NAME = "faultline";

    /** Said instead of an empty table. */
    static final String NO_PLATFORM =
            "The dispatcher does not run: nothing is read from any queue. Start the bundle"
                    + " io.faultline.dispatcher; 'faultline:health' says what keeps it.";

    private Scope() {}

    /**
     * Prints what a command has to say, to the terminal or to the next command of a pipe. (What a
     * command returns Gogo shows only if it is the last one of its line.)
     */
    static void print(String text) {
        Process.Utils.current().out().println(text);
    }
}
