package io.faultline.dispatcher.internal;

/**
 * Leads a thread whose call was given up out of its lane (R14). Whatever it passes through must
 * touch nothing of the lane: that is another thread's now.
 */
final class GivenUp extends Error {
    private static final long serialVersionUID = 1;

    GivenUp() {
        super("the lane goes on without this thread", null, false, false);
    }
}
