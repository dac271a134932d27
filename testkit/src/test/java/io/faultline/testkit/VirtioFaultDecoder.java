package io.faultline.testkit;

import io.faultline.fault.Fault;
import io.faultline.fault.FaultBits;
import io.faultline.fault.Reason;
import io.faultline.hardware.FaultSink;
import io.faultline.hardware.KeySink;
import io.faultline.hardware.RecordDecoder;
import java.nio.ByteBuffer;

/**
 * A virtio-iommu fault event: 24 bytes, always unrecoverable.
 *
 * <pre>
 *    63                    32 31                    8 7       0
 *   +------------------------+-----------------------+---------+
 * 0 |         flags          |       reserved        | reason  |
 * 1 |       reserved2        |            endpoint             |
 * 2 |                 address, with flag ADDRESS               |
 *   +-----------------------------------------------------------+
 * </pre>
 */
final class VirtioFaultDecoder implements RecordDecoder {
    /** READ, WRITE and EXEC have the values of {@link FaultBits}. */
    private static final int FLAGS_ACCESS = FaultBits.READ | FaultBits.WRITE | FaultBits.EXEC;

    private static final int FLAG_ADDRESS = 0x100;

    @Override
    public int recordBytes() {
        return 24;
    }

    @Override
    public void decode(ByteBuffer queue, int at, FaultSink out) {
        long w0 = queue.getLong(at);
        long w1 = queue.getLong(at + 8);
        long w2 = queue.getLong(at + 16);
        int flags = (int) (w0 >>> 32);
        int code = (int) w0 & 0xff;
        if (((int) w0 & ~0xff) != 0) {
            out.malformed("reserved_bits", w0, w1, w2, 0);
            return;
        }
        boolean addressed = (flags & FLAG_ADDRESS) != 0;
        int attributes =
                FaultBits.HAS_REQUESTER
                        | (flags & FLAGS_ACCESS)
                        | (addressed ? FaultBits.HAS_IOVA : 0);
        out.unrecoverable(
                reason(code),
                code,
                attributes,
                (int) w1,
                Fault.NO_PASID,
                addressed ? w2 : 0,
                0,
                w0,
                w1,
                w2,
                0);
    }

    private static Reason reason(int code) {
        return switch (code) {
            case 1 -> Reason.BAD_CONFIG;
            case 2 -> Reason.MAPPING;
            default -> Reason.UNKNOWN;
        };
    }

    @Override
    public void describe(Fault fault, KeySink keys) {
        keys.number("arch_code", fault.code());
        keys.text("detail", fault.reason().word());
        keys.text("log", log(fault));
        if (fault.rawWords() > 0) {
            int unknownFlags = (int) (fault.raw(0) >>> 32) & ~(FLAGS_ACCESS | FLAG_ADDRESS);
            keys.flag("reserved_set", unknownFlags != 0 || fault.raw(1) >>> 32 != 0);
        }
    }

    /** What Linux prints behind the device's prefix. */
    private static String log(Fault fault) {
        String word =
                switch (fault.reason()) {
                    case BAD_CONFIG -> "domain";
                    case MAPPING -> "page";
                    default -> "unknown";
                };
        String text = word + " fault from EP " + Integer.toUnsignedString(fault.requester());
        return fault.hasIova()
                ? text
                        + " at 0x"
                        + Long.toHexString(fault.iova())
                        + " ["
                        + String.join("", fault.access().words())
                        + "]"
                : text;
    }
}
