package io.faultline.queue;

/** What became of a fault when it had gone down its chain for the first time. */
public enum Outcome {
    /** A handler dealt with it. */
    HANDLED("handled"),
    /** Nobody dealt with it, and at least one handler failed. */
    FAILED("failed"),
    /** Nobody wanted it. */
    UNHANDLED("unhandled"),
    /** A handler took it over. */
    DEFERRED("deferred"),
    /**
     * Answered or dropped unasked: over a bound (R8), shut down by its owner, or its unit leaves.
     */
    SHED("shed"),
    /** Observed and offered to nobody, or to handlers that did not want it. */
    OBSERVED("observed");

    private final String word;

    Outcome(String word) {
        this.word = word;
    }

    /**
     * The word in output.
     *
     * @return for example {@code handled}
     */
    public String word() {
        return word;
    }
}
