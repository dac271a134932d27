package io.faultline.smmuv3.internal;

/** The words by which the rest of the platform knows this architecture. */
final class Smmu {
    /** The architecture, in service properties, options and output. */
    static final String ARCH = "smmuv3";

    /** The event queue. */
    static final String EVENT_QUEUE = "evtq";

    /** The PRI queue. */
    static final String PRI_QUEUE = "priq";

    /** Reason word: the event number is reserved. */
    static final String UNKNOWN_EVENT = "unknown_event";

    /** Reason word: the input ends within a record. */
    static final String SHORT_RECORD = "short_record";

    /** Reason word: the same stall was reported again before it was answered. */
    static final String DUPLICATE_STAG = "duplicate_stag";

    /** Reason word: PROD and CONS contradict each other. */
    static final String QUEUE_INCONSISTENT = "queue_inconsistent";

    /** Reason word: a log does not hold all lines of a record, or lines of different ones. */
    static final String INCOMPLETE_RECORD = "incomplete_record";

    private Smmu() {}

    /** Explains what is wrong with records of either queue. */
    static String explain(String why, int recordBytes) {
        return switch (why) {
            case SHORT_RECORD -> "fewer than the " + recordBytes + " bytes of a record";
            case DUPLICATE_STAG ->
                    "this stream and stall tag are still unanswered: the record is repeated, or the"
                            + " source breaks the protocol (Arm IHI 0070, 3.12.2)";
            case QUEUE_INCONSISTENT ->
                    "PROD and CONS are further apart than the queue has entries (Arm IHI 0070,"
                            + " 7.4)";
            case INCOMPLETE_RECORD ->
                    "the log does not hold all lines of this record, or they contradict each"
                            + " other";
            default -> why.replace('_', ' ');
        };
    }
}
