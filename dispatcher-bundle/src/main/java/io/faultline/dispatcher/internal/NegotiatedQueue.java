package io.faultline.dispatcher.internal;

import io.faultline.queue.BoundedQueue;
import io.faultline.queue.QueueGrant;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/**
 * A bounded queue of granted size: the JDK's unbounded lock-free queue, with a place taken before
 * an element goes in and given back after it came out.
 */
final class NegotiatedQueue<E> implements BoundedQueue<E> {
    private final QueueGrant grant;
    private final Queue<E> elements = new ConcurrentLinkedQueue<>();
    private final AtomicInteger places;
    private final LongAdder refused = new LongAdder();

    NegotiatedQueue(QueueGrant grant) {
        this.grant = grant;
        this.places = new AtomicInteger(grant.granted());
    }

    @Override
    public QueueGrant grant() {
        return grant;
    }

    @Override
    public boolean offer(E element) {
        Objects.requireNonNull(element, "element");
        if (places.decrementAndGet() < 0) {
            places.incrementAndGet();
            refused.increment();
            return false;
        }
        return elements.add(element);
    }

    @Override
    public int drain(Consumer<? super E> to, int limit) {
        int taken = 0;
        while (taken < limit) {
            E element = elements.poll();
            if (element == null) {
                break;
            }
            places.incrementAndGet();
            to.accept(element);
            taken++;
        }
        return taken;
    }

    @Override
    public int size() {
        return Math.max(0, Math.min(grant.granted(), grant.granted() - places.get()));
    }

    @Override
    public long refused() {
        return refused.sum();
    }
}
