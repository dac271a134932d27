package io.faultline.platform;

/**
 * A device as the platform sees it.
 *
 * @param requester the requester, unsigned; -1 for the row "others"
 * @param name its name, or null
 * @param counts its counters
 * @param firstNanos when its first fault came, in the unit's time base
 * @param lastNanos when its last fault came
 */
public record DeviceView(
        long requester, String name, Counts counts, long firstNanos, long lastNanos) {}
