package io.faultline.riscv.internal;

import io.faultline.fault.Fault;
import io.faultline.fault.PageRequestGroup;
import io.faultline.fault.Response;
import io.faultline.hardware.Encodes;
import io.faultline.hardware.ResponseEncoder;
import java.nio.ByteBuffer;
import org.osgi.service.component.annotations.Component;

/**
 * ATS.PRGR, the command that answers a page request group: 16 bytes, little-endian.
 *
 * <pre>
 *      63    56 55      40 39  34  33  32 31       12 11 10 9  7 6   0
 *     +--------+----------+------+---+---+-----------+-----+----+-----+
 * dw0 |  DSEG  |    RID   |   0  |DSV| PV|    PID    |  0  |  1 |  4  |
 *     +--------+----------+------+---+---+-----------+-----+----+-----+
 *      63            48 47    44 43  41 40         32 31             0
 *     +----------------+--------+------+-------------+----------------+
 * dw1 |        0       |  code  |   0  |     PRGI    |        0       |
 *     +----------------+--------+------+-------------+----------------+
 * </pre>
 *
 * <p>PID without PV and DSEG without DSV are zero: the text ignores them, the reference model does
 * not. Segment 0 needs no DSV.
 *
 * <p>A stall is nothing that this architecture knows.
 *
 * <p>Source: RISC-V IOMMU 1.0, "IOMMU ATS commands"; the codes are those of PCIe 10.4.2.
 */
@Component
@Encodes(arch = RiscvIommu.ARCH)
public final class PageGroupResponse implements ResponseEncoder {
    private static final int BYTES = 16;

    private static final long ATS = 4;
    private static final long PRGR = 1L << 7;
    private static final int PID_SHIFT = 12;
    private static final long DSV = 1L << 33;
    private static final int DEVICE_SHIFT = 40;
    private static final int REQUESTER_ID_MAX = 0xffff;
    private static final int INDEX_SHIFT = 32;
    private static final int CODE_SHIFT = 44;

    /** Keeps no state. */
    public PageGroupResponse() {}

    @Override
    public int commandBytes() {
        return BYTES;
    }

    @Override
    public boolean encode(PageRequestGroup group, Response response, ByteBuffer to) {
        int device = group.requester();
        int index = group.groupIndex();
        boolean withPasid = group.pasid() != Fault.NO_PASID && group.token().withPasid();
        int pasid = withPasid ? group.pasid() : 0;
        if (group.stalled()
                || (device & ~RiscvIommu.DEVICE_ID_MAX) != 0
                || (pasid & ~RiscvIommu.PROCESS_ID_MAX) != 0
                || (index & ~PageRequestRecord.GROUP_INDEX_MAX) != 0) {
            return false;
        }
        long dw0 = ATS | PRGR | (long) pasid << PID_SHIFT | (long) device << DEVICE_SHIFT;
        if (withPasid) {
            dw0 |= RiscvIommu.PV;
        }
        if (device > REQUESTER_ID_MAX) { // bits 23:16 land in DSEG
            dw0 |= DSV;
        }
        to.putLong(dw0).putLong((long) index << INDEX_SHIFT | code(response) << CODE_SHIFT);
        return true;
    }

    private static long code(Response response) {
        return switch (response) {
            case SUCCESS -> 0;
            case INVALID -> 1;
            case FAILURE -> 15;
        };
    }
}
