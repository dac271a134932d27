package io.faultline.kernellog.internal;

import java.io.InputStream;
import java.util.Random;

/** Gives some bytes in pieces of any length, as a pipe does. */
final class ChoppedStream extends InputStream {
    private final byte[] bytes;
    private final Random random;
    private int at;

    ChoppedStream(byte[] bytes, Random random) {
        this.bytes = bytes;
        this.random = random;
    }

    @Override
    public int read() {
        return at == bytes.length ? -1 : bytes[at++] & 0xff;
    }

    @Override
    public int read(byte[] into, int from, int length) {
        if (at == bytes.length) {
            return -1;
        }
        int most = Math.min(length, bytes.length - at);
        int count = 1 + random.nextInt(random.nextInt(4) == 0 ? Math.min(most, 20) : most);
        System.arraycopy(bytes, at, into, from, count);
        at += count;
        return count;
    }
}
