package io.faultline.queue;

import java.util.function.Consumer;
import org.osgi.annotation.versioning.ProviderType;

/**
 * A bounded queue from lanes to one consumer.
 *
 * <p><b>Threads.</b> Any number of threads offer, one drains. Nobody waits for anybody.
 *
 * @param <E> what it holds
 */
@ProviderType
public interface BoundedQueue<E> {
    /**
     * What was granted.
     *
     * @return its {@code granted} elements fit
     */
    QueueGrant grant();

    /**
     * Puts one element in.
     *
     * @param element not null
     * @return false if the queue is full: counted, and the caller's policy decides
     */
    boolean offer(E element);

    /**
     * Takes elements out. By the consumer only.
     *
     * @param to takes each, in order
     * @param limit at most this many
     * @return how many were taken
     */
    int drain(Consumer<? super E> to, int limit);

    /**
     * How many elements wait, about.
     *
     * @return 0 to what was granted
     */
    int size();

    /**
     * How many elements were refused so far.
     *
     * @return counts up only
     */
    long refused();
}
