package io.faultline.handler;

import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/**
 * What a handler may know and do while it handles one fault. Valid during that call, on that thread
 * only.
 */
@ProviderType
public interface FaultContext {
    /**
     * What earlier handlers failed at (R2).
     *
     * @return in the order of the chain, most often empty; immutable, may be kept
     */
    List<Failure> failures();

    /**
     * Takes the fault over, to be concluded later from any thread. Return {@link Verdict#DEFERRED}
     * afterwards; any other verdict, or a throw, cancels the deferral.
     *
     * @return the deferral; the same one at each call for one fault
     * @throws IllegalStateException if this fault cannot be deferred: only page request groups and
     *     hints can, and not if they are observed
     */
    Deferral defer();

    /**
     * The lane that calls.
     *
     * @return a small number, from 0
     */
    int lane();

    /**
     * Whether the handler runs as a shadow: its verdict is compared and never acts.
     *
     * @return true for a shadow
     */
    boolean shadow();

    /**
     * The time, read once a batch.
     *
     * @return nanoseconds of the platform's {@link Ticker}
     */
    long nanos();

    /**
     * The part of a counter that belongs to this lane: counting in it disturbs no other lane.
     *
     * @param key the counter
     * @return its cell for this lane
     */
    default LaneCounter counter(CounterKey key) {
        return key.cell(lane());
    }
}
