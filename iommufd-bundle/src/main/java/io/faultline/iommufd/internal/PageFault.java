package io.faultline.iommufd.internal;

import static io.faultline.fault.FaultBits.ACCESS_MASK;
import static io.faultline.fault.FaultBits.HAS_IOVA;
import static io.faultline.fault.FaultBits.HAS_REQUESTER;
import static io.faultline.fault.FaultBits.LAST;

import io.faultline.fault.Fault;
import io.faultline.fault.PageRequestGroup;
import io.faultline.hardware.Decodes;
import io.faultline.hardware.FaultSink;
import io.faultline.hardware.KeySink;
import io.faultline.hardware.RecordDecoder;
import java.nio.ByteBuffer;
import org.osgi.service.component.annotations.Component;

/**
 * A page request ({@code struct iommu_hwpt_pgfault}): 40 bytes, little-endian.
 *
 * <pre>
 *      63            32 31             0
 *     +----------------+----------------+
 *   0 |     dev_id     |     flags      |
 *   8 |     grpid      |     pasid      |
 *  16 |    reserved    |      perm      |
 *  24 |              addr               |
 *  32 |     cookie     |     length     |
 *     +----------------+----------------+
 * </pre>
 *
 * <p>A fault keeps all words but the third, whose permissions are its access: the bits of perm have
 * the values of ours. Unknown flags are ignored; real records have NEEDS_PASID among them. length
 * is a hint: bytes that the device will want, or 0.
 *
 * <p>A group is delivered whole, the same cookie in each of its records, and answered by it. A
 * PASID beyond 20 bits makes a request malformed, which can be answered all the same.
 *
 * <p>Source: Linux, include/uapi/linux/iommufd.h.
 */
@Component
@Decodes(arch = Iommufd.ARCH, queue = Iommufd.FAULT_QUEUE)
public final class PageFault implements RecordDecoder {
    static final String BAD_PASID = "bad_pasid";

    private static final int BYTES = 40;
    private static final int WORDS_KEPT = 4;

    /** Which of the words that are kept has length and cookie. */
    private static final int LAST_WORD = 3;

    private static final int PASID_VALID = 1;
    private static final int LAST_PAGE = 1 << 1;
    private static final int PASID_MAX = 0xf_ffff;

    /** Keeps no state. */
    public PageFault() {}

    @Override
    public int recordBytes() {
        return BYTES;
    }

    @Override
    public void decode(ByteBuffer queue, int at, FaultSink out) {
        long w0 = queue.getLong(at);
        long w1 = queue.getLong(at + 8);
        int perm = (int) queue.getLong(at + 16);
        long address = queue.getLong(at + 24);
        long w4 = queue.getLong(at + 32);
        int device = (int) (w0 >>> 32);
        int group = (int) (w1 >>> 32);
        boolean process = (w0 & PASID_VALID) != 0;
        int pasid = process ? (int) w1 : Fault.NO_PASID;
        int attributes = HAS_REQUESTER | ((w0 & LAST_PAGE) != 0 ? LAST : 0);
        if (process && (pasid & ~PASID_MAX) != 0) {
            out.malformedRequest(
                    BAD_PASID, attributes, device, Fault.NO_PASID, group, w0, w1, address, w4);
            return;
        }
        attributes |= HAS_IOVA | (perm & ACCESS_MASK);
        out.pageRequest(attributes, device, pasid, group, address, w0, w1, address, w4);
    }

    /**
     * The number by which a group is answered.
     *
     * @return 0 if it is not known: iommufd counts from 1
     */
    static int cookie(PageRequestGroup group) {
        return group.rawWords() < WORDS_KEPT ? 0 : (int) (group.raw(LAST_WORD) >>> 32);
    }

    @Override
    public void describe(Fault fault, KeySink keys) {
        if (!(fault instanceof PageRequestGroup group)) {
            return; // no record of this queue is anything else
        }
        if (group.rawWords() == WORDS_KEPT) {
            keys.number("length", group.raw(LAST_WORD) & 0xffff_ffffL);
            keys.number("cookie", Integer.toUnsignedLong(cookie(group)));
        }
        StringBuilder text = new StringBuilder(96).append("page request of device ");
        text.append(Integer.toUnsignedString(group.requester()));
        if (group.pasid() != Fault.NO_PASID) {
            text.append(" pasid 0x").append(Integer.toHexString(group.pasid()));
        }
        text.append(" group ").append(Integer.toUnsignedString(group.groupIndex()));
        text.append(group.complete() ? " last" : "");
        text.append(" at 0x").append(Long.toHexString(group.iova()));
        text.append(' ').append(group.access());
        keys.text("description", text.toString());
    }

    @Override
    public String explain(String why, long w0, long w1, long w2, long w3) {
        return why.equals(BAD_PASID)
                ? "PASID 0x" + Integer.toHexString((int) w1) + " has more than 20 bits (PCIe, 6.20)"
                : RecordDecoder.super.explain(why, w0, w1, w2, w3);
    }
}
