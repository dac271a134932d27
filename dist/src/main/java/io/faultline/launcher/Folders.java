package io.faultline.launcher;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** Folders that code is loaded from: made for their owner alone, refused if others can write. */
final class Folders {
    private static final FileAttribute<?> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private Folders() {}

    /** Makes a folder, and those above it, unless it is there. */
    static void make(Path folder) {
        try {
            if (!Files.isDirectory(folder)) {
                Files.createDirectories(folder, OWNER_ONLY);
            }
        } catch (IOException e) {
            throw Refusal.wrongUse(folder + ": cannot be made: " + Problem.of(e));
        }
    }

    /**
     * Makes a folder of this process's own below the one for temporary files. Its name needs no
     * random numbers, whose generator takes 10 ms to load: if it exists already, whoever made it is
     * refused.
     */
    static Path makeTemporary() throws IOException {
        String name = "faultline-" + ProcessHandle.current().pid() + "-" + System.nanoTime();
        return Files.createDirectory(
                Path.of(System.getProperty("java.io.tmpdir"), name), OWNER_ONLY);
    }

    /**
     * Refuses a folder that somebody else could put code into.
     *
     * @param what what the folder is for
     */
    static void refuseIfOthersCanWrite(Path folder, String what) {
        try {
            PosixFileAttributes attributes =
                    Files.readAttributes(folder, PosixFileAttributes.class);
            if (!attributes.isDirectory()) {
                throw new NotDirectoryException(folder.toString());
            }
            Set<PosixFilePermission> permissions = attributes.permissions();
            if (permissions.contains(PosixFilePermission.GROUP_WRITE)
                    || permissions.contains(PosixFilePermission.OTHERS_WRITE)) {
                throw Refusal.wrongUse(
                        String.format(
                                "%s: others can write to this %s folder (%s), and code is loaded"
                                        + " from it: chmod go-w it, or name another",
                                folder, what, PosixFilePermissions.toString(permissions)));
            }
            String owner = attributes.owner().getName();
            String self = System.getProperty("user.name");
            if (!owner.equals(self) && !owner.equals("root")) {
                throw Refusal.wrongUse(
                        String.format(
                                "%s: this %s folder belongs to %s, who is neither %s nor root, and"
                                        + " code is loaded from it: name another",
                                folder, what, owner, self));
            }
        } catch (IOException e) {
            throw Refusal.wrongUse(folder + ": " + Problem.of(e));
        }
    }

    /** Deletes a folder with what is in it. */
    static void delete(Path folder) throws IOException {
        Files.walkFileTree(
                folder,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                            throws IOException {
                        Files.deleteIfExists(file);
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFileFailed(Path file, IOException e)
                            throws IOException {
                        if (e instanceof NoSuchFileException) {
                            return FileVisitResult.CONTINUE; // somebody else deleted it: well
                        }
                        throw e;
                    }

                    @Override
                    public FileVisitResult postVisitDirectory(Path directory, IOException e)
                            throws IOException {
                        Files.deleteIfExists(directory);
                        return FileVisitResult.CONTINUE;
                    }
                });
    }
}
