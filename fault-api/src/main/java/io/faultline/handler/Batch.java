package io.faultline.handler;

import io.faultline.fault.Origin;
import org.osgi.annotation.versioning.ProviderType;

/**
 * A batch that has ended: what the queue's PROD covered when it was read (R12), or groups that were
 * offered again without new records, as those of a handler that has left.
 */
@ProviderType
public interface Batch {
    /**
     * The queue it came from.
     *
     * @return never null
     */
    Origin origin();

    /**
     * How many records it had.
     *
     * @return at least 1; 0 if groups were only offered again
     */
    int records();

    /**
     * Its number on this lane.
     *
     * @return from 1
     */
    long number();

    /**
     * The lane that calls.
     *
     * @return a small number, from 0
     */
    int lane();
}
