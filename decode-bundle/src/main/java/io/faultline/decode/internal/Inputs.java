package io.faultline.decode.internal;

import io.airlift.compress.zstd.ZstdInputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.tukaani.xz.XZInputStream;

/** Opens what the command line names: files, compressed or not, and standard input. */
final class Inputs {
    /** The name for standard input. */
    static final String STANDARD_INPUT = "-";

    private static final int GZIP_BUFFER_BYTES = 1 << 16;

    /** An input that can be told from others in messages. */
    record Input(String name, InputStream stream, boolean isCompressed) implements Closeable {
        @Override
        public void close() throws IOException {
            stream.close();
        }
    }

    /** Called when there is nothing to read right now. */
    @FunctionalInterface
    interface BeforeWaiting {
        void run() throws IOException;
    }

    private Inputs() {}

    /**
     * Opens an input.
     *
     * @param name a file's name, or {@link #STANDARD_INPUT}
     * @param standardInput what that is
     * @param beforeWaiting run before each read of standard input that would wait, so that what was
     *     found so far is seen at once when a log is followed
     * @param progress is told what was read
     */
    static Input open(
            String name, InputStream standardInput, BeforeWaiting beforeWaiting, Progress progress)
            throws IOException {
        if (name.equals(STANDARD_INPUT)) {
            InputStream counted = progress.counted(standardInput);
            return new Input("standard input", new Followed(counted, beforeWaiting), false);
        }
        Path path = Path.of(name);
        if (Files.isDirectory(path)) {
            throw new FileSystemException(name, null, "is a directory");
        }
        InputStream file = progress.counted(Files.newInputStream(path));
        try {
            InputStream content = content(name, file);
            return Files.isRegularFile(path)
                    ? new Input(name, content, content != file)
                    : new Input(name, new Followed(content, beforeWaiting), content != file);
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    /** The length of all inputs, compressed as they are; 0 if one of them does not tell. */
    static long length(List<String> names) {
        long length = 0;
        for (String name : names) {
            Path path = Path.of(name);
            try {
                if (name.equals(STANDARD_INPUT) || !Files.isRegularFile(path)) {
                    return 0;
                }
                length += Files.size(path);
            } catch (IOException e) {
                return 0; // whoever opens it says what is wrong with it
            }
        }
        return length;
    }

    private static InputStream content(String name, InputStream file) throws IOException {
        if (name.endsWith(".gz")) {
            return new GZIPInputStream(file, GZIP_BUFFER_BYTES);
        }
        if (name.endsWith(".xz")) {
            return new XZInputStream(file);
        }
        return name.endsWith(".zst") ? new Zstandard(new ZstdInputStream(file)) : file;
    }

    /** What went wrong with a file. The exceptions' own messages are often its name only. */
    static String problem(IOException e) {
        if (e instanceof NoSuchFileException) {
            return "does not exist";
        }
        if (e instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (e instanceof FileSystemException file && file.getReason() != null) {
            return file.getReason();
        }
        if (e.getCause() instanceof IOException cause) {
            return problem(cause);
        }
        if (e instanceof EOFException) {
            return "ends too early";
        }
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }

    /** A pipe: knows when a read would wait. */
    private static final class Followed extends FilterInputStream {
        private final BeforeWaiting beforeWaiting;

        Followed(InputStream in, BeforeWaiting beforeWaiting) {
            super(in);
            this.beforeWaiting = beforeWaiting;
        }

        @Override
        public int read() throws IOException {
            waitIfNeedBe();
            return super.read();
        }

        @Override
        public int read(byte[] bytes, int from, int length) throws IOException {
            waitIfNeedBe();
            return super.read(bytes, from, length);
        }

        private void waitIfNeedBe() throws IOException {
            if (in.available() == 0) {
                beforeWaiting.run();
            }
        }

        /** Standard input is not ours to close. */
        @Override
        public void close() {}
    }

    /** Damaged input makes the decompressor throw what a damaged program would. */
    private static final class Zstandard extends FilterInputStream {
        Zstandard(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            int length = read(one, 0, 1);
            return length < 0 ? length : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int from, int length) throws IOException {
            try {
                return super.read(bytes, from, length);
            } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
                throw new IOException("damaged: " + e.getMessage(), e);
            }
        }
    }
}
