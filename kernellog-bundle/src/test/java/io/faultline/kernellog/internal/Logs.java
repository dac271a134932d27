package io.faultline.kernellog.internal;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.faultline.log.LineDecoder;
import io.faultline.log.LogLine;
import io.faultline.log.LogSource;
import io.faultline.testkit.LineReport;
import io.faultline.testkit.RecordingLineSink;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;

/** Reads logs in tests. */
final class Logs {
    private Logs() {}

    /** What becomes of a log that is read to its end with some decoders. */
    static List<LineReport> read(InputStream input, LineDecoder... decoders) {
        InstalledDecoders installed = new InstalledDecoders();
        for (int i = 0; i < decoders.length; i++) {
            installed.add(i, "fake", null, decoders[i]);
        }
        try (ScannedLog log = new ScannedLog("test", new StreamSource(input), installed)) {
            return readAll(log, new RecordingLineSink());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads a log to its end with the decoders that come and go meanwhile. */
    static void readQuietly(InstalledDecoders decoders, String text, RecordingLineSink sink) {
        StreamSource input = new StreamSource(new ByteArrayInputStream(bytes(text)));
        try (ScannedLog log = new ScannedLog("test", input, decoders)) {
            readAll(log, sink);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<LineReport> readAll(LogSource log, RecordingLineSink sink)
            throws IOException {
        int reported = 0;
        for (int read = 0; read != LogSource.ENDED; read = log.read(sink, 100)) {
            reported += read;
            if (reported != sink.reports().size()) {
                throw new AssertionError(reported + " reports, but " + sink.reports());
            }
        }
        return sink.reports();
    }

    static List<LineReport> read(String log, LineDecoder... decoders) {
        return read(new ByteArrayInputStream(bytes(log)), decoders);
    }

    /** The lines that hold a literal. */
    static List<LogLine> lines(String log, String... literals) {
        FakeDecoder decoder = new FakeDecoder(literals);
        List<LineReport> reports = read(log, decoder);
        if (reports.isEmpty() && !decoder.lines().isEmpty()) {
            throw new AssertionError("no reports");
        }
        return decoder.lines();
    }

    static byte[] bytes(String text) {
        return text.getBytes(ISO_8859_1);
    }
}
