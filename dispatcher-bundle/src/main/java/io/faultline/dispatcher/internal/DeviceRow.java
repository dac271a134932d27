package io.faultline.dispatcher.internal;

import io.faultline.fault.Response;

/**
 * What one lane keeps about one device: its counters, which anybody reads, and what bounds it,
 * which only the lane uses.
 */
final class DeviceRow {
    /** The requester, unsigned; -1 for "others", -2 for what names no requester. */
    final long requester;

    /** Small number of this row on its lane, for rings that count by device. */
    final int index;

    final Tally tally = new Tally(Count.SIZE);

    /** What the device shares with other functions of its physical one. */
    final Allocation allocation;

    /** The device's name, once a fault has told it. */
    volatile String name;

    /**
     * What its page requests are answered without asking anybody ({@link
     * io.faultline.platform.DeviceControl#block}, {@code fail}); null: handlers are asked. Written
     * by the lane.
     */
    volatile Response shut;

    /** Groups that wait for a handler or for room in the command ring. */
    int waiting;

    /** Page requests that wait for the last one of their group. */
    int partial;

    /** How often the device may still be told to ask again (R8). */
    int retries;

    /** When {@link #retries} was last refilled by time. */
    long refilledNanos;

    /** How often in a row a stall was held back; the exponent of its delay. */
    int stallHolds;

    DeviceRow(long requester, Allocation allocation, int index, int retries, long nanos) {
        this.requester = requester;
        this.allocation = allocation;
        this.index = index;
        this.retries = retries;
        this.refilledNanos = nanos;
    }

    /** Notes when a fault of this device came. */
    void seen(long time, String deviceName) {
        if (tally.get(Count.LAST_TIME) == 0) {
            tally.set(Count.FIRST_TIME, time);
        }
        tally.set(Count.LAST_TIME, time);
        if (deviceName != null && name == null) {
            name = deviceName;
        }
    }
}
