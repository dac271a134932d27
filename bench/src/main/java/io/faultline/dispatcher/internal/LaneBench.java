package io.faultline.dispatcher.internal;

import io.faultline.fault.Fault;
import io.faultline.fault.Faults;
import io.faultline.fault.Origin;
import io.faultline.fault.Reason;
import io.faultline.fault.TimeBase;
import io.faultline.fault.Unit;
import io.faultline.handler.FaultContext;
import io.faultline.handler.FaultHandler;
import io.faultline.handler.Handles;
import io.faultline.handler.Verdict;
import io.faultline.hardware.CommandPort;
import io.faultline.hardware.Decodes;
import io.faultline.hardware.HardwareUnit;
import io.faultline.hardware.RecordQueue;
import io.faultline.smmuv3.internal.EventDecoder;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.CompilerControl;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * SMMUv3 event records through a lane as it ships (decode, chain of three, counters, device rows,
 * last faults), beside the same decoder with three hand-written calls that stay calls. Before
 * anything is measured the lane has run with eight other handler classes, as in a real platform.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(LaneBench.BATCH)
@Fork(3)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class LaneBench {
    static final int BATCH = 256;
    private static final int RECORD_BYTES = 32;
    private static final int DEVICES = 16;

    private final Endless unit = new Endless();
    private final EventDecoder decoder = new EventDecoder();
    private final First first = new First();
    private final Second second = new Second();
    private final Third third = new Third();
    private final Peer peer = new Peer();
    private Lane lane;

    /** Makes the lane, and pollutes its code with handlers that then leave. */
    @Setup
    public void prepare() {
        Dispatcher dispatcher =
                Dispatcher.stepped(Settings.DEFAULTS, System::nanoTime, message -> {});
        dispatcher.addDecoder(
                decoder,
                Source.named("decoder", 1),
                Map.of(Decodes.ARCH, "smmuv3", Decodes.QUEUE, "evtq"));
        dispatcher.addUnit(unit, Source.named("unit", 2));
        lane = dispatcher.lanes().get(0);
        List<FaultHandler> others =
                List.of(
                        (f, c) -> Verdict.PASSED,
                        (f, c) -> f.iova() == 1 ? Verdict.HANDLED : Verdict.PASSED,
                        (f, c) -> f.pasid() == 1 ? Verdict.HANDLED : Verdict.PASSED,
                        (f, c) -> f.requester() == 1 ? Verdict.PASSED : Verdict.HANDLED,
                        (f, c) -> f.access().isWrite() ? Verdict.PASSED : Verdict.HANDLED,
                        (f, c) -> f.code() == 1 ? Verdict.PASSED : Verdict.HANDLED,
                        (f, c) -> f.stage() == 1 ? Verdict.PASSED : Verdict.HANDLED,
                        (f, c) -> f.time() == 1 ? Verdict.PASSED : Verdict.HANDLED);
        Map<String, ?> properties = Map.of(Handles.KINDS, "unrecoverable");
        for (int i = 0; i < others.size(); i++) {
            dispatcher.addHandler(others.get(i), Source.named("other", 10 + i), properties);
            for (int step = 0; step < 2000; step++) {
                lane.stepByHand();
            }
            dispatcher.removeHandler(10 + i);
        }
        dispatcher.addHandler(first, Source.named("first", 100), properties);
        dispatcher.addHandler(second, Source.named("second", 101), properties);
        dispatcher.addHandler(third, Source.named("third", 102), properties);
    }

    /** What ships. */
    @Benchmark
    public int lane() {
        return lane.stepByHand();
    }

    /** What a driver that knows its handlers would write. */
    @Benchmark
    public long handWrittenCalls() {
        ByteBuffer memory = unit.memory();
        for (int i = 0; i < BATCH; i++) {
            decoder.decode(memory, i * RECORD_BYTES, peer);
            Fault fault = peer.fault;
            if (first.called(fault) == Verdict.PASSED && second.called(fault) == Verdict.PASSED) {
                third.called(fault);
            }
        }
        return first.count + second.count + third.count;
    }

    /** Decoding alone, to an object. */
    @Benchmark
    public Fault decodeAlone() {
        ByteBuffer memory = unit.memory();
        for (int i = 0; i < BATCH; i++) {
            decoder.decode(memory, i * RECORD_BYTES, peer);
        }
        return peer.fault;
    }

    /** Counts writes. */
    private static final class First implements FaultHandler {
        long count;

        @Override
        public Verdict handle(Fault fault, FaultContext context) {
            return called(fault);
        }

        @CompilerControl(CompilerControl.Mode.DONT_INLINE)
        Verdict called(Fault fault) {
            if (fault.access().isWrite()) {
                count++;
            }
            return Verdict.PASSED;
        }
    }

    /** Counts a range. */
    private static final class Second implements FaultHandler {
        long count;

        @Override
        public Verdict handle(Fault fault, FaultContext context) {
            return called(fault);
        }

        @CompilerControl(CompilerControl.Mode.DONT_INLINE)
        Verdict called(Fault fault) {
            if (fault.iova() > 0x1000) {
                count++;
            }
            return Verdict.PASSED;
        }
    }

    /** Handles all. */
    private static final class Third implements FaultHandler {
        long count;

        @Override
        public Verdict handle(Fault fault, FaultContext context) {
            return called(fault);
        }

        @CompilerControl(CompilerControl.Mode.DONT_INLINE)
        Verdict called(Fault fault) {
            count += fault.requester();
            return Verdict.HANDLED;
        }
    }

    /** Makes the same object as the lane, and keeps it. */
    private static final class Peer extends OtherCalls {
        private static final Origin ORIGIN =
                new Origin(new Unit("smmuv3", "peer"), "evtq", 1, TimeBase.BOOT, false);

        private Fault fault;
        private long sequence;

        @Override
        public void unrecoverable(
                Reason reason,
                int code,
                int attributes,
                int requester,
                int pasid,
                long iova,
                long second,
                long w0,
                long w1,
                long w2,
                long w3) {
            fault =
                    Faults.unrecoverable(
                            ORIGIN,
                            null,
                            0,
                            ++sequence,
                            4,
                            reason,
                            code,
                            attributes,
                            requester,
                            pasid,
                            iova,
                            second,
                            w0,
                            w1,
                            w2,
                            w3);
        }
    }

    /**
     * A unit whose queue always holds a full batch of events: terminated writes of some devices.
     */
    private static final class Endless implements HardwareUnit, RecordQueue {
        private final ByteBuffer memory =
                ByteBuffer.allocateDirect(BATCH * RECORD_BYTES).order(ByteOrder.LITTLE_ENDIAN);

        Endless() {
            for (int i = 0; i < BATCH; i++) {
                int at = i * RECORD_BYTES;
                memory.putLong(at, 0x10 | (long) (i % DEVICES) << 32);
                memory.putLong(at + 8, 0x200_0000_0000L);
                memory.putLong(at + 16, 0x9_0000_0000L + i * 0x1000L);
                memory.putLong(at + 24, 0);
            }
        }

        @Override
        public Unit unit() {
            return new Unit("smmuv3", "endless");
        }

        @Override
        public List<RecordQueue> queues() {
            return List.of(this);
        }

        @Override
        public CommandPort port() {
            return command -> true;
        }

        @Override
        public String kind() {
            return "evtq";
        }

        @Override
        public int available() {
            return BATCH;
        }

        @Override
        public int first() {
            return 0;
        }

        @Override
        public int slots() {
            return BATCH;
        }

        @Override
        public ByteBuffer memory() {
            return memory;
        }

        @Override
        public void consumed(int n) {}

        @Override
        public boolean overflowed() {
            return false;
        }

        @Override
        public void acknowledge() {
            throw new IllegalStateException("never overflows");
        }
    }
}
