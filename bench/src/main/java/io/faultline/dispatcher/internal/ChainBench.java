package io.faultline.dispatcher.internal;

import io.faultline.fault.Fault;
import io.faultline.handler.Verdict;
import java.util.List;
import java.util.concurrent.TimeUnit;
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
 * From a fault to handlers, by what ships and by what somebody would pick instead: the same 256
 * faults, the same handlers, all ways polluted with eight classes of handlers before.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(EndlessUnit.BATCH)
@Fork(2)
@Warmup(iterations = 3, time = 250, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 250, timeUnit = TimeUnit.MILLISECONDS)
public class ChainBench {
    private static final int POLLUTING_BATCHES = 100;

    /** How faults come to handlers. */
    @Param public Peer peer;

    /** How many handlers are asked, of which the last one handles. */
    @Param({"1", "3", "8"})
    public int handlers;

    private final Fault[] faults = MadeFaults.batch(RecordKind.SMMUV3_EVENT);
    private Way way;

    /** The ways. */
    public enum Peer {
        /** Calls by hand that stay calls: what others are compared with. */
        CALLS,
        /** Calls by hand, inlined. */
        INLINED,
        /** What ships. */
        FAULTLINE,
        /** What ships, 64 other devices having handlers of their own. */
        FAULTLINE_DEVICES,
        /** Felix EventAdmin, sendEvent, Timeout=0. */
        EVENT_ADMIN_SEND,
        /** Felix EventAdmin, postEvent. */
        EVENT_ADMIN_POST,
        /** Aries Typed Event Bus. */
        TYPED_EVENT_BUS,
        /** OSGi PushStream. */
        PUSH_STREAM,
        /** LMAX Disruptor. */
        DISRUPTOR,
        /** A look-up of services per event. */
        SERVICE_LOOKUP,
        /** A Netty pipeline. */
        NETTY;

        private Way make() {
            return switch (this) {
                case CALLS -> new HandWrittenCalls();
                case INLINED -> new HandWrittenInlined();
                case FAULTLINE -> new LaneWay(false);
                case FAULTLINE_DEVICES -> new LaneWay(true);
                case EVENT_ADMIN_SEND -> new EventAdminWay(false);
                case EVENT_ADMIN_POST -> new EventAdminWay(true);
                case TYPED_EVENT_BUS -> new TypedEventWay();
                case PUSH_STREAM -> new PushStreamWay();
                case DISRUPTOR -> new DisruptorWay();
                case SERVICE_LOOKUP -> new LookupWay();
                case NETTY -> new NettyWay();
            };
        }
    }

    /** Pollutes the way, attaches the handlers, and looks whether each of them is reached. */
    @Setup
    public void prepare() {
        way = peer.make();
        way.to(Counting.chain(Counting.CLASSES, Verdict.HANDLED));
        for (int i = 0; i < POLLUTING_BATCHES; i++) {
            way.run(faults);
        }
        List<Counting> chain = Counting.chain(handlers, Verdict.HANDLED);
        way.to(chain);
        way.run(faults);
        for (Counting handler : chain) {
            long expected = 0;
            for (Fault fault : faults) {
                expected += handler.of(fault);
            }
            if (handler.sum() != expected) {
                throw new IllegalStateException(
                        handler.getClass().getSimpleName()
                                + " saw "
                                + handler.sum()
                                + " by way of "
                                + peer
                                + " instead of "
                                + expected);
            }
        }
    }

    /** Ends the peer's threads. */
    @TearDown(Level.Trial)
    public void close() {
        way.close();
    }

    /** A fault to all its handlers. */
    @Benchmark
    public void chain() {
        way.run(faults);
    }
}
