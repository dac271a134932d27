package io.faultline.queue;

import io.faultline.fault.Fault;
import org.osgi.annotation.versioning.ProviderType;

/** Some faults on their way to a tap, in the order of their lane. */
@ProviderType
public interface TapBatch {
    /**
     * How many faults there are.
     *
     * @return at least 0: a batch may only say that some were lost
     */
    int size();

    /**
     * One fault.
     *
     * @param i from 0
     * @return the fault; may be kept
     * @throws IndexOutOfBoundsException if {@code i} is not below {@link #size()}
     */
    Fault fault(int i);

    /**
     * What became of it on its first way down the chain.
     *
     * @param i from 0
     * @return never null
     * @throws IndexOutOfBoundsException if {@code i} is not below {@link #size()}
     */
    Outcome outcome(int i);

    /**
     * How many faults did not fit before the first one of this batch (R11).
     *
     * @return 0 if none was lost
     */
    long lost();
}
