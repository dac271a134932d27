package io.faultline.kernellog.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;

/**
 * {@code /dev/kmsg}, a pipe, or a log file that other programs append to, truncate and replace.
 *
 * <p><b>Threads.</b> One reads; {@link #close} from any.
 */
final class DeviceOrFile implements FollowedFile {
    private final Path path;
    private final boolean regular;

    /** Replaced by the reader under this object's lock. */
    private FileChannel channel;

    private Object key;
    private boolean closed;

    /**
     * Opens it. What a regular file holds already is read only if wanted; a device gives all it
     * has.
     *
     * @throws IOException if it cannot be read
     */
    DeviceOrFile(Path path, boolean fromStart) throws IOException {
        this.path = path;
        this.channel = FileChannel.open(path, StandardOpenOption.READ);
        this.regular = Files.isRegularFile(path);
        this.key = key();
        if (regular && !fromStart) {
            channel.position(channel.size());
        }
    }

    /** Whether it gives what is old first and waits at the end. */
    boolean isDevice() {
        return !regular;
    }

    private Object key() throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
        FileChannel open = channel();
        int read = open.read(into);
        if (read > 0 || !regular) {
            return read;
        }
        if (open.size() < open.position()) {
            open.position(0); // truncated: what is in it now is new
        } else if (Files.isRegularFile(path) && !Objects.equals(key(), key)) {
            reopen();
        } else {
            return NOTHING_NOW;
        }
        return channel().read(into);
    }

    private synchronized FileChannel channel() {
        return channel;
    }

    /** The file was renamed and another put in its place, as log rotation does. */
    private synchronized void reopen() throws IOException {
        if (!closed) {
            channel.close();
            channel = FileChannel.open(path, StandardOpenOption.READ);
            key = key();
        }
    }

    @Override
    public synchronized void close() throws IOException {
        closed = true;
        channel.close();
    }
}
