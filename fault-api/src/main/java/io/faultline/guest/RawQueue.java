package io.faultline.guest;

import io.faultline.queue.QueueGrant;
import org.osgi.annotation.versioning.ProviderType;

/**
 * A hardware queue that its client fills.
 *
 * <p><b>Threads.</b> One thread at a time writes and closes.
 */
@ProviderType
public interface RawQueue extends AutoCloseable {
    /**
     * What was granted.
     *
     * @return how many records fit
     */
    QueueGrant grant();

    /**
     * The length of a record.
     *
     * @return bytes
     */
    int recordBytes();

    /**
     * Writes a batch of records, as hardware would: what does not fit is lost, and the queue has
     * overflowed.
     *
     * @param records raw records, one after the other
     * @return how many fitted
     * @throws IllegalArgumentException if the length is no multiple of {@link #recordBytes()}
     * @throws IllegalStateException if it is closed
     */
    int write(byte[] records);

    /** Takes the unit away: its groups are drained. */
    @Override
    void close();
}
