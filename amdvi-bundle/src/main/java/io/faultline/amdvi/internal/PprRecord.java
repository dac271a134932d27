package io.faultline.amdvi.internal;

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
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.osgi.service.component.annotations.Component;

/**
 * A PPR log entry (peripheral page request): 16 bytes, little-endian, read as the quadwords {@code
 * q0} and {@code q1}.
 *
 * <pre>
 *     63  60 59    48 47 46 45     42 41   40    32 31        16 15       0
 *    +------+--------+-----+---------+----+--------+------------+----------+
 * q0 | code | flags  |  0  |PASID hi |last| group  |  PASID low | DeviceID |
 *    +------+--------+-----+---------+----+--------+------------+----------+
 * q1 |                  page address; bits 11:0 are ignored                |
 *    +---------------------------------------------------------------------+
 *
 *          11..9   8   7   6   5   4   3   2   1   0
 *         +------+---+---+---+---+---+---+---+---+---+
 *   flags |   0  | GN| RZ| US| W | 0 | 0 | R | EX| 0 |
 *         +------+---+---+---+---+---+---+---+---+---+
 * </pre>
 *
 * <p>Code 0 is an entry that is not in memory yet; only code 1 is a page request. Last without read
 * or write is a stop marker, with or without a PASID. A request without a PASID, with RZ, or with
 * PASID 0 is one like others here, though Linux answers it without asking anybody: no decoder
 * answers.
 *
 * <p>Source: AMD IOMMU specification (48882), "Peripheral Page Request Log".
 */
@Component
@Decodes(arch = AmdVi.ARCH, queue = AmdVi.PPR_LOG)
public final class PprRecord implements RecordDecoder {
    static final String UNKNOWN_CODE = "unknown_code";

    private static final int PAGE_SERVICE_REQUEST = 1;

    private static final int EX = 0x002;
    private static final int R = 0x004;
    private static final int W = 0x020;
    private static final int US = 0x040;
    private static final int RZ = 0x080;
    private static final int GN = 0x100;

    /** Two bits above the PASID, and the flags that have no name. */
    private static final long RESERVED =
            3L << 46 | (long) (0xfff & ~(EX | R | W | US | RZ | GN)) << 48;

    private static final long PAGE = ~0xfffL;

    /** Keeps no state. */
    public PprRecord() {}

    @Override
    public int recordBytes() {
        return AmdVi.ENTRY_BYTES;
    }

    @Override
    public void decode(ByteBuffer queue, int at, FaultSink out) {
        long q0 = queue.getLong(at);
        if (AmdVi.code(q0) == AmdVi.NOT_WRITTEN) {
            out.notWritten();
            return;
        }
        VarHandle.acquireFence(); // the address is not older than the code
        decode(q0, queue.getLong(at + Long.BYTES), out);
    }

    /** Decodes an entry whose code is not 0. */
    static void decode(long q0, long q1, FaultSink out) {
        if (AmdVi.code(q0) != PAGE_SERVICE_REQUEST) {
            out.malformed(UNKNOWN_CODE, q0, q1, 0, 0);
            return;
        }
        int flags = AmdVi.flags(q0);
        int attributes = HAS_REQUESTER;
        int pasid = Fault.NO_PASID;
        if ((flags & GN) != 0) {
            attributes |= ANSWER_WITH_PASID;
            pasid = AmdVi.requestPasid(q0);
        }
        if (AmdVi.isLast(q0)) {
            attributes |= LAST;
            if ((flags & (R | W)) == 0) {
                out.stopMarker(
                        attributes, AmdVi.deviceId(q0), pasid, AmdVi.groupIndex(q0), q0, q1, 0, 0);
                return;
            }
        }
        out.pageRequest(
                attributes | HAS_IOVA | access(flags),
                AmdVi.deviceId(q0),
                pasid,
                AmdVi.groupIndex(q0),
                q1 & PAGE,
                q0,
                q1,
                0,
                0);
    }

    /** US means something with a PASID only. */
    private static int access(int flags) {
        return ((flags & R) != 0 ? READ : 0)
                | ((flags & W) != 0 ? WRITE : 0)
                | ((flags & EX) != 0 ? EXEC : 0)
                | ((flags & (GN | US)) == GN ? PRIV : 0);
    }

    @Override
    public void describe(Fault fault, KeySink keys) {
        AmdVi.describeSource(fault, keys);
        if (fault.rawWords() > 0) {
            keys.flag("reserved_set", (fault.raw(0) & RESERVED) != 0);
            if (fault instanceof PageRequestGroup) {
                keys.words("linux_reject", linuxRejects(fault));
            }
        }
        keys.text("description", sentence(fault));
    }

    /** Why Linux answers FAILURE without asking anybody. It does; we leave it to the handlers. */
    private static List<String> linuxRejects(Fault request) {
        List<String> reasons = new ArrayList<>(2);
        if (request.pasid() == Fault.NO_PASID) {
            reasons.add("no_pasid");
        }
        if ((AmdVi.flags(request.raw(0)) & RZ) != 0) {
            reasons.add("bad_format");
        }
        if (request.pasid() == 0) {
            reasons.add("pasid_zero");
        }
        return reasons;
    }

    private static String sentence(Fault fault) {
        StringBuilder text = new StringBuilder(96);
        text.append(fault instanceof PageRequestGroup ? "page request" : "stop marker");
        AmdVi.appendSource(fault, text);
        if (fault instanceof PageRequestGroup group) {
            text.append(" group ").append(group.groupIndex());
            text.append(group.complete() ? " last at 0x" : " at 0x");
            text.append(Long.toHexString(group.iova())).append(' ').append(group.access());
        }
        return text.toString();
    }

    @Override
    public String explain(String why, long q0, long q1, long w2, long w3) {
        return UNKNOWN_CODE.equals(why)
                ? "PPR log record with code 0x"
                        + Integer.toHexString(AmdVi.code(q0))
                        + "; 0x1 is the only one (AMD IOMMU specification, PPR log)"
                : RecordDecoder.super.explain(why, q0, q1, w2, w3);
    }

    @Override
    public QueueState state(long producer, long consumer, int slots) {
        return LogOffsets.state(producer, consumer, slots);
    }
}
