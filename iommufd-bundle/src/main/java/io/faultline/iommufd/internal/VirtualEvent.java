package io.faultline.iommufd.internal;

import io.faultline.fault.Fault;
import io.faultline.hardware.Decodes;
import io.faultline.hardware.FaultKeys;
import io.faultline.hardware.FaultSink;
import io.faultline.hardware.KeySink;
import io.faultline.hardware.RecordDecoder;
import java.nio.ByteBuffer;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * An event of a virtual SMMUv3: a header ({@code struct iommufd_vevent_header}), and behind it an
 * event record ({@code struct iommu_vevent_arm_smmuv3}) whose StreamID is the virtual device's.
 *
 * <pre>
 *      63          32 31         1  0
 *     +--------------+------------+---+
 *   0 |   sequence   |      0     |LST|
 *     +--------------+------------+---+
 *   8 |  32 bytes: an event record    |
 *     +-------------------------------+
 * </pre>
 *
 * <p>With LST, LOST_EVENTS, no record follows: the events up to this number were lost. Numbers go
 * from 0 to 0x7fffffff and begin anew; a gap between two headers tells of losses, too, but a
 * decoder sees one record at a time.
 *
 * <p>The record is decoded by whoever decodes the event queue of SMMUv3: without it there is no
 * decoder here.
 *
 * <p>Source: Linux, include/uapi/linux/iommufd.h.
 */
@Component
@Decodes(arch = Iommufd.ARCH, queue = Iommufd.EVENT_QUEUE)
public final class VirtualEvent implements RecordDecoder {
    static final String LOST_EVENTS = "lost_events";

    private static final int HEADER_BYTES = 8;
    private static final long LOST = 1;
    private static final int SEQUENCE_MAX = 0x7fff_ffff;

    private final RecordDecoder events;

    /**
     * Called by the component runtime.
     *
     * @param events decodes what is inside
     */
    @Activate
    public VirtualEvent(
            @Reference(target = "(&(faultline.arch=smmuv3)(faultline.queue=evtq))")
                    RecordDecoder events) {
        this.events = events;
    }

    @Override
    public int recordBytes() {
        return HEADER_BYTES + events.recordBytes();
    }

    @Override
    public int recordBytes(ByteBuffer queue, int at) {
        return (queue.getLong(at) & LOST) != 0 ? HEADER_BYTES : recordBytes();
    }

    @Override
    public void decode(ByteBuffer queue, int at, FaultSink out) {
        long header = queue.getLong(at);
        if ((header & LOST) != 0) {
            out.noFault(LOST_EVENTS, header, 0, 0, 0);
        } else {
            events.decode(queue, at + HEADER_BYTES, out);
        }
    }

    @Override
    public void describe(Fault fault, KeySink keys) {
        keys.text("kind", "vevent");
        keys.object(
                "event",
                event -> {
                    event.text("kind", fault.kind().word());
                    FaultKeys.describeContent(fault, event);
                    events.describe(fault, event);
                });
    }

    @Override
    public void describe(ByteBuffer record, int at, KeySink keys) {
        int sequence = sequence(record.getLong(at));
        keys.number("sequence", Integer.toUnsignedLong(sequence));
        keys.number("next_sequence", sequence + 1 & SEQUENCE_MAX);
    }

    private static int sequence(long header) {
        return (int) (header >>> 32);
    }

    @Override
    public String explain(String why, long w0, long w1, long w2, long w3) {
        return why.equals(LOST_EVENTS)
                ? "events were lost, the last of them number "
                        + Integer.toUnsignedString(sequence(w0))
                : events.explain(why, w0, w1, w2, w3);
    }
}
