package io.faultline.dispatcher.internal;

import com.lmax.disruptor.RingBuffer;
import com.lmax.disruptor.YieldingWaitStrategy;
import com.lmax.disruptor.dsl.Disruptor;
import com.lmax.disruptor.dsl.ProducerType;
import io.faultline.fault.Fault;
import io.faultline.handler.Verdict;
import java.util.List;

/** LMAX Disruptor: one producer, one consumer thread that runs the handlers in turn. */
final class DisruptorWay implements Way {
    private static final int SLOTS = 1024;

    private Disruptor<Slot> disruptor;
    private RingBuffer<Slot> ring;
    private Progress last;
    private long sent;

    /** A place in the ring. */
    private static final class Slot {
        private Fault fault;
    }

    @Override
    public void to(List<Counting> handlers) {
        close();
        Counting[] chain = handlers.toArray(Counting[]::new);
        last = new Progress(chain[chain.length - 1]);
        sent = 0;
        disruptor =
                new Disruptor<>(
                        Slot::new,
                        SLOTS,
                        task -> {
                            Thread thread = new Thread(task, "disruptor");
                            thread.setDaemon(true);
                            return thread;
                        },
                        ProducerType.SINGLE,
                        new YieldingWaitStrategy());
        disruptor.handleEventsWith((slot, sequence, endOfBatch) -> down(chain, slot.fault));
        ring = disruptor.start();
    }

    private void down(Counting[] chain, Fault fault) {
        for (Counting handler : chain) {
            if (handler.handle(fault, null) != Verdict.PASSED) {
                break;
            }
        }
        last.saw();
    }

    @Override
    public void run(Fault[] faults) {
        for (Fault fault : faults) {
            long next = ring.next();
            ring.get(next).fault = fault;
            ring.publish(next);
        }
        sent += faults.length;
        last.await(sent);
    }

    @Override
    public void close() {
        if (disruptor != null) {
            disruptor.shutdown();
        }
    }
}
