package io.faultline.vtd.internal;

import static io.faultline.fault.FaultBits.ANSWER_WITH_PASID;
import static io.faultline.fault.FaultBits.EXEC;
import static io.faultline.fault.FaultBits.HAS_IOVA;
import static io.faultline.fault.FaultBits.HAS_REQUESTER;
import static io.faultline.fault.FaultBits.LAST;
import static io.faultline.fault.FaultBits.PRIV;
import static io.faultline.fault.FaultBits.PRIVATE_DATA;
import static io.faultline.fault.FaultBits.READ;
import static io.faultline.fault.FaultBits.WRITE;

import io.faultline.fault.Access;
import io.faultline.fault.Fault;
import io.faultline.fault.PageRequestGroup;
import io.faultline.fault.StopMarker;
import io.faultline.hardware.Decodes;
import io.faultline.hardware.FaultSink;
import io.faultline.hardware.KeySink;
import io.faultline.hardware.QueueState;
import io.faultline.hardware.RecordDecoder;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.osgi.service.component.annotations.Component;

/**
 * A page request descriptor (page_req_dsc): 32 bytes, little-endian, read as the words {@code w0}
 * to {@code w3}.
 *
 * <pre>
 *     63    54  53  52 51        32 31       16 15 10  9   8  7      0
 *    +--------+---+---+------------+-----------+-----+---+---+--------+
 * w0 |    0   |PMR|EXR|    PASID   |    RID    |  0  |PDP| PP|  TYPE  |
 *    +--------+---+---+------------+-----------+-----+---+---+--------+
 *     63                                   12 11      3   2    1    0
 *    +---------------------------------------+---------+----+---+-----+
 * w1 |          ADDR (page address)          |  PRGI   |LPIG|WRR| RDR |
 *    +---------------------------------------+---------+----+---+-----+
 * w2, w3: private data, if PDP
 * </pre>
 *
 * <p>Last without read or write is a stop marker, whatever else is set. A descriptor of another
 * type than 1 is no page request: nothing in it can be read, so nobody can answer it.
 *
 * <p>Of a request from a line of text only the first two words are known.
 *
 * <p>Source: Intel VT-d, "Page Request Descriptor"; PDP is gone from revision 4.0 on.
 */
@Component
@Decodes(arch = RecordingRegister.ARCH, queue = PageRequestDescriptor.QUEUE)
public final class PageRequestDescriptor implements RecordDecoder {
    static final String QUEUE = "prq";
    static final String UNKNOWN_TYPE = "unknown_type";

    private static final int BYTES = 32;
    private static final int WORDS = 4;

    private static final int TYPE_PAGE_REQUEST = 1;
    private static final long PP = 1L << 8;
    private static final long PDP = 1L << 9;
    private static final long LPIG = 1L << 2;
    private static final long RESERVED = 0xffcL << 52 | 0xfc00;

    /** Keeps no state. */
    public PageRequestDescriptor() {}

    @Override
    public int recordBytes() {
        return BYTES;
    }

    @Override
    public void decode(ByteBuffer queue, int at, FaultSink out) {
        decode(
                queue.getLong(at),
                queue.getLong(at + 8),
                queue.getLong(at + 16),
                queue.getLong(at + 24),
                out);
    }

    static void decode(long w0, long w1, long w2, long w3, FaultSink out) {
        if (type(w0) != TYPE_PAGE_REQUEST) {
            out.malformed(UNKNOWN_TYPE, w0, w1, w2, w3);
            return;
        }
        int access = access(w0, w1);
        int attributes = HAS_REQUESTER;
        if ((w0 & PP) != 0) {
            attributes |= ANSWER_WITH_PASID;
        }
        if ((w1 & LPIG) != 0) {
            attributes |= LAST;
            if ((access & (READ | WRITE)) == 0) {
                out.stopMarker(
                        attributes, requester(w0), pasid(w0), groupIndex(w1), w0, w1, w2, w3);
                return;
            }
        }
        if ((w0 & PDP) != 0) {
            attributes |= PRIVATE_DATA;
        }
        out.pageRequest(
                attributes | HAS_IOVA | access,
                requester(w0),
                pasid(w0),
                groupIndex(w1),
                address(w1),
                w0,
                w1,
                w2,
                w3);
    }

