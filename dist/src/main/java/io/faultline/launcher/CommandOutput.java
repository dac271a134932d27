package io.faultline.launcher;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Standard output: buffered, flushed by whoever is about to wait, and aware of a reader that has
 * gone away ({@code decode | head}).
 *
 * <p><b>Threads.</b> Safe for any thread: on Ctrl-C another thread flushes what was decoded so far.
 * A caller that writes whole lines finds whole lines in the output.
 */
final class CommandOutput extends OutputStream {
    private static final int BUFFER_BYTES = 1 << 16;
    private static final Path STANDARD_OUTPUT = Path.of("/proc/self/fd/1");

    private final OutputStream out;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int filled;
    private IOException failure;

    CommandOutput(OutputStream out) {
        this.out = out;
    }

    static CommandOutput standard() {
        return new CommandOutput(new FileOutputStream(FileDescriptor.out));
    }

    @Override
    public synchronized void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public synchronized void write(byte[] bytes, int from, int length) throws IOException {
        if (length > buffer.length - filled) {
            flush();
        }
        if (length > buffer.length) {
            send(bytes, from, length);
        } else {
            System.arraycopy(bytes, from, buffer, filled, length);
            filled += length;
        }
    }

    @Override
    public synchronized void flush() throws IOException {
        int length = filled;
        filled = 0;
        if (length > 0) {
            send(buffer, 0, length);
        }
    }

    private void send(byte[] bytes, int from, int length) throws IOException {
        if (failure != null) {
            throw failure;
        }
        try {
            out.write(bytes, from, length);
        } catch (IOException e) {
            failure = e;
            throw e;
        }
    }

    /** Why nothing more can be written, or null if nothing failed. */
    synchronized IOException failure() {
        return failure;
    }

    /**
     * Whether nothing more can be written because the reader at the other end has gone. That is no
     * error; a full disk is.
     */
    synchronized boolean readerIsGone() {
        return failure != null && isPipe();
    }

    private static boolean isPipe() {
        try {
            String target = Files.readSymbolicLink(STANDARD_OUTPUT).toString();
            return target.startsWith("pipe:") || target.startsWith("socket:");
        } catch (IOException e) {
            return true; // no /proc: no way to tell, and a pipe is the usual case
        }
    }
}
