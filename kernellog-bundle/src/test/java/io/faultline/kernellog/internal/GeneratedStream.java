package io.faultline.kernellog.internal;

import java.io.InputStream;
import java.util.Arrays;

/** A head, very many bytes, and a tail. */
final class GeneratedStream extends InputStream {
    private final byte[] head;
    private final byte[] tail;
    private final long tailFrom;
    private long at;

    GeneratedStream(byte[] head, long middle, byte[] tail) {
        this.head = head;
        this.tail = tail;
        this.tailFrom = head.length + middle;
    }

    @Override
    public int read() {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int from, int length) {
        long left = tailFrom + tail.length - at;
        if (left == 0) {
            return -1;
        }
        byte[] source = at < head.length ? head : tail;
        long start = at < head.length ? 0 : tailFrom;
        if (at >= head.length && at < tailFrom) {
            int count = (int) Math.min(length, tailFrom - at);
            Arrays.fill(into, from, from + count, (byte) 'x');
            at += count;
            return count;
        }
        int count = (int) Math.min(length, source.length - (at - start));
        System.arraycopy(source, (int) (at - start), into, from, count);
        at += count;
        return count;
    }
}