    private static int type(long w0) {
        return (int) w0 & 0xff;
    }

    private static int requester(long w0) {
        return (int) (w0 >>> 16) & 0xffff;
    }

    private static int pasid(long w0) {
        return (w0 & PP) == 0 ? Fault.NO_PASID : (int) (w0 >>> 32) & 0xf_ffff;
    }

    private static int groupIndex(long w1) {
        return (int) (w1 >>> 3) & 0x1ff;
    }

    private static long address(long w1) {
        return w1 & ~0xfffL;
    }

    /** RDR and WRR, EXR and PMR. */
    private static int access(long w0, long w1) {
        return ((int) w1 & (READ | WRITE)) | ((int) (w0 >>> 50) & (EXEC | PRIV));
    }

    @Override
    public void describe(Fault fault, KeySink keys) {
        SourceKeys.describe(fault, keys);
        int words = fault.rawWords();
        if (words >= 2) {
            long beyond = words < WORDS || has(fault, PDP) ? 0 : fault.raw(2) | fault.raw(3);
            boolean reserved = (fault.raw(0) & RESERVED) != 0 || beyond != 0;
            if (reserved || words == WORDS) { // what a line does not show may be set too
                keys.flag("reserved_set", reserved);
            }
        }
        if (fault instanceof PageRequestGroup group) {
            describeRequest(group, keys);
        }
        keys.text("description", sentence(fault));
    }

    private static boolean has(Fault fault, long bit) {
        return fault.rawWords() > 0 && (fault.raw(0) & bit) != 0;
    }

    private static void describeRequest(PageRequestGroup request, KeySink keys) {
        if (!has(request, PDP)) {
            keys.none("private_data");
        } else if (request.rawWords() == WORDS) {
            keys.words(
                    "private_data",
                    List.of(
                            "0x" + Long.toHexString(request.raw(2)),
                            "0x" + Long.toHexString(request.raw(3))));
        }
        keys.words("linux_reject", linuxRejects(request));
    }

    /** Why Linux answers INVALID without asking anybody. It does; we leave it to the handlers. */
    private static List<String> linuxRejects(PageRequestGroup request) {
        List<String> reasons = new ArrayList<>(3);
        Access access = request.access();
        if (request.iova() << 16 >> 16 != request.iova()) {
            reasons.add("non_canonical_48");
        }
        if (access.isPrivileged() && (access.isRead() || access.isWrite())) {
            reasons.add("privileged");
        }
        if (access.isExecute() && access.isRead()) {
            reasons.add("execute");
        }
        return reasons;
    }

    /** What a request or a stop marker of either layout says. */
    static String sentence(Fault fault) {
        StringBuilder text = new StringBuilder(96);
        text.append(fault instanceof StopMarker ? "stop marker" : "page request");
        SourceKeys.appendSource(fault, text);
        if (fault instanceof PageRequestGroup group) {
            text.append(" group ").append(group.groupIndex());
            text.append((fault.attributes() & LAST) != 0 ? " last at 0x" : " at 0x");
            text.append(Long.toHexString(group.iova())).append(' ').append(group.access());
        }
        return text.toString();
    }

    @Override
    public String explain(String why, long w0, long w1, long w2, long w3) {
        return UNKNOWN_TYPE.equals(why)
                ? String.format(
                        "page request queue record of type 0x%02x; 0x01 is the only one"
                                + " (Intel VT-d, Page Request Descriptor)",
                        type(w0))
                : RecordDecoder.super.explain(why, w0, w1, w2, w3);
    }

    @Override
    public QueueState state(long producer, long consumer, int slots) {
        return PageRequestIndices.state(producer, consumer, slots, BYTES);
    }
}
