package io.faultline.kernellog.internal;

import java.io.IOException;
import java.io.InputStream;

/** A stream, waited for. */
final class StreamSource implements ByteSource {
    private final InputStream input;

    StreamSource(InputStream input) {
        this.input = input;
    }

    @Override
    public int read(byte[] into, int from, int length) throws IOException {
        return input.read(into, from, length);
    }

    /** It is waited for instead. */
    @Override
    public boolean silent() {
        return false;
    }

    @Override
    public boolean ready() throws IOException {
        return input.available() > 0;
    }

    @Override
    public void close() throws IOException {
        input.close();
    }
}
