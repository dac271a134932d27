package io.faultline.vtd.internal;

import static io.faultline.fault.FaultBits.ANSWER_WITH_PASID;
import static io.faultline.fault.FaultBits.HAS_IOVA;
import static io.faultline.fault.FaultBits.HAS_REQUESTER;
import static io.faultline.fault.FaultBits.LAST;
import static io.faultline.fault.FaultBits.PRIVATE_DATA;

import io.faultline.fault.Fault;
import io.faultline.fault.FaultBits;
import io.faultline.hardware.Decodes;
import io.faultline.hardware.FaultSink;
import io.faultline.hardware.KeySink;
import io.faultline.hardware.QueueState;
import io.faultline.hardware.RecordDecoder;
import java.nio.ByteBuffer;
import org.osgi.service.component.annotations.Component;

/**
 * A page request descriptor as it was before scalable mode ("extended context" hardware, Linux up
 * to 4.20): 16 bytes, little-endian, read as the words {@code w0} and {@code w1}.
 *
 * <pre>
 *     63     55 54           32 31  24 23          4   3   2   1   0
 *    +---------+---------------+------+-------------+----+---+---+---+
 * w0 |  PRGI   | private data  | bus  |    PASID    |LPIG| PP|BOF|SRR|
 *    +---------+---------------+------+-------------+----+---+---+---+
 *     63                              12 11        4  3    2   1   0
 *    +----------------------------------+-----------+----+---+---+---+
 * w1 |        ADDR (page address)       |   devfn   |PRIV|EXE| WR| RD|
 *    +----------------------------------+-----------+----+---+---+---+
 * </pre>
 *
 * <p>The layout knows no stop marker. LPIG asks for a page group response; without it, SRR asks for
 * a page stream response to this request alone: a group of one, keyed by what that response echoes,
 * private data and address.
 */
@Component
@Decodes(arch = RecordingRegister.ARCH, queue = OldPageRequestDescriptor.QUEUE)
public final class OldPageRequestDescriptor implements RecordDecoder {
    static final String QUEUE = "prq16";

    private static final int BYTES = 16;

    private static final long SRR = 1;
    private static final long PP = 1L << 2;
    private static final long LPIG = 1L << 3;

    /** Keeps no state. */
    public OldPageRequestDescriptor() {}

    @Override
    public int recordBytes() {
        return BYTES;
    }

    @Override
    public void decode(ByteBuffer queue, int at, FaultSink out) {
        decode(queue.getLong(at), queue.getLong(at + 8), out);
    }

    static void decode(long w0, long w1, FaultSink out) {
        int attributes = HAS_REQUESTER | HAS_IOVA | ((int) w1 & FaultBits.ACCESS_MASK);
        boolean pp = (w0 & PP) != 0;
        boolean stream = (w0 & (LPIG | SRR)) == SRR;
        if (pp) {
            attributes |= ANSWER_WITH_PASID;
        }
        if ((w0 & LPIG) != 0) {
            attributes |= LAST;
        } else if (stream) {
            attributes |= PRIVATE_DATA;
        }
        out.pageRequest(
                attributes,
                requester(w0, w1),
                pp ? pasid(w0) : Fault.NO_PASID,
                (int) (w0 >>> 55),
                address(w1),
                w0,
                w1,
                stream ? privateData(w0) : 0,
                stream ? address(w1) : 0);
    }

    /** The bus is in the one word, device and function in the other. */
    private static int requester(long w0, long w1) {
        return ((int) (w0 >>> 24) & 0xff) << 8 | ((int) (w1 >>> 4) & 0xff);
    }

    private static int pasid(long w0) {
        return (int) (w0 >>> 4) & 0xf_ffff;
    }

    /** The 23 bits that either response echoes. */
    static long privateData(long w0) {
        return w0 >>> 32 & 0x7f_ffff;
    }

    private static long address(long w1) {
        return w1 & ~0xfffL;
    }

    @Override
    public void describe(Fault fault, KeySink keys) {
        SourceKeys.describe(fault, keys);
        if ((fault.attributes() & LAST) != 0) {
            keys.text("response_op", "page_grp_resp");
        } else if ((fault.attributes() & PRIVATE_DATA) != 0) {
            keys.text("response_op", "page_stream_resp");
        } else {
            keys.none("response_op");
        }
        keys.text("description", "old layout " + PageRequestDescriptor.sentence(fault));
    }

    @Override
    public QueueState state(long producer, long consumer, int slots) {
        return PageRequestIndices.state(producer, consumer, slots, BYTES);
    }

    /**
     * Tells whether two words that a kernel printed are of this layout. Kernels of one wording
     * printed either; a descriptor of the present layout has its type, 1, in the low byte, no bit
     * up to bit 15 but PP and PDP, and none above EXR and PMR.
     *
     * @param w0 word 0 as printed
     * @return false if it is a descriptor of the present layout
     */
    static boolean isOld(long w0) {
        return (w0 & 0xffc0_0000_0000_fcffL) != 1;
    }
}
