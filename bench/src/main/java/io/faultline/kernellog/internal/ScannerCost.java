package io.faultline.kernellog.internal;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.faultline.amdvi.internal.DriverLines;
import io.faultline.bench.LogScan;
import io.faultline.bench.Pairs;
import io.faultline.driverlogs.internal.TraceLog;
import io.faultline.log.LineDecoder;
import io.faultline.smmuv3.internal.DriverLog;
import io.faultline.vtd.internal.DmarLines;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What the search for literals costs with those of all architectures that ship, beside those of
 * VT-d and SMMUv3 alone, over the same log without a fault line; in pairs, in one process, the log
 * in memory. The log is generated, or of a file's lines that have no literal, again and again.
 *
 * <pre>
 * java -cp 'bench/target/*:bench/target/lib/*' io.faultline.kernellog.internal.ScannerCost [MB] [ROUNDS] [FILE]
 * </pre>
 */
public final class ScannerCost {
    private static final int DEFAULT_MEGABYTES = 100;
    private static final int DEFAULT_ROUNDS = 40;
    private static final long BYTES_PER_MEGABYTE = 1_000_000;
    private static final int WARM_UPS = 10;

    /** As many bytes as a log is read at a time. */
    private static final int PIECE = 1 << 16;

    private ScannerCost() {}

    /**
     * Measures, and prints a line.
     *
     * @param arguments the size in megabytes, the number of pairs, and a log
     * @throws IOException if a log cannot be read or written
     */
    public static void main(String[] arguments) throws IOException {
        int megabytes = arguments.length > 0 ? Integer.parseInt(arguments[0]) : DEFAULT_MEGABYTES;
        int rounds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : DEFAULT_ROUNDS;
        List<LineDecoder> two = List.of(new DriverLog(), new DmarLines());
        List<LineDecoder> all = new ArrayList<>(two);
        all.add(new DriverLines());
        all.add(new io.faultline.driverlogs.internal.DriverLog());
        all.add(new TraceLog());
        all.add(new io.faultline.riscv.internal.DriverLines());
        all.add(new io.faultline.virtio.internal.DriverLines());
        LiteralSearch forAll = search(all);
        LiteralSearch forTwo = search(two);
        ByteBuffer log =
                arguments.length > 2
                        ? repeated(Path.of(arguments[2]), megabytes, forAll)
                        : generated(megabytes);
        for (int i = 0; i < WARM_UPS; i++) {
            seconds(forAll, log);
            seconds(forTwo, log);
        }
        Pairs pairs =
                new Pairs(rounds).measure(() -> seconds(forAll, log), () -> seconds(forTwo, log));
        System.out.println(pairs.tell("literals", "all", "two"));
    }

    private static ByteBuffer generated(int megabytes) throws IOException {
        Path log = Files.createTempFile("faultline-scanner", ".log");
        try {
            LogScan.write(log, megabytes * BYTES_PER_MEGABYTE, 0);
            return LiteralSearch.littleEndian(Files.readAllBytes(log));
        } finally {
            Files.delete(log);
        }
    }

    private static ByteBuffer repeated(Path file, int megabytes, LiteralSearch literals)
            throws IOException {
        ByteArrayOutputStream ordinary = new ByteArrayOutputStream();
        for (String line : Files.readAllLines(file, ISO_8859_1)) {
            byte[] bytes = (line + '\n').getBytes(ISO_8859_1);
            if (literals.owners(LiteralSearch.littleEndian(bytes), 0, bytes.length) == 0) {
                ordinary.write(bytes);
            }
        }
        if (ordinary.size() == 0) {
            throw new IOException(file + " has no line without a literal");
        }
        byte[] log = new byte[Math.toIntExact(megabytes * BYTES_PER_MEGABYTE)];
        for (int at = 0; at < log.length; at += ordinary.size()) {
            int length = Math.min(ordinary.size(), log.length - at);
            System.arraycopy(ordinary.toByteArray(), 0, log, at, length);
        }
        return LiteralSearch.littleEndian(log);
    }

    private static LiteralSearch search(List<LineDecoder> decoders) {
        List<Grams.Literal> literals = new ArrayList<>();
        GapLines.LITERALS.forEach(text -> literals.add(new Grams.Literal(text, DecoderSet.OWN)));
        long owner = DecoderSet.OWN;
        for (LineDecoder decoder : decoders) {
            owner <<= 1;
            for (String text : decoder.literals()) {
                literals.add(new Grams.Literal(text, owner));
            }
        }
        return new LiteralSearch(literals);
    }

    /** As a log is read: it is to its begin and to what comes later that the search is fitted. */
    private static double seconds(LiteralSearch search, ByteBuffer log) {
        FittedSearch fitted = new FittedSearch();
        long since = System.nanoTime();
        int end = log.capacity();
        for (int from = 0; from < end; from += PIECE) {
            int to = Math.min(end, from + PIECE);
            if (fitted.next(search, log, from, to) < to) {
                throw new IllegalStateException("a literal, in a log that has none");
            }
        }
        return (System.nanoTime() - since) / 1e9;
    }
}
