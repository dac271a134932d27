package io.faultline.virtio.internal;

import io.faultline.fault.Fault;
import io.faultline.fault.FaultBits;
import io.faultline.fault.Reason;
import io.faultline.hardware.Decodes;
import io.faultline.hardware.FaultSink;
import io.faultline.hardware.KeySink;
import io.faultline.hardware.RecordDecoder;
import java.nio.ByteBuffer;
import java.util.List;
import org.osgi.service.component.annotations.Component;

/**
 * A fault event: 24 bytes, little-endian, read as the words {@code w0} to {@code w2}.
 *
 * <pre>
 *     63                        32 31              8 7          0
 *    +----------------------------+-----------------+------------+
 * w0 |           flags            |     reserved    |   reason   |
 * w1 |         reserved2          |           endpoint           |
 * w2 |             address, valid with flag ADDRESS              |
 *    +-----------------------------------------------------------+
 * </pre>
 *
 * <p>Linux ignores an event whose reserved bytes are not zero, so it is malformed here. What
 * reserved2 and unknown flags hold does not matter; a reserved reason says as much as UNKNOWN.
 *
 * <p>Source: OASIS virtio 1.2, IOMMU Device, "Fault reporting".
 */
@Component
@Decodes(arch = FaultEvent.ARCH, queue = FaultEvent.QUEUE)
public final class FaultEvent implements RecordDecoder {
    static final String ARCH = "virtio";
    static final String QUEUE = "fault";

    private static final int RESERVED = ~0xff;
    private static final int ADDRESS = 0x100;

    /** The flags READ, WRITE and EXEC have the values of {@link FaultBits}. */
    private static final int ACCESS = FaultBits.READ | FaultBits.WRITE | FaultBits.EXEC;

    /** How Linux calls the reasons UNKNOWN, DOMAIN and MAPPING. A "page" is no page request. */
    private static final List<String> WORDS = List.of("unknown", "domain", "page");

    @Override
    public int recordBytes() {
        return 24;
    }

    @Override
    public void decode(ByteBuffer queue, int at, FaultSink out) {
        long w0 = queue.getLong(at);
        long w1 = queue.getLong(at + 8);
        long w2 = queue.getLong(at + 16);
        if (((int) w0 & RESERVED) != 0) {
            out.malformed("reserved_bits", w0, w1, w2, 0);
            return;
        }
        int number = (int) w0;
        int flags = (int) (w0 >>> 32);
        int attributes = FaultBits.HAS_REQUESTER | (flags & ACCESS);
        long iova = 0;
        if ((flags & ADDRESS) != 0) {
            attributes |= FaultBits.HAS_IOVA;
            iova = w2;
        }
        int endpoint = (int) w1;
        out.unrecoverable(
                reason(number),
                number,
                attributes,
                endpoint,
                Fault.NO_PASID,
                iova,
                0,
                w0,
                w1,
                w2,
                0);
    }

    static Reason reason(int number) {
        return switch (number) {
            case 1 -> Reason.BAD_CONFIG;
            case 2 -> Reason.MAPPING;
            default -> Reason.UNKNOWN;
        };
    }

    /** The reason's number by Linux' word for it. */
    static int number(String word) {
        return WORDS.indexOf(word);
    }

    @Override
    public void describe(Fault fault, KeySink keys) {
        int number = fault.code();
        String word = WORDS.get(number < WORDS.size() ? number : 0);
        keys.number("arch_code", number);
        keys.text("detail", fault.reason().word());
        keys.text("reason_word", word);
        keys.text("log", log(fault, word));
        if (fault.rawWords() > 0) {
            int unknown = (int) (fault.raw(0) >>> 32) & ~(ACCESS | ADDRESS);
            keys.flag("reserved_set", unknown != 0 || fault.raw(1) >>> 32 != 0);
        }
        keys.text("description", sentence(fault));
    }

    /** What Linux prints behind the device's name. */
    private static String log(Fault fault, String word) {
        String text = word + " fault from EP " + Integer.toUnsignedString(fault.requester());
        String access = String.join("", fault.access().words());
        return fault.hasIova()
                ? text + " at 0x" + Long.toHexString(fault.iova()) + " [" + access + "]"
                : text;
    }

    private static String sentence(Fault fault) {
        StringBuilder text = new StringBuilder(96);
        text.append(
                switch (fault.reason()) {
                    case BAD_CONFIG -> "not attached to a domain: endpoint ";
                    case MAPPING -> "no mapping or no permission: endpoint ";
                    default -> "fault that the device does not explain: endpoint ";
                });
        text.append(fault.hasRequester() ? Integer.toUnsignedString(fault.requester()) : "?");
        if (fault.hasIova()) {
            text.append(" at 0x").append(Long.toHexString(fault.iova()));
        }
        if (fault.access().bits() != 0) {
            text.append(' ').append(fault.access());
        }
        return text.toString();
    }

    @Override
    public String explain(String why, long w0, long w1, long w2, long w3) {
        return String.format(
                "reserved bytes 0x%06x behind the reason are not zero (virtio 1.2, IOMMU Device): Linux"
                        + " ignores such an event",
                w0 >>> 8 & 0xff_ffff);
    }
}
