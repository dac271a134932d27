package io.faultline.smmuv3.internal;

import io.faultline.fault.Fault;
import io.faultline.fault.FaultBits;
import io.faultline.hardware.Decodes;
import io.faultline.hardware.FaultSink;
import io.faultline.hardware.KeySink;
import io.faultline.hardware.QueueState;
import io.faultline.hardware.RecordDecoder;
import java.nio.ByteBuffer;
import org.osgi.service.component.annotations.Component;

/** Decodes the PRI queue. Every 16 bytes are a page request or a stop marker: none is malformed. */
@Component
@Decodes(arch = Smmu.ARCH, queue = Smmu.PRI_QUEUE)
public final class PriDecoder implements RecordDecoder {
    @Override
    public int recordBytes() {
        return PriRecord.BYTES;
    }

    @Override
    public void decode(ByteBuffer queue, int at, FaultSink out) {
        long w0 = queue.getLong(at);
        long w1 = queue.getLong(at + 8);
        int stream = PriRecord.streamId(w0);
        int pasid = PriRecord.hasSubstream(w0) ? PriRecord.substreamId(w0) : Fault.NO_PASID;
        int index = PriRecord.groupIndex(w1);

        if (PriRecord.isStopMarker(w0)) {
            // its X and Priv ask for nothing
            int attributes = FaultBits.HAS_REQUESTER | FaultBits.LAST;
            out.stopMarker(attributes, stream, pasid, index, w0, w1, 0, 0);
        } else {
            int attributes =
                    PriRecord.attributes(w0) | FaultBits.HAS_REQUESTER | FaultBits.HAS_IOVA;
            out.pageRequest(attributes, stream, pasid, index, PriRecord.page(w1), w0, w1, 0, 0);
        }
    }

    @Override
    public void describe(Fault fault, KeySink keys) {
        Description.ofRequest(fault, keys);
    }

    @Override
    public String explain(String why, long w0, long w1, long w2, long w3) {
        return Smmu.explain(why, PriRecord.BYTES);
    }

    @Override
    public QueueState state(long producer, long consumer, int slots) {
        return QueueIndices.state(producer, consumer, slots);
    }
}
