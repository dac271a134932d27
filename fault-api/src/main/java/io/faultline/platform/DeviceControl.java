package io.faultline.platform;

import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ProviderType;

/**
 * What the owner of a device, or an operator, does with the faults of that device (R9). The
 * dispatcher provides it as one service.
 *
 * <p><b>Ending a PASID, a device or an address space</b> has an order: first its owner stops the
 * device (PCIe 10.4.1.2: the function issues no more requests and waits until those under way are
 * answered); then {@link #flush}; only when that says {@link Result#isQuiet()} may the PASID be
 * used for something else.
 *
 * <p><b>Threads.</b> Safe for any thread. Nothing here waits: a stage is completed on a lane, or on
 * the calling thread if there is nothing to do. What is chained to it must be quick; a handler must
 * not wait for a stage on its lane, since the lane would have to do the work.
 *
 * <p><b>Errors.</b> A unit that is not there is an {@link IllegalArgumentException} that names
 * those that are. A stage is never completed exceptionally.
 */
@ProviderType
public interface DeviceControl {
    /** In place of a PASID: all of them, and requests without one. */
    int ALL_PASIDS = -2;

    /**
     * Waits for what is under way. In each of the unit's queues: the records up to the producer's
     * index read now are consumed; groups are waited for until they are answered and handlers have
     * let go of them; partial groups are discarded. At the limit what is left is answered INVALID
     * and its deferrals are cancelled, but handlers are still waited for.
     *
     * @param unit the unit's name
     * @param requester the device
     * @param pasid a PASID, {@link io.faultline.fault.Fault#NO_PASID} for requests without one, or
     *     {@link #ALL_PASIDS}
     * @param limitMillis when groups are answered INVALID; 0 to 600000. A group's own deadline may
     *     come before
     * @return completed when nothing is under way any more, or nobody is waited for any more
     */
    CompletionStage<Result> flush(String unit, int requester, int pasid, long limitMillis);

    /**
     * The device is not there any more. Records up to the producer's index read now are consumed,
     * its groups are withdrawn (nobody is there to be answered), partial ones discarded; handlers
     * are told {@code DEVICE_REMOVED} and waited for. A device that comes back at this place is a
     * new one.
     *
     * @param unit the unit's name
     * @param requester the device
     * @return as for {@link #flush}
     */
    CompletionStage<Result> remove(String unit, int requester);

    /**
     * From now on handlers are asked about nothing of this device: its page requests are answered
     * INVALID, its stalls aborted, other faults only shown to taps; all of it is counted as shed.
     * What handlers have already taken over goes on. Until {@link #unblock} or until the unit
     * leaves.
     *
     * @param unit the unit's name
     * @param requester the device
     * @return completed when every queue of the unit knows
     */
    CompletionStage<Result> block(String unit, int requester);

    /**
     * Ends {@link #block} and {@link #fail}.
     *
     * @param unit the unit's name
     * @param requester the device
     * @return completed when every queue of the unit knows
     */
    CompletionStage<Result> unblock(String unit, int requester);

    /**
     * Shuts the page request interface of a function and of its virtual functions down: all its
     * groups, now and from now on, are answered Response Failure (PCIe 10.4.2.1), deferrals are
     * cancelled. Its stalls are aborted. Only the function's driver can enable its interface again;
     * {@link #unblock} lets requests reach handlers again.
     *
     * @param unit the unit's name
     * @param requester the device
     * @return completed when every queue of the unit knows
     */
    CompletionStage<Result> fail(String unit, int requester);

    /**
     * What came of it.
     *
     * @param ended groups that ended otherwise than by a handler: INVALID at the limit, withdrawn,
     *     or failed
     * @param discarded page requests of groups that never became complete
     * @param held deferrals that handlers had not let go of in time
     * @param unread records that could not be read in time: no decoder, or indices that contradict
     *     each other
     */
    record Result(long ended, long discarded, long held, long unread) {
        /**
         * Whether nothing can touch the address space any more.
         *
         * @return false if a handler was given up, or records were left
         */
        public boolean isQuiet() {
            return held == 0 && unread == 0;
        }

        /**
         * Two results in one.
         *
         * @param other of another queue
         * @return the sums
         */
        public Result plus(Result other) {
            return new Result(
                    ended + other.ended,
                    discarded + other.discarded,
                    held + other.held,
                    unread + other.unread);
        }
    }
}
