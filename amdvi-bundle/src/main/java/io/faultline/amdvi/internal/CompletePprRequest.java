package io.faultline.amdvi.internal;

import io.faultline.fault.Fault;
import io.faultline.fault.PageRequestGroup;
import io.faultline.fault.Response;
import io.faultline.hardware.Encodes;
import io.faultline.hardware.ResponseEncoder;
import java.nio.ByteBuffer;
import org.osgi.service.component.annotations.Component;

/**
 * COMPLETE_PPR_REQUEST, the command that answers a page request group: 16 bytes, little-endian.
 *
 * <pre>
 *     63  60 59         52 51           32 31          16 15         0
 *    +------+-------------+---------------+--------------+-----------+
 * q0 | 0x7  |      0      |     PASID     |       0      |  DeviceID |
 *    +------+-------------+---------------+--------------+-----------+
 *     63         48 47  44 43  41 40    32 31              3  2  1  0
 *    +-------------+------+------+--------+-----------------+--+-----+
 * q1 |      0      |status|   0  |  tag   |        0        |GN|  0  |
 *    +-------------+------+------+--------+-----------------+--+-----+
 * </pre>
 *
 * <p>The tag is the group index, without the bit that marks the last request. GN and PASID are set
 * exactly when the answer is to carry the PASID. Linux writes 2 for a failure in some versions,
 * which works because devices take 2 to 14 for one.
 *
 * <p>A stall is nothing that AMD-Vi knows.
 *
 * <p>Source: AMD IOMMU specification (48882), "COMPLETE_PPR_REQUEST"; the codes are those of PCIe
 * 10.4.2.
 */
@Component
@Encodes(arch = AmdVi.ARCH)
public final class CompletePprRequest implements ResponseEncoder {
    private static final long OPCODE = 0x7L << 60;
    private static final int PASID_SHIFT = 32;
    private static final long GN = 1L << 2;
    private static final int TAG_SHIFT = 32;
    private static final int STATUS_SHIFT = 44;
    private static final int DEVICE_ID_MASK = 0xffff;

    /** Keeps no state. */
    public CompletePprRequest() {}

    @Override
    public int commandBytes() {
        return AmdVi.ENTRY_BYTES;
    }

    @Override
    public boolean encode(PageRequestGroup group, Response response, ByteBuffer to) {
        boolean withPasid = group.pasid() != Fault.NO_PASID && group.token().withPasid();
        int pasid = withPasid ? group.pasid() : 0;
        int index = group.groupIndex();
        if (group.stalled()
                || (group.requester() & ~DEVICE_ID_MASK) != 0
                || (pasid & ~AmdVi.PASID_MAX) != 0
                || (index & ~AmdVi.GROUP_INDEX_MAX) != 0) {
            return false;
        }
        to.putLong(OPCODE | (long) pasid << PASID_SHIFT | group.requester());
        to.putLong(
                status(response) << STATUS_SHIFT
                        | (long) index << TAG_SHIFT
                        | (withPasid ? GN : 0));
        return true;
    }

    private static long status(Response response) {
        return switch (response) {
            case SUCCESS -> 0x0;
            case INVALID -> 0x1;
            case FAILURE -> 0xf;
        };
    }
}
