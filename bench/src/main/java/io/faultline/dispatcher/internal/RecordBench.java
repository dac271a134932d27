package io.faultline.dispatcher.internal;

import io.faultline.fault.Fault;
import io.faultline.fault.Response;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * From a raw record to its outcome, by kind of record: a lane as it ships (decode, chain of three,
 * counters, device rows, last faults; page requests answered, down to the command's bytes), beside
 * the same decoder with three hand-written calls that stay calls, and beside decoding alone.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(EndlessUnit.BATCH)
@Fork(2)
@Warmup(iterations = 3, time = 250, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 250, timeUnit = TimeUnit.MILLISECONDS)
public class RecordBench {
    private static final int HANDLERS = 3;
    private static final int COMMAND_BYTES = 64;

    /** What the queue holds. */
    @Param public RecordKind kind;

    private final HandWrittenCalls calls = new HandWrittenCalls();
    private final ByteBuffer command =
            ByteBuffer.allocate(COMMAND_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private MadeFaults made;
    private EndlessUnit unit;
    private PollutedLane polluted;

    /** Makes the lane, and looks whether each record reaches the last handler. */
    @Setup
    public void prepare() {
        made = new MadeFaults(kind);
        unit = new EndlessUnit("peer", kind);
        calls.to(Counting.chain(HANDLERS, kind.handled()));
        polluted = new PollutedLane("lane", kind);
        var chain = Counting.chain(HANDLERS, kind.handled());
        polluted.to(chain);
        long answers = polluted.unit.answers();
        polluted.round();
        answers = polluted.unit.answers() - answers;
        if (chain.get(0).sum() == 0 || answers != (kind.encoder == null ? 0 : EndlessUnit.BATCH)) {
            throw new IllegalStateException(kind + ": its records do not come through");
        }
    }

    /** What ships. */
    @Benchmark
    public long lane() {
        return polluted.round();
    }

    /** What a driver that knows its handlers would write. */
    @Benchmark
    public long calls() {
        ByteBuffer memory = unit.memory();
        int bytes = kind.decoder.recordBytes();
        for (int i = 0; i < EndlessUnit.BATCH; i++) {
            kind.decoder.decode(memory, i * bytes, made);
            calls.run(made.fault);
            if (kind.encoder != null) {
                command.clear();
                kind.encoder.encode(made.group(), Response.SUCCESS, command);
                command.flip();
                unit.port().submit(command);
            }
        }
        return unit.answers();
    }

    /** Decoding alone, to an object. */
    @Benchmark
    public Fault decode() {
        return made.decodeBatch(unit.memory());
    }
}
