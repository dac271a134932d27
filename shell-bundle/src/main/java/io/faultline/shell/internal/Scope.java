package io.faultline.shell.internal;

/** What all commands of this bundle share. */
final class Scope {
    /** The part before the colon: {@code faultline:units}. */
    static final String NAME = "faultline";

    /** Said instead of an empty table. */
    static final String NO_PLATFORM =
            "The dispatcher does not run: nothing is read from any queue. Start the bundle"
                    + " io.faultline.dispatcher; 'faultline:health' says what keeps it.";

    private Scope() {}
}
