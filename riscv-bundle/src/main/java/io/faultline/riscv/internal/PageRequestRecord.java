package io.faultline.riscv.internal;

import static io.faultline.fault.FaultBits.ANSWER_WITH_PASID;
import static io.faultline.fault.FaultBits.EXEC;
import static io.faultline.fault.FaultBits.HAS_IOVA;
import static io.faultline.fault.FaultBits.HAS_REQUESTER;
import static io.faultline.fault.FaultBits.LAST;
import static io.faultline.fault.FaultBits.PRIV;
import static io.faultline.fault.FaultBits.READ;
import static io.faultline.fault.FaultBits.WRITE;

import io.faultline.fault.Fault;
import io.faultline.fault.PageRequestGroup;
import io.faultline.hardware.Decodes;
import io.faultline.hardware.FaultSink;
import io.faultline.hardware.KeySink;
import io.faultline.hardware.QueueState;
import io.faultline.hardware.RecordDecoder;
import java.nio.ByteBuffer;
import org.osgi.service.component.annotations.Component;

/**
 * A page request record: 16 bytes, little-endian (fctl.BE = 0).
 *
 * <pre>
 *      63            40 39   35  34   33  32 31         12 11        0
 *     +----------------+-------+----+----+--+-------------+-----------+
 * dw0 |      DID       |   0   |EXEC|PRIV|PV|     PID     |     0     |
 *     +----------------+-------+----+----+--+-------------+--+-+-+-+--+
 * dw1 |             page address 63:12      |   PRGI 11:3    |L|W|R|
 *     +-------------------------------------+----------------+-+-+-+
 * </pre>
 *
 * <p>PID, PRIV and EXEC count with PV only. Last without read or write is a stop marker, with or
 * without a PASID: nobody answers it. Every 16 bytes are one or the other: none is malformed.
 *
 * <p>While the queue is full or pqcsr.pqof is set, hardware itself answers the last request of a
 * group with Success, and drops the others: what is incomplete after an overflow stays so.
 *
 * <p>Source: RISC-V IOMMU 1.0, "Page-Request-Queue (PQ)".
 */
@Component
@Decodes(arch = RiscvIommu.ARCH, queue = RiscvIommu.PAGE_REQUEST_QUEUE)
public final class PageRequestRecord implements RecordDecoder {
    /** The highest page request group index. */
    static final int GROUP_INDEX_MAX = 0x1ff;

    private static final int BYTES = 16;

    private static final long EXECUTE = 1L << 34;
    private static final long RESERVED = 0xfffL | 0x1fL << 35;
    private static final long L = 1L << 2;
    private static final long PAGE = ~0xfffL;

    /** Keeps no state. */
    public PageRequestRecord() {}

    @Override
    public int recordBytes() {
        return BYTES;
    }

    @Override
    public void decode(ByteBuffer queue, int at, FaultSink out) {
        long dw0 = queue.getLong(at);
        long dw1 = queue.getLong(at + 8);
        int requester = RiscvIommu.deviceId(dw0);
        int pasid = RiscvIommu.processId(dw0);
        int index = (int) (dw1 >>> 3) & GROUP_INDEX_MAX;
        int access = (int) dw1 & (READ | WRITE);
        int attributes = HAS_REQUESTER;
        if ((dw1 & L) != 0) {
            attributes |= LAST;
            if (access == 0) {
                out.stopMarker(attributes, requester, pasid, index, dw0, dw1, 0, 0);
                return;
            }
        }
        attributes |= HAS_IOVA | access | ofProcess(dw0);
        out.pageRequest(attributes, requester, pasid, index, dw1 & PAGE, dw0, dw1, 0, 0);
    }

    /** What a request has by its PASID only. */
    private static int ofProcess(long dw0) {
        if ((dw0 & RiscvIommu.PV) == 0) {
            return 0;
        }
        return ANSWER_WITH_PASID
                | ((dw0 & EXECUTE) != 0 ? EXEC : 0)
                | ((dw0 & RiscvIommu.PRIV) != 0 ? PRIV : 0);
    }

    @Override
    public void describe(Fault fault, KeySink keys) {
        if (fault.rawWords() > 0) {
            keys.flag("reserved_set", (fault.raw(0) & RESERVED) != 0);
        }
        boolean request = fault instanceof PageRequestGroup;
        StringBuilder text = new StringBuilder(96).append(request ? "page request" : "stop marker");
        RiscvIommu.appendSource(fault, text);
        if (fault instanceof PageRequestGroup group) {
            text.append(" group ").append(group.groupIndex());
            text.append(group.complete() ? " last" : "");
            RiscvIommu.appendAccess(fault, text);
        }
        keys.text("description", text.toString());
    }

    @Override
    public QueueState state(long producer, long consumer, int slots) {
        return QueueIndexes.state(producer, consumer, slots);
    }
}
