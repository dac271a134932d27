package io.faultline.iommufd.internal;

/** The words by which the rest of the platform knows these records. */
final class Iommufd {
    /** Stands where hardware has its architecture. */
    static final String ARCH = "iommufd";

    /** Page requests, as a fault queue's file descriptor gives them. */
    static final String FAULT_QUEUE = "fault";

    /** Answers, as they are written to it. */
    static final String RESPONSE_QUEUE = "response";

    /** Events, as a virtual event queue's file descriptor gives them. */
    static final String EVENT_QUEUE = "veventq";

    private Iommufd() {}
}
