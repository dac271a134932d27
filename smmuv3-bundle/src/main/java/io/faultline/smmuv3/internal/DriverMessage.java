package io.faultline.smmuv3.internal;

import io.faultline.log.LineSink;

/** Messages of the driver that report no fault. */
enum DriverMessage {
    EVTQ_OVERFLOW(
            "EVTQ overflow detected",
            Smmu.EVENT_QUEUE,
            "the event queue overflowed: events were lost, hardware does not count how many"),
    PRIQ_OVERFLOW(
            "PRIQ overflow detected",
            Smmu.PRI_QUEUE,
            "the PRI queue overflowed: page requests were lost and answered by hardware, nobody"
                    + " knows how many"),
    EVTQ_ABORT(
            "EVTQ write aborted",
            Smmu.EVENT_QUEUE,
            "a write to the event queue was aborted: events may have been lost, stalls included"),
    PRIQ_ABORT(
            "PRIQ write aborted",
            Smmu.PRI_QUEUE,
            "a write to the PRI queue was aborted: page requests may have been lost"),
    GLOBAL_ERROR("unexpected global error reported", null, "global error"),
    SERVICE_FAILURE(
            "device has entered Service Failure Mode",
            null,
            "the unit has entered service failure mode: nothing more can be expected of it"),
    COMMAND_ERROR("CMDQ error", null, "the unit met an error in the command queue"),
    SKIPPED_COMMAND(
            "skipping command in error state", null, "the driver skips a command that failed"),
    SYNC_TIMEOUT("CMD_SYNC timeout", null, "the unit did not complete a CMD_SYNC in time"),
    COMMAND_TIMEOUT("CMDQ timeout", null, "the unit did not consume its command queue in time"),
    CMDQ_MSI("CMDQ MSI write aborted", null, "an interrupt of the command queue was lost"),
    EVTQ_MSI("EVTQ MSI write aborted", null, "an interrupt of the event queue was lost"),
    PRIQ_MSI("PRIQ MSI write aborted", null, "an interrupt of the PRI queue was lost"),
    GERROR_MSI("GERROR MSI write aborted", null, "an interrupt for a global error was lost");

    /** How many raw words follow {@link #SKIPPED_COMMAND}: the command, not a record. */
    static final int COMMAND_WORDS = 2;

    /** Bits 0 to 10 of GERROR (Arm IHI 0070, 6.3.17). */
    private static final String[] ERRORS = {
        "CMDQ_ERR",
        null,
        "EVENTQ_ABT_ERR",
        "PRIQ_ABT_ERR",
        "MSI_CMDQ_ABT_ERR",
        "MSI_EVENTQ_ABT_ERR",
        "MSI_PRIQ_ABT_ERR",
        "MSI_GERROR_ABT_ERR",
        "SFM_ERR",
        "CMDQP_ERR",
        "DPT_ERR"
    };

    private static final DriverMessage[] ALL = values();

    private final String marker;
    private final String queue;
    private final String meaning;

    /**
     * A message.
     *
     * @param queue the queue that lost records, or null if none was lost
     */
    DriverMessage(String marker, String queue, String meaning) {
        this.marker = marker;
        this.queue = queue;
        this.meaning = meaning;
    }

    /** The message in a line, or null. */
    static DriverMessage in(String text) {
        for (DriverMessage message : ALL) {
            if (text.contains(message.marker)) {
                return message;
            }
        }
        return null;
    }

    /** Where the message begins in a line that holds it. */
    int at(String text) {
        return text.indexOf(marker);
    }

    /** Says what the line means; line and unit have been told already. */
    void tell(String text, LineSink out) {
        if (queue != null) {
            out.queue(queue).recordsLost(meaning);
        } else {
            out.status(this == GLOBAL_ERROR ? errors(text) : meaning);
        }
    }

    private static String errors(String text) {
        int from = text.indexOf("(0x") + 3;
        int to = LogText.endOfHex(text, from);
        StringBuilder sentence = new StringBuilder("the unit reports a global error");
        if (from < 3 || to == from || to - from > LogText.WORD_DIGITS) {
            return sentence.toString();
        }
        long active = LogText.hex(text, from, to);
        String separator = ": ";
        for (int bit = 0; bit < ERRORS.length; bit++) {
            if ((active & 1L << bit) != 0 && ERRORS[bit] != null) {
                sentence.append(separator).append(ERRORS[bit]);
                separator = ", ";
            }
        }
        return sentence.append(" (GERROR 0x")
                .append(Long.toHexString(active))
                .append(')')
                .toString();
    }
}
