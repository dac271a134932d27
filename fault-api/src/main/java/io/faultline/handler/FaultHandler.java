package io.faultline.handler;

import io.faultline.fault.Fault;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Takes part in the handling of faults. Register it as a service; its place in the chain is its
 * {@code service.ranking} (higher first, then the older registration).
 *
 * <p><b>Threads.</b> Called on the lane that read the fault: never at once for two faults of one
 * hardware queue, but at once for several queues (R13). A call that lasts longer than {@code
 * handler.limit.ms} counts as blocked (R14).
 *
 * <p><b>Leaving.</b> Once the service is gone no call begins, and none is running (R6). Who
 * registers a handler by hand unregisters it first in its activator's stop.
 *
 * @see Handles to narrow what a handler is offered
 */
@ConsumerType
public interface FaultHandler {
    /**
     * Decides about one fault.
     *
     * @param fault the fault; may be kept, it never changes
     * @param context what earlier handlers said, and {@link FaultContext#defer()}; valid during
     *     this call only
     * @return what becomes of the fault; {@code null} counts as a failure
     * @throws Exception taken as {@link Verdict.Kind#FAILED} with this cause; the chain goes on
     */
    Verdict handle(Fault fault, FaultContext context) throws Exception;

    /**
     * A batch has ended (R12): what PROD covered when read, at most {@code batch.limit} records,
     * even if more has come. Called once, after its slots are given back and its responses sent, if
     * this handler was offered at least one fault of it. What is offered again while no batch is
     * under way is followed by an end of its own.
     *
     * @param batch what has ended; valid during this call only
     */
    default void endOfBatch(Batch batch) {}

    /**
     * Something that is no fault: loss, overflow, reset, removal, withdrawal, storms.
     *
     * @param notice what happened; may be kept
     */
    default void notice(Notice notice) {}
}
