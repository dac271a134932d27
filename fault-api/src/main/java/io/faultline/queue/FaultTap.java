package io.faultline.queue;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * Watches faults and what became of them, without a say. Register it as a service; {@link Taps}
 * says what it wants.
 *
 * <p><b>Threads.</b> Called on a thread of the tap's own, one call at a time. A tap that is slow
 * loses faults and is told how many; it never slows a lane. Once the service is gone no call
 * begins, and none is running (R6).
 */
@ConsumerType
public interface FaultTap {
    /**
     * Takes a batch of faults. While the service is being unregistered it gets what its queue still
     * holds, for a while at most.
     *
     * @param batch what has come; valid during this call only, the faults in it for ever
     * @throws Exception counted; a tap that keeps throwing is taken out (R4)
     */
    void consume(TapBatch batch) throws Exception;

    /**
     * Says what queue this tap got. Called before the first {@link #consume}.
     *
     * @param grant what was asked for and what was granted
     */
    default void granted(QueueGrant grant) {}
}
