package io.faultline.dispatcher.internal;

import io.faultline.queue.BoundedQueue;
import io.faultline.queue.QueueGrant;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.jctools.queues.atomic.MpscAtomicArrayQueue;

/** A bounded queue of granted size, on the ring of JCTools that needs no {@code Unsafe}. */
final class NegotiatedQueue<E> implements BoundedQueue<E> {
    private final QueueGrant grant;
    private final MpscAtomicArrayQueue<E> ring;
    private final LongAdder refused = new LongAdder();

    NegotiatedQueue(QueueGrant grant) {
        this.grant = grant;
        this.ring = new MpscAtomicArrayQueue<>(grant.granted());
    }

    @Override
    public QueueGrant grant() {
        return grant;
    }

    @Override
    public boolean offer(E element) {
        Objects.requireNonNull(element, "element");
        // the ring rounds a capacity of 1 up to 2: the grant is what was promised
        if (ring.size() >= grant.granted() || !ring.offer(element)) {
            refused.increment();
            return false;
        }
        return true;
    }

    @Override
    public int drain(Consumer<? super E> to, int limit) {
        int taken = 0;
        for (E element = poll(taken, limit); element != null; element = poll(taken, limit)) {
            to.accept(element);
            taken++;
        }
        return taken;
    }

    private E poll(int taken, int limit) {
        return taken < limit ? ring.poll() : null;
    }

    @Override
    public int size() {
        return ring.size();
    }

    @Override
    public long refused() {
        return refused.sum();
    }
}
