package io.faultline.dispatcher.internal;

/** Where the dispatcher's messages go: one line each, cause, place and remedy. */
@FunctionalInterface
public interface Messages {
    /**
     * Says something that somebody should do something about.
     *
     * @param message one line
     */
    void warn(String message);
}
