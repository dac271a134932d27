package io.faultline.dispatcher.internal;

import io.faultline.fault.Response;
import io.faultline.hardware.RecordQueue;
import io.faultline.platform.DeviceControl;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * One queue's share in the end of a PASID or device ({@link DeviceControl#flush}, {@code remove};
 * R9): read what was there, wait for groups, discard what is partial, wait for handlers. Its lane
 * calls {@link #step} after each batch until it is done.
 */
final class Ending {
    private static final long MILLI = 1_000_000L;

    private final QueueLane lane;
    private final Groups groups;
    private final int requester;
    private final int pasid;
    private final boolean removal;
    private final long limitNanos;
    private final CompletableFuture<DeviceControl.Result> done;

    /** Records that were there when it began and have not been read. */
    private long unread;

    private boolean isRead;
    private boolean isAnswered;
    private long ended;
    private long discarded;

    /** By the lane. */
    Ending(
            QueueLane lane,
            Groups groups,
            Request request,
            CompletableFuture<DeviceControl.Result> done) {
        this.lane = lane;
        this.groups = groups;
        this.requester = request.requester();
        this.pasid = request.pasid();
        this.removal = request.removal();
        this.limitNanos = lane.nanos() + MILLI * request.limitMillis();
        this.done = done;
    }

    /**
     * What is asked for.
     *
     * @param removal whether the device is gone: its groups are withdrawn, not answered
     */
    record Request(int requester, int pasid, boolean removal, long limitMillis) {}

    /**
     * Whether something of a device and PASID is meant.
     *
     * @param pasid a PASID, none, or {@link DeviceControl#ALL_PASIDS}
     */
    static boolean concerns(int requester, int pasid, int itsRequester, int itsPasid) {
        return requester == itsRequester
                && (pasid == DeviceControl.ALL_PASIDS || pasid == itsPasid);
    }

    /** Notes what waits in the queue now; {@code available} as the queue said. */
    void begin(int available) {
        unread = available == RecordQueue.INCONSISTENT ? 1 : Math.max(available, 0);
    }

    /** Records were read. */
    void read(int records) {
        unread = Math.max(0, unread - records);
    }

    /**
     * Goes on as far as it can.
     *
     * @return whether it is done
     */
    boolean step() {
        boolean late = lane.nanos() - limitNanos >= 0;
        if (!isRead && !read(late)) {
            return false;
        }
        if (!isAnswered && !answered(late)) {
            return false;
        }
        List<Waiting> held = groups.held(requester, pasid);
        if (!groups.areGivenUp(held)) {
            return false;
        }
        complete(held.size());
        return true;
    }

    private boolean read(boolean late) {
        if (unread > 0 && !late) {
            return false;
        }
        isRead = true;
        if (removal) {
            ended = groups.withdraw(requester, "its device was removed");
            lane.deviceRemoved(requester, ended);
        }
        return true;
    }

    private boolean answered(boolean late) {
        if (groups.outstanding(requester, pasid) > 0) {
            if (!late) {
                return false;
            }
            ended += groups.end(requester, pasid, Count.EXPIRED, Response.INVALID, "it is flushed");
            groups.flush();
        }
        isAnswered = true;
        // once: what comes from now on is of a new life
        discarded = groups.discardPartial(requester, pasid);
        return true;
    }

    /** The unit leaves: nobody is waited for any more. */
    void abandon() {
        complete(groups.held(requester, pasid).size());
    }

    private void complete(long held) {
        done.complete(new DeviceControl.Result(ended, discarded, held, unread));
    }
}
