package io.faultline.launcher;

/** Faultline cannot do what it was asked to, through no fault of its own. The message says all. */
final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int exitCode;

    Refusal(int exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
    }

    /** Wrong use: an option, a file, a configuration, a folder. */
    static Refusal wrongUse(String message) {
        return new Refusal(ExitCode.WRONG_USE, message);
    }

    int exitCode() {
        return exitCode;
    }
}
