package io.faultline.iommufd.internal;

import io.faultline.fault.Fault;
import io.faultline.fault.Response;
import io.faultline.hardware.Decodes;
import io.faultline.hardware.FaultSink;
import io.faultline.hardware.KeySink;
import io.faultline.hardware.RecordDecoder;
import java.nio.ByteBuffer;
import org.osgi.service.component.annotations.Component;

/**
 * The answer to a group ({@code struct iommu_hwpt_page_response}): 8 bytes, little-endian.
 *
 * <pre>
 *  63          32 31          0
 * +--------------+-------------+
 * |     code     |    cookie   |
 * +--------------+-------------+
 * </pre>
 *
 * <p>User space has no FAILURE: it would make a device shut an interface down that it shares with
 * its virtual functions. The kernel says EINVAL to other codes than SUCCESS and INVALID.
 *
 * <p>Source: Linux, include/uapi/linux/iommufd.h.
 */
@Component
@Decodes(arch = Iommufd.ARCH, queue = Iommufd.RESPONSE_QUEUE)
public final class PageResponse implements RecordDecoder {
    static final String PAGE_RESPONSE = "page_response";
    static final String BAD_CODE = "bad_code";

    /** Length of a record. */
    static final int BYTES = 8;

    private static final Response[] BY_CODE = {Response.SUCCESS, Response.INVALID};

    /** Keeps no state. */
    public PageResponse() {}

    @Override
    public int recordBytes() {
        return BYTES;
    }

    @Override
    public void decode(ByteBuffer queue, int at, FaultSink out) {
        long word = queue.getLong(at);
        if (response(word) == null) {
            out.malformed(BAD_CODE, word, 0, 0, 0);
        } else {
            out.noFault(PAGE_RESPONSE, word, 0, 0, 0);
        }
    }

    private static long cookie(long word) {
        return word & 0xffff_ffffL;
    }

    /** The answer, or null if there is none with that code. */
    private static Response response(long word) {
        long code = word >>> 32;
        return code < BY_CODE.length ? BY_CODE[(int) code] : null;
    }

    /** Nothing here is a fault. */
    @Override
    public void describe(Fault fault, KeySink keys) {}

    @Override
    public void describe(ByteBuffer record, int at, KeySink keys) {
        long word = record.getLong(at);
        Response response = response(word);
        keys.number("cookie", cookie(word));
        if (response == null) {
            keys.text("error", "EINVAL");
        } else {
            keys.text("code", response.name());
        }
    }

    @Override
    public String explain(String why, long word, long w1, long w2, long w3) {
        return switch (why) {
            case PAGE_RESPONSE ->
                    "answer " + response(word) + " to the group with cookie " + cookie(word);
            case BAD_CODE ->
                    "code "
                            + (word >>> 32)
                            + " to the group with cookie "
                            + cookie(word)
                            + ": user space may answer 0 or 1 (struct iommu_hwpt_page_response)";
            default -> RecordDecoder.super.explain(why, word, w1, w2, w3);
        };
    }
}
