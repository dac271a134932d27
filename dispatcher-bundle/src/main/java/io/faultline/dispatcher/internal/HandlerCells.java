package io.faultline.dispatcher.internal;

/** What one lane counted of one handler: places in a {@link Tally}. */
final class HandlerCells {
    static final int OFFERED = 0;
    static final int HANDLED = 1;
    static final int PASSED = 2;
    static final int FAILED = 3;
    static final int DEFERRED = 4;
    static final int SAMPLES = 5;
    static final int SAMPLED_NANOS = 6;
    static final int SIZE = 7;

    private HandlerCells() {}
}
