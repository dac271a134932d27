package io.faultline.platform;

import java.util.List;
import java.util.Map;

/**
 * A unit or a log as the platform sees it.
 *
 * @param arch the architecture
 * @param name its name
 * @param observed whether its faults are only observed
 * @param generation raised by each reset
 * @param queues its queues
 * @param counts its counters
 * @param malformed malformed records by reason word
 * @param responses answers submitted, by response name
 * @param refused answers of handlers that came too late, or for a second time
 */
public record UnitView(
        String arch,
        String name,
        boolean observed,
        int generation,
        List<QueueView> queues,
        Counts counts,
        Map<String, Long> malformed,
        Map<String, Long> responses,
        long refused) {
    /**
     * One queue of a unit.
     *
     * @param kind the queue's kind
     * @param lane the lane that reads it
     * @param state {@code active}, {@code no decoder}, {@code inconsistent} or {@code ended}
     * @param waiting records that wait, when last looked at
     * @param batches batches read
     * @param overflows overflows acknowledged
     */
    public record QueueView(
            String kind, int lane, String state, int waiting, long batches, long overflows) {}
}
