package io.faultline.vtd.internal;

import static io.faultline.fault.FaultBits.EXEC;
import static io.faultline.fault.FaultBits.HAS_INTERRUPT;
import static io.faultline.fault.FaultBits.HAS_IOVA;
import static io.faultline.fault.FaultBits.HAS_REQUESTER;
import static io.faultline.fault.FaultBits.PRIV;
import static io.faultline.fault.FaultBits.READ;
import static io.faultline.fault.FaultBits.WRITE;

import io.faultline.fault.Fault;
import io.faultline.fault.UnrecoverableFault;
import io.faultline.hardware.Decodes;
import io.faultline.hardware.FaultKeys;
import io.faultline.hardware.FaultSink;
import io.faultline.hardware.KeySink;
import io.faultline.hardware.RecordDecoder;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import org.osgi.service.component.annotations.Component;

/**
 * A fault recording register (FRCD): 16 bytes, little-endian, read as the halves {@code lo} and
 * {@code hi}.
 *
 * <pre>
 *     63  62  61 60 59       40 39    32 31 30  29   28 27    16 15          0
 *    +--+---+------+-----------+--------+--+---+----+--+--------+-------------+
 * hi | F| T1|  AT  |    PV     |   FR   |PP|EXE|PRIV|T2|   0    |     SID     |
 *    +--+---+------+-----------+--------+--+---+----+--+--------+-------------+
 * lo |            FI: page address, or interrupt index in 63:48 |  0 (11:0)   |
 *    +----------------------------------------------------------+-------------+
 * </pre>
 *
 * <p>A fault of interrupt remapping (FR 0x20 to 0x2f) has no address, PASID or access. Reserved
 * bits are ignored: newer revisions give them a meaning.
 *
 * <p>A fault from a line of text has no raw words, and no keys that only the record knows: whether
 * a read was an AtomicOp, the address type, reserved bits.
 *
 * <p>Source: Intel VT-d, "Fault Recording Registers".
 */
@Component
@Decodes(arch = RecordingRegister.ARCH, queue = RecordingRegister.QUEUE)
public final class RecordingRegister implements RecordDecoder {
    static final String ARCH = "vtd";
    static final String QUEUE = "frcd";

    private static final int BYTES = 16;
    private static final int WORDS = 2;

    private static final long RESERVED_LO = 0xfff;
    private static final long RESERVED_HI = 0xfff_0000;
    private static final long PP = 1L << 31;

    /** By T1 and T2. */
    private static final String[] REQUESTS = {"write", "page_request", "read", "atomic"};

    private static final int[] ACCESSES = {WRITE, 0, READ, READ | WRITE};

    /** Keeps no state. */
    public RecordingRegister() {}

    @Override
    public int recordBytes() {
        return BYTES;
    }

    @Override
    public void decode(ByteBuffer queue, int at, FaultSink out) {
        long hi = queue.getLong(at + Long.BYTES);
        if (hi >= 0) { // F is clear
            out.empty();
            return;
        }
        VarHandle.acquireFence(); // the rest is recorded before F is set
        long lo = queue.getLong(at);
        int number = reason(hi);
        if (FaultReason.isInterrupt(number)) {
            out.unrecoverable(
                    FaultReason.of(number).reason(),
                    number,
                    HAS_REQUESTER | HAS_INTERRUPT,
                    sourceId(hi),
                    Fault.NO_PASID,
                    0,
                    interruptIndex(lo),
                    lo,
                    hi,
                    0,
                    0);
        } else {
            out.unrecoverable(
                    FaultReason.of(number).reason(),
                    number,
                    HAS_REQUESTER | HAS_IOVA | access(hi),
                    sourceId(hi),
                    pasid(hi),
                    address(lo),
                    0,
                    lo,
                    hi,
                    0,
                    0);
        }
    }

    private static int reason(long hi) {
        return (int) (hi >>> 32) & 0xff;
    }

    private static int sourceId(long hi) {
        return (int) hi & 0xffff;
    }

    /** PV, which means nothing without PP. */
    private static int pasid(long hi) {
        return (hi & PP) == 0 ? Fault.NO_PASID : (int) (hi >>> 40) & 0xf_ffff;
    }

    static long address(long lo) {
        return lo & ~0xfffL;
    }

    static long interruptIndex(long lo) {
        return lo >>> 48;
    }

    /** EXE and PRIV mean nothing without PP. A page request does not say what it wants. */
    private static int access(long hi) {
        int access = ACCESSES[type(hi)];
        return (hi & PP) == 0
                ? access
                : access | ((int) (hi >>> 28) & EXEC) | ((int) (hi >>> 26) & PRIV);
    }

    /** T1 and T2; revisions that know no T2 have zero there. */
    private static int type(long hi) {
        return ((int) (hi >>> 61) & 2) | ((int) (hi >>> 28) & 1);
    }

    @Override
    public void describe(Fault fault, KeySink keys) {
        String request = request(fault);
        FaultReason reason = FaultReason.of(fault.code());
        SourceKeys.describe(fault, keys);
        FaultKeys.number(keys, "arch_code", fault.code() != FaultReason.NOT_TOLD, fault.code());
        keys.text("detail", fault.reason().word());
        if (reason.qualified() == null) {
            keys.none("qualified");
        } else {
            keys.flag("qualified", reason.qualified());
        }
        if (request == null) {
            keys.none("request");
        } else {
            keys.text("request", request);
        }
        if (fault instanceof UnrecoverableFault interrupt && interrupt.hasInterruptIndex()) {
            keys.number("interrupt_index", interrupt.interruptIndex());
        }
        if (fault.rawWords() >= WORDS) {
            describe(fault.raw(0), fault.raw(1), keys);
        }
        keys.text("description", sentence(fault, request, reason));
    }

    /** What only the record tells. */
    private static void describe(long lo, long hi, KeySink keys) {
        keys.flag("reserved_set", ((lo & RESERVED_LO) | (hi & RESERVED_HI)) != 0);
        if (!FaultReason.isInterrupt(reason(hi))) {
            keys.number("address_type", hi >>> 60 & 3);
        }
    }

    /** The request, or null if that is not told. Linux prints an AtomicOp as a read. */
    private static String request(Fault fault) {
        if (FaultReason.isInterrupt(fault.code()) || (fault.attributes() & HAS_INTERRUPT) != 0) {
            return "interrupt";
        }
        if (fault.rawWords() >= WORDS) {
            return REQUESTS[type(fault.raw(1))];
        }
        return fault.access().isRead() ? "read" : fault.access().isWrite() ? "write" : null;
    }

    private static String sentence(Fault fault, String request, FaultReason reason) {
        StringBuilder text = new StringBuilder(96);
        text.append(request == null ? "request" : request.replace('_', ' '));
        SourceKeys.appendSource(fault, text);
        if (fault.hasIova()) {
            text.append(" at 0x").append(Long.toHexString(fault.iova()));
        }
        if (fault instanceof UnrecoverableFault interrupt && interrupt.hasInterruptIndex()) {
            text.append(" index 0x").append(Integer.toHexString(interrupt.interruptIndex()));
        }
        if (fault.code() == FaultReason.NOT_TOLD) {
            return text.append(": reason not told").toString();
        }
        text.append(fault.code() < 0x10 ? ": reason 0x0" : ": reason 0x")
                .append(Integer.toHexString(fault.code()));
        return text.append(", ").append(reason.meaning()).toString();
    }
}
