package io.faultline.replay.internal;

import io.faultline.hardware.RecordDecoder;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Optional;

/** What a file turns out to be. */
sealed interface Recording {
    /** How much of a file is looked at to tell what it is. */
    int HEAD_BYTES = 4096;

    /** More does not fit in a buffer beside the copy that is played. */
    long LONGEST_DUMP_BYTES = 1L << 30;

    /** A kernel log; its form is the scanner's business. */
    record KernelLog(Path file) implements Recording {}

    /** Records of one queue, whose length the queue's decoder knows. */
    sealed interface QueueDump extends Recording permits QueueMemory, HexLines {
        /** Which decoder knows these records. */
        QueueName queue();

        /**
         * Cuts out the records that are to be played.
         *
         * @param decoder that of {@link #queue()}
         * @throws IOException if file and decoder are not of one queue
         */
        Dump framed(RecordDecoder decoder) throws IOException;
    }

    /**
     * Looks at a file and reads it if it is a dump.
     *
     * @param configured of what queue it is; null: not told, so that it can also be a log
     * @throws IOException names the file and what is wrong with it
     */
    static Recording open(Path file, QueueName configured) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new IOException(
                    file + ": " + (Files.exists(file) ? "is no regular file" : "no such file"));
        }
        String name = file.getFileName().toString();
        byte[] head = head(file);
        if (name.endsWith(".bin") || (isBinary(head) && configured != null)) {
            return memory(file, configured);
        }
        if (isCompressed(head)) {
            throw new IOException(file + ": is compressed: unpack it first");
        }
        if (isBinary(head)) {
            throw new IOException(
                    file
                            + ": is neither text nor named .bin; if it is queue memory, "
                            + howToName());
        }
        Optional<QueueName> header = HexLines.header(head);
        if (configured != null || header.isPresent() || name.endsWith(".hex")) {
            QueueName queue =
                    Optional.ofNullable(configured)
                            .or(() -> header)
                            .or(() -> QueueName.ofFile(name))
                            .orElseThrow(() -> unknownQueue(file));
            return new HexLines(
                    name,
                    queue,
                    Files.readAllLines(checkedLength(file), StandardCharsets.ISO_8859_1));
        }
        return new KernelLog(file);
    }

    private static Recording memory(Path file, QueueName configured) throws IOException {
        String name = file.getFileName().toString();
        Path beside = file.resolveSibling(name.replaceFirst("\\.[^.]*$", "") + ".json");
        SideFile side = Files.isRegularFile(beside) ? SideFile.read(beside) : null;
        QueueName queue =
                Optional.ofNullable(configured)
                        .or(() -> Optional.ofNullable(side).flatMap(SideFile::queueName))
                        .or(() -> QueueName.ofFile(name))
                        .orElseThrow(() -> unknownQueue(file));
        return new QueueMemory(name, queue, Files.readAllBytes(checkedLength(file)), side);
    }

    private static Path checkedLength(Path file) throws IOException {
        long length = Files.size(file);
        if (length > LONGEST_DUMP_BYTES) {
            throw new IOException(
                    file + ": " + length + " bytes; a dump has at most " + LONGEST_DUMP_BYTES);
        }
        return file;
    }

    private static byte[] head(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(HEAD_BYTES);
        }
    }

    /** Whether it begins as the files of gzip, xz and Zstandard do. */
    private static boolean isCompressed(byte[] head) {
        String begin = HexFormat.of().formatHex(head, 0, Math.min(4, head.length));
        return begin.startsWith("1f8b") || begin.equals("fd377a58") || begin.equals("28b52ffd");
    }

    /**
     * Whether control characters are more than the few that a serial console leaves in a log. All
     * queue memory has them: addresses and reserved fields are full of zeroes.
     */
    private static boolean isBinary(byte[] head) {
        int control = 0;
        for (byte b : head) {
            if (b >= 0 && b < ' ' && b != '\n' && b != '\r' && b != '\t' && b != '\033') {
                control++;
            }
        }
        return control > head.length / 10;
    }

    private static IOException unknownQueue(Path file) {
        return new IOException(file + ": does not say of what queue it is; " + howToName());
    }

    private static String howToName() {
        return "set queue=arch:queue (for example smmuv3:evtq), or name it"
                + " smmuv3-*.bin, smmuv3-*-priq.bin, vtd-*.bin, vtd-*-prq.bin, ...";
    }
}
