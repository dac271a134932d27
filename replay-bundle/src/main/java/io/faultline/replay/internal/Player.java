package io.faultline.replay.internal;

/** What plays a recording. */
interface Player {
    /**
     * Goes on at another rate, or to another end: without {@code loop} the present round is the
     * last.
     *
     * @return false if it is too late: all has been played
     */
    boolean change(Rate rate, boolean loop);

    /**
     * Whether it is played as fast as possible, and its end is still to come. From any thread.
     *
     * @return false at another rate, in a loop, and when the lane has been told that it has ended
     */
    boolean isRunningOut();
}
