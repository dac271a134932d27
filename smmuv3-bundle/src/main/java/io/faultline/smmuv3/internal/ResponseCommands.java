package io.faultline.smmuv3.internal;

import io.faultline.fault.Fault;
import io.faultline.fault.PageRequestGroup;
import io.faultline.fault.Response;
import io.faultline.hardware.Encodes;
import io.faultline.hardware.ResponseEncoder;
import java.nio.ByteBuffer;
import org.osgi.service.component.annotations.Component;

/**
 * Encodes answers: 16 bytes, little-endian, as the words {@code c0} and {@code c1}.
 *
 * <pre>
 *     63          32 31       14 13 12 11 10  8 7     0
 *    +--------------+-----------+--+--+--+-----+-------+
 * c0 |   StreamID   |     0     |Ab|Ac| 0|  0  |  0x44 |  CMD_RESUME
 *    +--------------+-----------+--+--+--+-----+-------+
 * c0 |   StreamID   |   SubstreamID   |SSV| 0  |  0x41 |  CMD_PRI_RESP
 *    +--------------+-----------------+---+----+-------+
 * c0 |   StreamID   |            0             |  0x45 |  CMD_STALL_TERM (c1 is 0)
 *    +--------------+--------------------------+-------+
 *     63                 16 15  14 13  12 11  9 8      0
 *    +---------------------+-----------------------------+
 * c1 |          0          |            STAG             |  CMD_RESUME
 *    +---------------------+------+------+-----+---------+
 * c1 |             0              | Resp |  0  | PRGIndex|  CMD_PRI_RESP
 *    +----------------------------+------+-----+---------+
 * </pre>
 *
 * <p>The codes of CMD_PRI_RESP run against those of PCIe: an all-zero Resp shuts the device's page
 * request interface down.
 *
 * <p>Source: Arm IHI 0070, 4.5.2, 4.7.1, 4.7.2.
 */
@Component
@Encodes(arch = Smmu.ARCH)
public final class ResponseCommands implements ResponseEncoder {
    private static final int COMMAND_BYTES = 16;
    private static final int STREAM_SHIFT = 32;

    private static final long CMD_RESUME = 0x44;
    private static final long RESUME_RETRY = 1L << 12;
    private static final long RESUME_ABORT = 1L << 13;
    private static final int MAX_STAG = 0xffff;

    private static final long CMD_PRI_RESP = 0x41;
    private static final long PRI_RESP_SSV = 1L << 11;
    private static final int PRI_RESP_SUBSTREAM_SHIFT = 12;
    private static final int MAX_SUBSTREAM = 0xf_ffff;
    private static final int PRI_RESP_RESP_SHIFT = 12;

    private static final long CMD_STALL_TERM = 0x45;

    @Override
    public int commandBytes() {
        return COMMAND_BYTES;
    }

    @Override
    public boolean encode(PageRequestGroup group, Response response, ByteBuffer to) {
        return group.stalled()
                ? encodeResume(group, response, to)
                : encodePageResponse(group, response, to);
    }

    private static boolean encodeResume(PageRequestGroup group, Response response, ByteBuffer to) {
        int stag = group.groupIndex();
        if ((stag & ~MAX_STAG) != 0) {
            return false;
        }
        // a stall knows no failure of the device: both refusals abort the transaction
        long action = response == Response.SUCCESS ? RESUME_RETRY : RESUME_ABORT;
        return put(CMD_RESUME | action | stream(group.requester()), stag, to);
    }

    private static boolean encodePageResponse(
            PageRequestGroup group, Response response, ByteBuffer to) {
        int index = group.groupIndex();
        boolean withPasid = group.pasid() != Fault.NO_PASID && group.token().withPasid();
        int pasid = withPasid ? group.pasid() : 0;
        if ((index & ~PriRecord.MAX_GROUP_INDEX) != 0 || (pasid & ~MAX_SUBSTREAM) != 0) {
            return false;
        }
        long substream = (long) pasid << PRI_RESP_SUBSTREAM_SHIFT | (withPasid ? PRI_RESP_SSV : 0);
        long resp =
                switch (response) {
                    case SUCCESS -> 2;
                    case INVALID -> 1;
                    case FAILURE -> 0;
                };
        return put(
                CMD_PRI_RESP | substream | stream(group.requester()),
                resp << PRI_RESP_RESP_SHIFT | index,
                to);
    }

    @Override
    public boolean endStalls(int requester, ByteBuffer to) {
        return put(CMD_STALL_TERM | stream(requester), 0, to);
    }

    private static long stream(int requester) {
        return (long) requester << STREAM_SHIFT;
    }

    private static boolean put(long c0, long c1, ByteBuffer to) {
        to.putLong(c0).putLong(c1);
        return true;
    }
}
