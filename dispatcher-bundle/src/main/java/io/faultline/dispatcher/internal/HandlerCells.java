package io.faultline.dispatcher.internal;

/**
 * What one lane counted of one handler: places in a {@link Tally}. What it passed is the rest of
 * what it was offered: most faults pass most handlers, and what is not counted costs nothing.
 */
final class HandlerCells {
    static final int OFFERED = 0;
    static final int HANDLED = 1;
    static final int FAILED = 2;
    static final int DEFERRED = 3;
    static final int SAMPLES = 4;
    static final int SAMPLED_NANOS = 5;
    static final int SIZE = 6;

    private HandlerCells() {}
}
