package io.faultline.handler;

import io.faultline.fault.Response;
import java.util.Objects;

/**
 * What a handler decided about a fault. Verdicts without data are constants; make one with data
 * only when it occurs.
 */
public final class Verdict {
    /** The four kinds of verdict. */
    public enum Kind {
        /** Dealt with: nobody else is asked. For a group it carries the response. */
        HANDLED,
        /** Not mine: the next one is asked. */
        PASSED,
        /** Tried and could not: the next one is asked and sees why. */
        FAILED,
        /** Taken over: concluded later through the {@link Deferral}. */
        DEFERRED
    }

    /** Dealt with. Not for page request groups: they need a response (R1). */
    public static final Verdict HANDLED = new Verdict(Kind.HANDLED, null, null);

    /** Not mine. */
    public static final Verdict PASSED = new Verdict(Kind.PASSED, null, null);

    /** Taken over with {@link FaultContext#defer()}, concluded later. */
    public static final Verdict DEFERRED = new Verdict(Kind.DEFERRED, null, null);

    private static final Verdict SUCCESS = new Verdict(Kind.HANDLED, Response.SUCCESS, null);
    private static final Verdict INVALID = new Verdict(Kind.HANDLED, Response.INVALID, null);
    private static final Verdict FAILURE = new Verdict(Kind.HANDLED, Response.FAILURE, null);

    private final Kind kind;
    private final Response response;
    private final String reason;

    private Verdict(Kind kind, Response response, String reason) {
        this.kind = kind;
        this.response = response;
        this.reason = reason;
    }

    /**
     * Dealt with, by this answer. For page request groups only.
     *
     * @param response the answer
     * @return a constant
     */
    public static Verdict handled(Response response) {
        return switch (Objects.requireNonNull(response, "response")) {
            case SUCCESS -> SUCCESS;
            case INVALID -> INVALID;
            case FAILURE -> FAILURE;
        };
    }

    /**
     * Tried and could not.
     *
     * @param reason why, in a word or a sentence; shown to later handlers and in the shell
     * @return a verdict without a suggested response
     */
    public static Verdict failed(String reason) {
        return new Verdict(Kind.FAILED, null, Objects.requireNonNull(reason, "reason"));
    }

    /**
     * Tried and could not, and knows what to answer if nobody else does (R3).
     *
     * @param reason why, in a word or a sentence; shown to later handlers and in the shell
     * @param suggested the answer at the end of the chain, if this is the first failure
     * @return a verdict
     */
    public static Verdict failed(String reason, Response suggested) {
        return new Verdict(
                Kind.FAILED,
                Objects.requireNonNull(suggested, "suggested"),
                Objects.requireNonNull(reason, "reason"));
    }

    /**
     * The kind of verdict.
     *
     * @return never null
     */
    public Kind kind() {
        return kind;
    }

    /**
     * The response of HANDLED, the suggested one of FAILED.
     *
     * @return null if there is none
     */
    public Response response() {
        return response;
    }

    /**
     * Why it failed.
     *
     * @return null unless the kind is FAILED
     */
    public String reason() {
        return reason;
    }

    @Override
    public String toString() {
        return kind
                + (response == null ? "" : " " + response)
                + (reason == null ? "" : " (" + reason + ")");
    }
}
