package io.faultline.launcher;

/** The exit codes that scripts rely on. A command gives 0, 1, 2 and 3 itself. */
final class ExitCode {
    static final int OK = 0;
    static final int WRONG_USE = 2;
    static final int STATE_HELD = 4;

    /** A defect of Faultline's own (EX_SOFTWARE of sysexits.h). */
    static final int DEFECT = 70;

    private ExitCode() {}
}
