package io.faultline.queue;

import org.osgi.annotation.versioning.ProviderType;

/**
 * Makes bounded queues of negotiated size, within the platform's {@code queue.limit}. A service of
 * the platform.
 */
@ProviderType
public interface Queues {
    /**
     * A new queue.
     *
     * @param <E> what it holds
     * @param requested how many elements should fit
     * @param least how many must fit for the queue to be of use
     * @return a queue; its grant says how many fit
     * @throws IllegalArgumentException if {@code least} is over the limit
     */
    <E> BoundedQueue<E> open(int requested, int least);
}
