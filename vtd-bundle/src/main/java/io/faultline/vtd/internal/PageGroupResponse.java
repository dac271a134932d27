package io.faultline.vtd.internal;

import io.faultline.fault.Fault;
import io.faultline.fault.PageRequestGroup;
import io.faultline.fault.Response;
import io.faultline.fault.ResponseToken;
import io.faultline.hardware.Encodes;
import io.faultline.hardware.ResponseEncoder;
import java.nio.ByteBuffer;
import org.osgi.service.component.annotations.Component;

/**
 * Page group responses, which go to the invalidation queue (page_grp_resp_dsc): 32 bytes,
 * little-endian.
 *
 * <pre>
 *     63     52 51        32 31       16 15    12 11   9 8  6  5   4  3   0
 *    +---------+------------+-----------+--------+------+----+---+---+-----+
 * w0 |    0    |    PASID   |    RID    |   RC   |   0  | 0  |PDP| PP| 0x9 |
 *    +---------+------------+-----------+--------+------+----+---+---+-----+
 *     63                                        12 11      3   2   1      0
 *    +--------------------------------------------+---------+----+---------+
 * w1 |                      0                     |  PRGI   |LPIG|    0    |
 *    +--------------------------------------------+---------+----+---------+
 * w2, w3: the request's private data, if PDP
 * </pre>
 *
 * <p>LPIG is a copy of the request's where private data is echoed (revisions before 4.0), else
 * zero: Linux writes zero, later hardware ignores the bit.
 *
 * <p>A request in the old layout is answered in the old layout, 16 bytes: by a page group response
 * if it was the last of its group, else by a page stream response.
 *
 * <pre>
 *                 63     55 54        32 31      24 23                     4 3   0
 *                +---------+------------+----------+------------------------+-----+
 * page stream w0 |  PRGI   |private data|    bus   |         PASID          | 0xa |
 *                +---------+------------+----------+------------------------+-----+
 *             w1 |             ADDR (63:12)             | devfn (11:4)      |  RC |
 *                +--------------------------------------+-------------------+-----+
 * page group  w0 | 0 (63:52)|   PASID (51:32)  |  RID (31:16)  | 0 |PP (4)  | 0x9 |
 *                +---------+------------+----------+------------------------+-----+
 *             w1 |  PRGI   |private data|                  0                |  RC |
 *                +---------+------------+-----------------------------------+-----+
 * </pre>
 *
 * <p>A stall is nothing that VT-d knows.
 *
 * <p>Source: Intel VT-d, "Page Group Response Descriptor"; the old layout from Linux 4.20.
 */
@Component
@Encodes(arch = RecordingRegister.ARCH)
public final class PageGroupResponse implements ResponseEncoder {
    private static final int BYTES = 32;

    private static final long TYPE_GROUP = 0x9;
    private static final long TYPE_STREAM = 0xa;
    private static final long PP = 1L << 4;
    private static final long PDP = 1L << 5;
    private static final long LPIG = 1L << 2;

    /** Keeps no state. */
    public PageGroupResponse() {}

    @Override
    public int commandBytes() {
        return BYTES;
    }

    @Override
    public boolean encode(PageRequestGroup group, Response response, ByteBuffer to) {
        if (group.stalled()) {
            return false;
        }
        if (!group.origin().queue().equals(OldPageRequestDescriptor.QUEUE)) {
            encode(group, group.token(), code(response), to);
            return true;
        }
        if (group.rawWords() == 0) { // the private data to be echoed is not known
            return false;
        }
        encodeOld(group, code(response), to);
        return true;
    }

    /** RC. Linux writes 2 for FAILURE, which works because devices take 2 to 14 for it. */
    private static long code(Response response) {
        return switch (response) {
            case SUCCESS -> 0x0;
            case INVALID -> 0x1;
            case FAILURE -> 0xf;
        };
    }

    private static void encode(
            PageRequestGroup group, ResponseToken token, long code, ByteBuffer to) {
        long w0 = groupWord(group, token.withPasid()) | code << 12;
        long w1 = (long) group.groupIndex() << 3;
        if (token.hasPrivateData()) {
            w0 |= PDP;
            w1 |= token.last() ? LPIG : 0;
        }
        to.putLong(w0).putLong(w1).putLong(token.private0()).putLong(token.private1());
    }

    /** What word 0 of a group response has in common in both layouts. */
    private static long groupWord(PageRequestGroup group, boolean withPasid) {
        long word = TYPE_GROUP | (group.requester() & 0xffffL) << 16;
        return withPasid && group.pasid() != Fault.NO_PASID
                ? word | PP | (group.pasid() & 0xf_ffffL) << 32
                : word;
    }

    private static void encodeOld(PageRequestGroup group, long code, ByteBuffer to) {
        ResponseToken token = group.token();
        long echo =
                (long) group.groupIndex() << 55
                        | OldPageRequestDescriptor.privateData(group.raw(0)) << 32;
        if (token.last()) {
            to.putLong(groupWord(group, token.withPasid())).putLong(echo | code);
            return;
        }
        long pasid = group.pasid() == Fault.NO_PASID ? 0 : group.pasid();
        long bus = group.requester() >> 8 & 0xff;
        long function = group.requester() & 0xff;
        to.putLong(echo | bus << 24 | pasid << 4 | TYPE_STREAM);
        to.putLong(group.iova() | function << 4 | code);
    }
}
