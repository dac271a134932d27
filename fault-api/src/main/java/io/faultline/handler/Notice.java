package io.faultline.handler;

import io.faultline.fault.Origin;
import io.faultline.fault.PageRequestGroup;

/**
 * What is no fault, but concerns who handles faults.
 *
 * @param kind what happened
 * @param origin the queue it concerns
 * @param group the group, for {@link Kind#GROUP_WITHDRAWN} and {@link Kind#GROUP_EXPIRED}; else
 *     null
 * @param requester the device, for {@link Kind#DEVICE_REMOVED} and storms; else 0
 * @param count how many, where the kind counts something; -1 if nobody knows
 * @param description a sentence for people
 */
public record Notice(
        Kind kind,
        Origin origin,
        PageRequestGroup group,
        int requester,
        long count,
        String description) {
    /** The kinds of notice. A handler ignores kinds it does not know. */
    public enum Kind {
        /** Records or log lines are missing. */
        RECORDS_LOST,
        /** The hardware queue overflowed; partial groups were discarded. */
        OVERFLOW,
        /** The unit was reset: its generation rose, its groups are withdrawn. */
        UNIT_RESET,
        /** The unit is gone. */
        UNIT_GONE,
        /** A device was removed. */
        DEVICE_REMOVED,
        /** A deferred group needs no answer any more: stop working on it. */
        GROUP_WITHDRAWN,
        /** A deferred group was answered by its deadline or a drain: stop working on it. */
        GROUP_EXPIRED,
        /** A device began to flood. */
        STORM_BEGINS,
        /** A flooding device calmed down. */
        STORM_ENDS
    }
}
