package io.faultline.testkit;

import io.faultline.fault.Fault;
import io.faultline.log.LogLine;
import java.util.Map;

/**
 * One thing that a {@code LineDecoder} said.
 *
 * @param kind what it said
 * @param line the line it is reported at
 * @param arch the architecture, null where none was named
 * @param unit the unit's name, null if the log does not say
 * @param queue the queue's kind, or null
 * @param device the device as the source writes it, or null
 * @param truncated whether it was marked as incomplete
 * @param fault the fault, for {@link Kind#FAULT}; else null
 * @param text the function of {@link Kind#SUPPRESSED}, the reason word of {@link Kind#MALFORMED},
 *     for others the description; null for a fault
 * @param count the number as printed, of {@link Kind#SUPPRESSED} and {@link Kind#LOST}; else 0
 * @param atLeast fewest faults that it stands for, of {@link Kind#SUPPRESSED}; else 0
 * @param atMost most faults that it stands for, of {@link Kind#SUPPRESSED}; else 0
 * @param keys the architecture's own keys of what is no fault, often empty
 */
public record LineReport(
        Kind kind,
        LogLine line,
        String arch,
        String unit,
        String queue,
        String device,
        boolean truncated,
        Fault fault,
        String text,
        long count,
        long atLeast,
        long atMost,
        Map<String, Object> keys) {
    /** What was called. */
    public enum Kind {
        /** A fault of any kind. */
        FAULT,
        /** A record in the log that makes no sense. */
        MALFORMED,
        /** Calls that the kernel did not print. */
        SUPPRESSED,
        /** Hardware or a queue lost records. */
        RECORDS_LOST,
        /** A line about faults that counts none. */
        STATUS,
        /** A line that belongs to a neighbouring event. */
        DETAIL,
        /** A gap in the log. */
        LOST,
        /** A slot that held nothing, or one not written yet. */
        NOTHING
    }
}
