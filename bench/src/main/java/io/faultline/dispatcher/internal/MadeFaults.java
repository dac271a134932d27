package io.faultline.dispatcher.internal;

import io.faultline.fault.Fault;
import io.faultline.fault.Faults;
import io.faultline.fault.Origin;
import io.faultline.fault.PageRequestGroup;
import io.faultline.fault.Reason;
import io.faultline.fault.TimeBase;
import io.faultline.fault.Unit;

/** Makes the same objects as a lane, and keeps the last. */
final class MadeFaults extends OtherCalls {
    private final Origin origin;
    private final int words;
    private long sequence;

    /** The last one. */
    Fault fault;

    /** The same, if it was a page request. */
    PageRequestGroup group;

    MadeFaults(RecordKind kind) {
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
                        origin,
                        null,
                        0,
                        ++sequence,
                        words,
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

    @Override
    public void pageRequest(
            int attributes,
            int requester,
            int pasid,
            int groupIndex,
            long iova,
            long w0,
            long w1,
            long w2,
            long w3) {
        group =
                Faults.group(
                        origin,
                        null,
                        0,
                        ++sequence,
                        words,
                        Reason.UNKNOWN,
                        -1,
                        attributes,
                        requester,
                        pasid,
                        groupIndex,
                        iova,
                        0,
                        w0,
                        w1,
                        w2,
                        w3,
                        null);
        fault = group;
    }
}
