package io.faultline.mm.internal;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A file that is mapped as a whole, shared, in windows of 1 GiB: a buffer of Java's reaches no
 * further than 2 GiB.
 *
 * <p>A file can lose pages while they are mapped. Java code that touches one gets SIGBUS, which the
 * JVM turns into an {@link InternalError}, but not where it is awaited: in compiled code it arrives
 * at some later safepoint, in a frame that knows nothing of the page; and an atomic access in the
 * interpreter ends the process. (Seen on JDK 17.) So no Java code touches a page. The kernel does:
 * a write of one byte <em>from</em> the mapping has it fault the page in, as any access would, and
 * for a page that is not there it says EFAULT, which is an {@link IOException} at once. What is
 * written goes to {@code /dev/urandom}, which copies it and takes it from anybody.
 *
 * <p>Reading the file by {@code read(2)} instead would be as safe, but would not do what is asked
 * for: it makes no page present in a mapping, and allocates none in the holes of a RAM file. Pages
 * are only read, for writes, too: in a shared mapping whoever writes finds the page there.
 *
 * <p><b>Threads.</b> Safe for any thread. Sizes are asked of a {@link RandomAccessFile}, not of its
 * channel: an interrupt closes a channel for everybody. For the same reason the channel to the sink
 * is opened again where a thread was interrupted in it.
 */
final class MappedFile {
    private static final int WINDOW_SHIFT = 30;
    private static final Path SINK = Path.of("/dev/urandom");
    private static final long WINDOW_BYTES = 1L << WINDOW_SHIFT;

    private final RandomAccessFile file;
    private final MappedByteBuffer[] windows;
    private final long sizeBytes;

    private volatile FileChannel sink;
    private boolean closed;

    private MappedFile(
            RandomAccessFile file, MappedByteBuffer[] windows, long sizeBytes, FileChannel sink) {
        this.file = file;
        this.windows = windows;
        this.sizeBytes = sizeBytes;
        this.sink = sink;
    }

    /**
     * Maps a file as it is now.
     *
     * @throws IOException names the file and what is wrong
     */
    static MappedFile open(Path path) throws IOException {
        if (!Files.exists(path)) {
            throw new NoSuchFileException(path.toString(), null, "there is no such file");
        }
        if (!Files.isRegularFile(path)) {
            throw new IOException(path + ": is no regular file, and cannot be mapped");
        }
        RandomAccessFile file = new RandomAccessFile(path.toFile(), "r");
        try {
            long size = file.length();
            if (size == 0) {
                throw new IOException(path + ": is empty: there is nothing to map");
            }
            return new MappedFile(file, map(file.getChannel(), size), size, openSink());
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    private static MappedByteBuffer[] map(FileChannel channel, long size) throws IOException {
        int count = Math.toIntExact((size + WINDOW_BYTES - 1) >>> WINDOW_SHIFT);
        MappedByteBuffer[] windows = new MappedByteBuffer[count];
        for (int i = 0; i < count; i++) {
            long from = (long) i << WINDOW_SHIFT;
            windows[i] =
                    channel.map(
                            FileChannel.MapMode.READ_ONLY,
                            from,
                            Math.min(WINDOW_BYTES, size - from));
        }
        return windows;
    }

    /** How large it was when it was opened. */
    long sizeBytes() {
        return sizeBytes;
    }

    /** Whether a byte is in the file now. */
    boolean has(long offset) throws IOException {
        return offset < sizeBytes && offset < file.length();
    }

    /**
     * Has the operating system bring a page in.
     *
     * @param offset of the page's first byte
     * @return false if the file does not have it any more, or it could not be read
     */
    boolean touch(long offset) throws IOException {
        if (!has(offset)) {
            return false;
        }
        MappedByteBuffer window = windows[(int) (offset >>> WINDOW_SHIFT)];
        int at = (int) (offset & (WINDOW_BYTES - 1));
        while (true) {
            FileChannel present = sink;
            try {
                present.write(window.slice(at, 1), 0);
                return true;
            } catch (ClosedByInterruptException e) {
                throw e;
            } catch (ClosedChannelException e) {
                reopen(present); // another thread was interrupted in it, or this file is closed
            } catch (IOException e) {
                return false; // EFAULT: the page is not there any more, or could not be read
            }
        }
    }

    private static FileChannel openSink() throws IOException {
        return FileChannel.open(SINK, StandardOpenOption.WRITE);
    }

    private synchronized void reopen(FileChannel closedOne) throws IOException {
        if (closed) {
            throw new ClosedChannelException();
        }
        if (sink == closedOne) {
            sink = openSink();
        }
    }

    /** The mapping itself stays until the garbage collector finds its buffers. */
    synchronized void close() {
        closed = true;
        try {
            sink.close();
            file.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
