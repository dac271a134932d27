package io.faultline.dispatcher.internal;

import io.faultline.fault.Fault;
import io.faultline.fault.Origin;
import io.faultline.fault.PageRequestGroup;
import io.faultline.fault.TimeBase;
import io.faultline.fault.Unit;
import io.faultline.hardware.FaultMaker;
import java.nio.ByteBuffer;

/**
 * Makes the same objects as a lane, by what readers of dumps make them with, and keeps the last.
 */
final class MadeFaults extends FaultMaker {
    private final RecordKind kind;
    private final Origin origin;
    private final int words;
    private long sequence;

    /** The last one. */
    Fault fault;

    MadeFaults(RecordKind kind) {
        this.kind = kind;
        origin = new Origin(new Unit(kind.arch, "peer"), kind.queue, 1, TimeBase.BOOT, false);
        words = Math.min(4, kind.decoder.recordBytes() / Long.BYTES);
    }

    /** A batch of them. */
    static Fault[] batch(RecordKind kind) {
        MadeFaults sink = new MadeFaults(kind);
        EndlessUnit unit = new EndlessUnit("prepared", kind);
        Fault[] faults = new Fault[EndlessUnit.BATCH];
        for (int i = 0; i < faults.length; i++) {
            kind.decoder.decode(unit.memory(), i * kind.decoder.recordBytes(), sink);
            faults[i] = sink.fault;
        }
        return faults;
    }

    /** Decodes a batch of records, and gives the last fault. */
    Fault decodeBatch(ByteBuffer memory) {
        int bytes = kind.decoder.recordBytes();
        for (int i = 0; i < EndlessUnit.BATCH; i++) {
            kind.decoder.decode(memory, i * bytes, this);
        }
        return fault;
    }

    /** The last one, which was a page request. */
    PageRequestGroup group() {
        return (PageRequestGroup) fault;
    }

    @Override
    protected Origin origin() {
        return origin;
    }

    @Override
    protected String deviceName() {
        return null;
    }

    @Override
    protected long time() {
        return 0;
    }

    @Override
    protected long sequence() {
        return ++sequence;
    }

    @Override
    protected int rawWords() {
        return words;
    }

    @Override
    protected void fault(Fault made) {
        fault = made;
    }

    @Override
    public void malformed(String why, long w0, long w1, long w2, long w3) {
        throw unexpected();
    }

    @Override
    public void malformedRequest(
            String why,
            int attributes,
            int requester,
            int pasid,
            int groupIndex,
            long w0,
            long w1,
            long w2,
            long w3) {
        throw unexpected();
    }

    @Override
    public void notWritten() {
        throw unexpected();
    }

    @Override
    public void empty() {
        throw unexpected();
    }

    private static IllegalStateException unexpected() {
        return new IllegalStateException("the benchmark's records are all well-formed");
    }
}
