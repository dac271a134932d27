package io.faultline.dispatcher.internal;

import com.lmax.disruptor.EventHandler;
import com.lmax.disruptor.RingBuffer;
import com.lmax.disruptor.YieldingWaitStrategy;
import com.lmax.disruptor.dsl.Disruptor;
import com.lmax.disruptor.dsl.ProducerType;
import com.lmax.disruptor.util.DaemonThreadFactory;
import io.faultline.fault.Fault;
import io.faultline.handler.Verdict;
import io.faultline.queue.FaultTap;
import io.faultline.queue.TapBatch;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What watchers cost a lane: SMMUv3 events, a chain of one, and taps that read what they are shown,
 * each on its own thread. Beside it the same decoder and handler, with LMAX Disruptor consumers
 * instead of taps. A tap that is too slow loses faults and the lane goes on (R11); a full Disruptor
 * holds its producer up. So the part that was lost stands beside the speed.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@OperationsPerInvocation(EndlessUnit.BATCH)
@Fork(2)
@Warmup(iterations = 3, time = 250, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 250, timeUnit = TimeUnit.MILLISECONDS)
public class TapBench {
    private static final int CAPACITY = 4096;
    private static final int FIRST_TAP = 1000;

    /** How many watch. */
    @Param({"0", "1", "4"})
    public int consumers;

    private PollutedLane polluted;
    private final List<Watcher> watchers = new ArrayList<>();
    private Ring ring;

    /** What each iteration lost of what was shown, in parts of a consumer's share. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.EVENTS)
    public static class Losses {
        /** Faults that did not fit, of all watchers. */
        public long lost;

        /** Faults that watchers took. */
        public long seen;

        private long lostBefore;
        private long seenBefore;

        private void update(List<Watcher> watchers) {
            long allLost = 0;
            long allSeen = 0;
            for (Watcher watcher : watchers) {
                allLost += watcher.lost;
                allSeen += watcher.seen;
            }
            lost += allLost - lostBefore;
            seen += allSeen - seenBefore;
            lostBefore = allLost;
            seenBefore = allSeen;
        }
    }

    /** A tap. */
    private static final class Watcher implements FaultTap {
        private volatile long seen;
        private volatile long lost;

        @Override
        @SuppressWarnings("NonAtomicVolatileUpdate") // one call at a time, others only read
        public void consume(TapBatch batch) {
            for (int i = 0; i < batch.size(); i++) {
                look(batch.fault(i));
            }
            seen += batch.size();
            lost += batch.lost();
        }
    }

    /** The peer: a ring that all consumers read. */
    private static final class Ring {
        private final Disruptor<Slot> disruptor =
                new Disruptor<>(
                        Slot::new,
                        CAPACITY,
                        DaemonThreadFactory.INSTANCE,
                        ProducerType.SINGLE,
                        new YieldingWaitStrategy());
        private final EndlessUnit unit = new EndlessUnit("peer", RecordKind.SMMUV3_EVENT);
        private final MadeFaults made = new MadeFaults(RecordKind.SMMUV3_EVENT);
        private final HandWrittenCalls calls = new HandWrittenCalls();
        private final RingBuffer<Slot> slots;

        Ring(int consumers) {
            for (int i = 0; i < consumers; i++) {
                disruptor.handleEventsWith(new Adder());
            }
            calls.to(Counting.chain(1, Verdict.HANDLED));
            slots = disruptor.start();
        }

        void batch(boolean watched) {
            ByteBuffer memory = unit.memory();
            int bytes = RecordKind.SMMUV3_EVENT.decoder.recordBytes();
            for (int i = 0; i < EndlessUnit.BATCH; i++) {
                RecordKind.SMMUV3_EVENT.decoder.decode(memory, i * bytes, made);
                calls.run(made.fault);
                if (watched) {
                    long next = slots.next();
                    slots.get(next).fault = made.fault;
                    slots.publish(next);
                }
            }
        }
    }

    /** A place in the ring. */
    private static final class Slot {
        private Fault fault;
    }

    /** A consumer of the ring. */
    private static final class Adder implements EventHandler<Slot> {
        @Override
        public void onEvent(Slot slot, long sequence, boolean endOfBatch) {
            look(slot.fault);
        }
    }

    /** What each consumer does: it reads the fault. */
    private static void look(Fault fault) {
        if (fault.iova() == 0) {
            throw new IllegalStateException("no record has this address");
        }
    }

    /** Makes both, with their consumers. */
    @Setup
    public void prepare() {
        polluted = new PollutedLane("tapped", RecordKind.SMMUV3_EVENT);
        polluted.to(Counting.chain(1, Verdict.HANDLED));
        for (int i = 0; i < consumers; i++) {
            Watcher watcher = new Watcher();
            watchers.add(watcher);
            polluted.addTap(watcher, FIRST_TAP + i, CAPACITY);
        }
        ring = new Ring(consumers);
    }

    /** Ends the consumers. */
    @TearDown(Level.Trial)
    public void close() {
        ring.disruptor.halt();
        for (int i = 0; i < consumers; i++) {
            polluted.dispatcher.removeTap(FIRST_TAP + i);
        }
    }

    /** A lane with taps. */
    @Benchmark
    public void taps(Losses losses) {
        polluted.round();
        losses.update(watchers);
    }

    /** Hand-written, with a Disruptor. */
    @Benchmark
    public void disruptor() {
        ring.batch(consumers > 0);
    }
}
