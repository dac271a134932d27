package io.faultline.kernellog.internal;

import java.io.Closeable;
import java.io.IOException;

/** Where a log's bytes come from. */
interface ByteSource extends Closeable {
    /** What {@link #read} returns when nothing will come any more. */
    int ENDED = -1;

    /**
     * Reads some bytes.
     *
     * @return how many, {@link #ENDED}, or 0: nothing is there now, and what was read so far ends
     *     with a whole record
     */
    int read(byte[] into, int from, int length) throws IOException;

    /** Whether nothing has come for so long that what was held back should wait no longer. */
    boolean silent();

    /** Whether {@link #read} would not have to wait; false if that is not known. */
    boolean ready() throws IOException;
}
