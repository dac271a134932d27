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

/**
 * Decodes the event queue: four reads, one look-up of the event, masks and shifts. What an event
 * has is said by {@link EventType}, where it stands by {@link EventRecord}.
 */
@Component
@Decodes(arch = Smmu.ARCH, queue = Smmu.EVENT_QUEUE)
public final class EventDecoder implements RecordDecoder {
    private static final int SECOND = FaultBits.HAS_IPA | FaultBits.HAS_FETCH;

    @Override
    public int recordBytes() {
        return EventRecord.BYTES;
    }

    @Override
    public void decode(ByteBuffer queue, int at, FaultSink out) {
        decode(
                queue.getLong(at),
                queue.getLong(at + 8),
                queue.getLong(at + 16),
                queue.getLong(at + 24),
                out);
    }

    /** Decodes a record that has been read already, or that a kernel log has printed. */
    static void decode(long w0, long w1, long w2, long w3, FaultSink out) {
        int number = EventRecord.number(w0);
        EventType type = EventType.of(number);
        int stream = EventRecord.streamId(w0);
        int pasid = (w0 & type.substreamValid) != 0 ? EventRecord.substreamId(w0) : Fault.NO_PASID;
        int attributes = type.present | (EventRecord.attributes(w1) & type.attributes);
        long iova = w2 & type.inputAddress;
        long second = (attributes & SECOND) != 0 ? w3 & type.secondAddress : 0;

        if ((w1 & type.stall) != 0) {
            int tag = EventRecord.stag(w1);
            out.stall(
                    type.reason(),
                    number,
                    attributes | EventRecord.tableWrite(type, w1),
                    stream,
                    pasid,
                    tag,
                    iova,
                    second,
                    w0,
                    w1,
                    w2,
                    w3);
        } else if (type.ordinary) {
            out.unrecoverable(
                    type.reason(), number, attributes, stream, pasid, iova, second, w0, w1, w2, w3);
        } else {
            decodeUncommon(type, attributes, stream, pasid, iova, w0, w1, w2, w3, out);
        }
    }

    private static void decodeUncommon(
            EventType type,
            int attributes,
            int stream,
            int pasid,
            long iova,
            long w0,
            long w1,
            long w2,
            long w3,
            FaultSink out) {
        switch (type) {
            case F_BAD_ATS_TREQ ->
                    out.unrecoverable(
                            type.reason(),
                            type.number(),
                            attributes | EventRecord.requestedAccess(w1),
                            stream,
                            pasid,
                            iova,
                            0,
                            w0,
                            w1,
                            w2,
                            w3);
            case E_PAGE_REQUEST ->
                    out.hint(
                            type.number(),
                            attributes | EventRecord.expectedAccess(w1),
                            stream,
                            pasid,
                            iova,
                            EventRecord.spanBytes(w1),
                            w0,
                            w1,
                            w2,
                            w3);
            default -> out.malformed(Smmu.UNKNOWN_EVENT, w0, w1, w2, w3);
        }
    }

    @Override
    public void describe(Fault fault, KeySink keys) {
        Description.ofEvent(fault, keys);
    }

    @Override
    public String explain(String why, long w0, long w1, long w2, long w3) {
        return switch (why) {
            case Smmu.UNKNOWN_EVENT ->
                    (w0 | w1 | w2 | w3) == 0
                            ? "all bytes are zero: event number 0x00 is reserved (Arm IHI 0070,"
                                    + " 7.3), probably an entry that was never written"
                            : String.format(
                                    "event number 0x%02x is reserved (Arm IHI 0070, 7.3)",
                                    EventRecord.number(w0));
            default -> Smmu.explain(why, EventRecord.BYTES);
        };
    }

    @Override
    public QueueState state(long producer, long consumer, int slots) {
        return QueueIndices.state(producer, consumer, slots);
    }
}
