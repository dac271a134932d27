package io.faultline.dispatcher.internal;

/**
 * What a physical function and its virtual functions share: one page request interface, with one
 * allocation of outstanding requests (PCIe 10.5.2.5). Only the lane of a queue uses it.
 */
final class Allocation {
    /** The requester of the physical function. */
    final int function;

    /** Page request groups of all its functions that wait. */
    int waiting;

    /** Whether its page request interface was shut down by Response Failure. */
    boolean failed;

    Allocation(int function) {
        this.function = function;
    }
}
