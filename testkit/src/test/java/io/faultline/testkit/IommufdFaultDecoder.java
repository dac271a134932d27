package io.faultline.testkit;

import static io.faultline.fault.Fault.NO_PASID;
import static io.faultline.fault.FaultBits.ACCESS_MASK;
import static io.faultline.fault.FaultBits.HAS_IOVA;
import static io.faultline.fault.FaultBits.HAS_REQUESTER;
import static io.faultline.fault.FaultBits.LAST;

import io.faultline.fault.Fault;
import io.faultline.fault.PageRequestGroup;
import io.faultline.fault.Response;
import io.faultline.hardware.Decodes;
import io.faultline.hardware.Encodes;
import io.faultline.hardware.FaultSink;
import io.faultline.hardware.KeySink;
import io.faultline.hardware.RecordDecoder;
import io.faultline.hardware.ResponseEncoder;
import java.nio.ByteBuffer;

/**
 * {@code struct iommu_hwpt_pgfault}: 40 bytes, of which four words are kept; the third, permissions
 * and a reserved field, is in the attributes. The answer, {@code struct iommu_hwpt_page_response},
 * names the group by the cookie of its records.
 *
 * <pre>
 *    63            32 31             0
 *   +----------------+----------------+
 * 0 |     dev_id     |     flags      |
 * 1 |     grpid      |     pasid      |
 * 2 |    reserved    |     perm       |
 * 3 |              addr               |
 * 4 |     cookie     |     length     |
 *   +----------------+----------------+
 * </pre>
 */
@Decodes(arch = "iommufd", queue = "fault")
@Encodes(arch = "iommufd")
final class IommufdFaultDecoder implements RecordDecoder, ResponseEncoder {
    private static final int PASID_VALID = 1;
    private static final int LAST_PAGE = 1 << 1;

    /** Which of the words kept has length and cookie. */
    private static final int COOKIE_WORD = 3;

    @Override
    public int recordBytes() {
        return 40;
    }

    @Override
    public void decode(ByteBuffer queue, int at, FaultSink out) {
        long w0 = queue.getLong(at);
        long w1 = queue.getLong(at + 8);
        int perm = (int) queue.getLong(at + 16);
        long addr = queue.getLong(at + 24);
        long w4 = queue.getLong(at + 32);
        int attributes =
                HAS_REQUESTER
                        | HAS_IOVA
                        | (perm & ACCESS_MASK)
                        | ((w0 & LAST_PAGE) != 0 ? LAST : 0);
        int pasid = (w0 & PASID_VALID) != 0 ? (int) w1 & 0xf_ffff : NO_PASID;
        int group = (int) (w1 >>> 32);
        out.pageRequest(attributes, (int) (w0 >>> 32), pasid, group, addr, w0, w1, addr, w4);
    }

    @Override
    public void describe(Fault fault, KeySink keys) {
        keys.number("length", fault.raw(COOKIE_WORD) & 0xffff_ffffL);
        keys.number("cookie", fault.raw(COOKIE_WORD) >>> 32);
    }

    @Override
    public int commandBytes() {
        return 8;
    }

    /** User space has no FAILURE: it would shut an interface that functions share. */
    @Override
    public boolean encode(PageRequestGroup group, Response response, ByteBuffer to) {
        if (response == Response.FAILURE) {
            return false;
        }
        to.putInt((int) (group.raw(COOKIE_WORD) >>> 32));
        to.putInt(response == Response.SUCCESS ? 0 : 1);
        return true;
    }
}
