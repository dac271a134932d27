package io.faultline.testkit;

import static io.faultline.fault.Fault.NO_PASID;
import static io.faultline.fault.FaultBits.ANSWER_WITH_PASID;
import static io.faultline.fault.FaultBits.EXEC;
import static io.faultline.fault.FaultBits.HAS_IOVA;
import static io.faultline.fault.FaultBits.HAS_REQUESTER;
import static io.faultline.fault.FaultBits.LAST;
import static io.faultline.fault.FaultBits.PRIV;
import static io.faultline.fault.FaultBits.READ;
import static io.faultline.fault.FaultBits.WRITE;

import io.faultline.fault.Fault;
import io.faultline.hardware.FaultSink;
import io.faultline.hardware.KeySink;
import io.faultline.hardware.RecordDecoder;
import java.nio.ByteBuffer;

/**
 * A RISC-V IOMMU page request record: 16 bytes.
 *
 * <pre>
 *      63            40 39   35  34   33  32 31         12 11        0
 *     +----------------+-------+----+----+--+-------------+-----------+
 * dw0 |      DID       |  RES  |EXEC|PRIV|PV|     PID     |    RES    |
 *     +----------------+-------+----+----+--+-------------+--+-+-+-+--+
 * dw1 |             page address 63:12      |   PRGI 11:3    |L|W|R|
 *     +-------------------------------------+----------------+-+-+-+
 * </pre>
 *
 * <p>PID, PRIV and EXEC count only with PV. Stop marker: last, neither read nor write, with or
 * without a PASID.
 */
final class RiscvPageRequestDecoder implements RecordDecoder {
    private static final long PV = 1L << 32;
    private static final long PRIV_BIT = 1L << 33;
    private static final long EXEC_BIT = 1L << 34;
    private static final long RESERVED = 0xfffL | 0x1fL << 35;
    private static final long R = 1;
    private static final long W = 1 << 1;
    private static final long L = 1 << 2;

    @Override
    public int recordBytes() {
        return 16;
    }

    @Override
    public void decode(ByteBuffer queue, int at, FaultSink out) {
        long dw0 = queue.getLong(at);
        long dw1 = queue.getLong(at + 8);
        int requester = (int) (dw0 >>> 40);
        int group = (int) (dw1 >>> 3) & 0x1ff;
        boolean process = (dw0 & PV) != 0;
        int pasid = process ? (int) (dw0 >>> 12) & 0xf_ffff : NO_PASID;
        int attributes = HAS_REQUESTER | ((dw1 & L) != 0 ? LAST : 0);
        if ((dw1 & (L | W | R)) == L) {
            out.stopMarker(attributes, requester, pasid, group, dw0, dw1, 0, 0);
            return;
        }
        attributes |= HAS_IOVA | ((dw1 & R) != 0 ? READ : 0) | ((dw1 & W) != 0 ? WRITE : 0);
        if (process) {
            attributes |= ANSWER_WITH_PASID;
            attributes |= (dw0 & EXEC_BIT) != 0 ? EXEC : 0;
            attributes |= (dw0 & PRIV_BIT) != 0 ? PRIV : 0;
        }
        out.pageRequest(attributes, requester, pasid, group, dw1 & ~0xfffL, dw0, dw1, 0, 0);
    }

    @Override
    public void describe(Fault fault, KeySink keys) {
        if (fault.rawWords() > 0) {
            keys.flag("reserved_set", (fault.raw(0) & RESERVED) != 0);
        }
    }
}
