package io.faultline.decode.internal;

/** An option, a file or a rule is wrong: the message says which, and what to do. Exit code 2. */
final class WrongUse extends RuntimeException {
    private static final long serialVersionUID = 1;

    WrongUse(String message) {
        super(message);
    }
}
