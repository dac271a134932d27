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
import io.faultline.fault.StopMarker;
import io.faultline.hardware.Decodes;
import io.faultline.hardware.FaultSink;
import io.faultline.hardware.KeySink;
import io.faultline.hardware.RecordDecoder;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * An AMD-Vi PPR log entry: 16 bytes.
 *
 * <pre>
 *     63  60 59    48 47 46 45     42 41   40    32 31       16 15       0
 *    +------+--------+-----+---------+----+--------+-----------+----------+
 * q0 | code | flags  | RES | PASID hi|last| group  | PASID low | DeviceID |
 *    +------+--------+-----+---------+----+--------+-----------+----------+
 * q1 |                    page address, bits 11:0 ignored                 |
 *    +--------------------------------------------------------------------+
 * </pre>
 *
 * <p>A record whose code is still 0 has not been written yet. Stop marker: last, neither read nor
 * write.
 */
@Decodes(arch = "amdvi", queue = "ppr")
final class AmdPprDecoder implements RecordDecoder {
    private static final int CODE_REQUEST = 1;
    private static final long TAG_LAST = 1L << 41;
    private static final long FLAG_EX = 1L << 49;
    private static final long FLAG_R = 1L << 50;
    private static final long FLAG_W = 1L << 53;
    private static final long FLAG_USER = 1L << 54;
    private static final long FLAG_RZ = 1L << 55;
    private static final long FLAG_GN = 1L << 56;

    /** q0 47:46 and the flags 0x001, 0x008, 0x010, 0x200, 0x400, 0x800. */
    private static final long RESERVED = 3L << 46 | 0xe19L << 48;

    @Override
    public int recordBytes() {
        return 16;
    }

    @Override
    public void decode(ByteBuffer queue, int at, FaultSink out) {
        long q0 = queue.getLong(at);
        long q1 = queue.getLong(at + 8);
        int code = (int) (q0 >>> 60);
        if (code == 0) {
            out.notWritten();
        } else if (code != CODE_REQUEST) {
            out.malformed("unknown_code", q0, q1, 0, 0);
        } else {
            request(q0, q1, out);
        }
    }

    private static void request(long q0, long q1, FaultSink out) {
        int requester = (int) q0 & 0xffff;
        int pasid = pasid(q0);
        int group = (int) (q0 >>> 32) & 0x1ff;
        boolean last = (q0 & TAG_LAST) != 0;
        int attributes = HAS_REQUESTER | (last ? LAST : 0);
        if (last && (q0 & (FLAG_R | FLAG_W)) == 0) {
            out.stopMarker(attributes, requester, pasid, group, q0, q1, 0, 0);
        } else {
            attributes |= HAS_IOVA | access(q0) | (pasid == NO_PASID ? 0 : ANSWER_WITH_PASID);
            out.pageRequest(attributes, requester, pasid, group, q1 & ~0xfffL, q0, q1, 0, 0);
        }
    }

    private static int pasid(long q0) {
        int pasid = ((int) (q0 >>> 16) & 0xffff) | ((int) (q0 >>> 26) & 0xf_0000);
        return (q0 & FLAG_GN) == 0 ? NO_PASID : pasid;
    }

    /** Supervisor counts only with a PASID. */
    private static int access(long q0) {
        return ((q0 & FLAG_R) != 0 ? READ : 0)
                | ((q0 & FLAG_W) != 0 ? WRITE : 0)
                | ((q0 & FLAG_EX) != 0 ? EXEC : 0)
                | ((q0 & (FLAG_GN | FLAG_USER)) == FLAG_GN ? PRIV : 0);
    }

    @Override
    public void describe(Fault fault, KeySink keys) {
        keys.text("bdf", bdf(fault.requester()));
        if (fault.rawWords() > 0) {
            keys.flag("reserved_set", (fault.raw(0) & RESERVED) != 0);
            if (!(fault instanceof StopMarker)) {
                keys.words("linux_reject", linuxReject(fault));
            }
        }
    }

    /** Why Linux answers a request without asking anybody. */
    private static List<String> linuxReject(Fault fault) {
        List<String> why = new ArrayList<>();
        if (fault.pasid() == NO_PASID) {
            why.add("no_pasid");
        }
        if ((fault.raw(0) & FLAG_RZ) != 0) {
            why.add("bad_format");
        }
        if (fault.pasid() == 0) {
            why.add("pasid_zero");
        }
        return why;
    }

    private static String bdf(int id) {
        return String.format("%02x:%02x.%x", id >> 8 & 0xff, id >> 3 & 0x1f, id & 7);
    }
}
