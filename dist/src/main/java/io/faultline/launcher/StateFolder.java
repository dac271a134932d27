package io.faultline.launcher;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The folder that a running platform keeps its state in, held until closed: one instance at a time.
 */
final class StateFolder implements AutoCloseable {
    private final Path path;
    private final FileChannel lockFile;

    private StateFolder(Path path, FileChannel lockFile) {
        this.path = path;
        this.lockFile = lockFile;
    }

    /**
     * Makes the folder if need be, and takes it.
     *
     * @throws Refusal if others can write to it, or another instance holds it
     */
    static StateFolder take(Path path) {
        Folders.make(path);
        Folders.refuseIfOthersCanWrite(path, "state");
        try {
            FileChannel lockFile =
                    FileChannel.open(
                            path.resolve("lock"),
                            StandardOpenOption.CREATE,
                            StandardOpenOption.READ,
                            StandardOpenOption.WRITE);
            if (!lock(lockFile)) {
                try (lockFile) {
                    throw new Refusal(ExitCode.STATE_HELD, held(path, lockFile));
                }
            }
            writeOwner(lockFile);
            return new StateFolder(path, lockFile);
        } catch (IOException e) {
            throw Refusal.wrongUse(path + ": cannot be locked: " + Problem.of(e));
        }
    }

    private static boolean lock(FileChannel lockFile) throws IOException {
        try {
            FileLock lock = lockFile.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException e) {
            return false; // held by this very process
        }
    }

    private static String held(Path path, FileChannel lockFile) throws IOException {
        ByteBuffer text = ByteBuffer.allocate(32);
        lockFile.read(text, 0);
        String owner = new String(text.array(), 0, text.position(), StandardCharsets.UTF_8).strip();
        return path
                + ": another instance"
                + (owner.isEmpty() ? "" : " (process " + owner + ")")
                + " holds this state folder; stop that one, or name another with --state";
    }

    private static void writeOwner(FileChannel lockFile) throws IOException {
        String owner = ProcessHandle.current().pid() + "\n";
        lockFile.truncate(0);
        lockFile.write(ByteBuffer.wrap(owner.getBytes(StandardCharsets.UTF_8)), 0);
    }

    /** A folder or file in it. */
    Path resolve(String name) {
        return path.resolve(name);
    }

    /** Gives the folder back. */
    @Override
    public void close() throws IOException {
        lockFile.close();
    }
}
