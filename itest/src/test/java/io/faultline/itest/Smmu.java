package io.faultline.itest;

import io.faultline.testkit.RecordingQueue;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;

/** Records as an SMMUv3 writes them (Arm IHI 0070, 7.3 and 8), in 64-bit words. */
final class Smmu {
    private static final long F_TRANSLATION = 0x10;
    private static final long E_PAGE_REQUEST = 0x24;
    private static final long RESERVED_EVENT = 0x7f;
    private static final long READ = 1L << 35;
    private static final long STALL = 1L << 31;
    private static final long PRI_SSV = 1L << 63;
    private static final long PRI_LAST = 1L << 62;
    private static final long PRI_READ = 1L << 60;

    private Smmu() {}

    static RecordingQueue events(int slots) {
        return new RecordingQueue("evtq", 32, slots);
    }

    static RecordingQueue pageRequests(int slots) {
        return new RecordingQueue("priq", 16, slots);
    }

    static long[] translationFault(int stream, long iova) {
        return event(F_TRANSLATION, stream, READ, iova);
    }

    static long[] stall(int stream, int tag, long iova) {
        return event(F_TRANSLATION, stream, READ | STALL | tag, iova);
    }

    static long[] hint(int stream, long iova) {
        return event(E_PAGE_REQUEST, stream, 0, iova);
    }

    /** One for so many pages of 4 KiB, which are going to be read. */
    static long[] hint(int stream, long iova, int pages) {
        return event(E_PAGE_REQUEST, stream, READ | (long) pages << 44, iova);
    }

    /** An event number that no document gives a meaning. */
    static long[] nonsense(int stream) {
        return event(RESERVED_EVENT, stream, 0, 0);
    }

    private static long[] event(long number, int stream, long w1, long iova) {
        return new long[] {number | (long) stream << 32, w1, iova, 0};
    }

    /** One request of a page request group, with a PASID. */
    static long[] request(int stream, int pasid, int index, boolean last, long page) {
        long w0 = PRI_SSV | PRI_READ | (last ? PRI_LAST : 0) | (long) pasid << 32 | stream;
        return new long[] {w0, page | index};
    }

    static long[] stopMarker(int stream, int pasid) {
        return new long[] {PRI_SSV | PRI_LAST | (long) pasid << 32 | stream, 0};
    }

    /** A record in memory order. */
    static String hex(long... words) {
        ByteBuffer record = ByteBuffer.allocate(words.length * Long.BYTES);
        record.order(ByteOrder.LITTLE_ENDIAN).asLongBuffer().put(words);
        return HexFormat.of().formatHex(record.array());
    }
}
