package io.faultline.kernellog.internal;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/** What a {@link FollowingReader} reads: a device that waits, or a file that grows. */
interface FollowedFile extends Closeable {
    /** What {@link #read} returns at the present end of what does not wait. */
    int NOTHING_NOW = -1;

    /**
     * Reads on; waits if the file is one that waits, until {@link #close}.
     *
     * @return how many bytes, or {@link #NOTHING_NOW}
     * @throws IOException if something was skipped ({@code /dev/kmsg} was overtaken) or cannot be
     *     read; the next call tells which of them
     */
    int read(ByteBuffer into) throws IOException;
}
