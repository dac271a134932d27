package io.faultline.kernellog.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.faultline.log.LogLine;
import io.faultline.log.LogSource;
import io.faultline.testkit.LineReport;
import io.faultline.testkit.RecordingLineSink;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScannedLogTest {
    private static final int LIMIT = ScannedLog.LINE_LIMIT;

    private static List<String> numbered(List<LogLine> lines) {
        return lines.stream().map(line -> line.number() + " " + line.text()).toList();
    }

    @Test
    void numbersLinesFromOne() {
        List<LogLine> lines =
                Logs.lines("fault A\n\nother\nfault B\r\n\0fault C\nfault D", "fault");

        assertEquals(List.of("1 fault A", "4 fault B", "5 fault C", "6 fault D"), numbered(lines));
    }

    @Test
    void endsLinesAtNul() {
        List<LogLine> lines = Logs.lines("head\0\0\0fault A\0tail\nfault B\0", "fault");

        assertEquals(List.of("1 fault A", "2 fault B"), numbered(lines));
    }

    @Test
    void givesTheLinesThatWereAskedFor() {
        FakeDecoder decoder =
                new FakeDecoder(line -> line.text().startsWith("event") ? 2 : 0, "event");

        Logs.read("a\nevent 1\nb\nevent 2\nc\n\nd\ne\n", decoder);

        // The count begins anew with each call, so "b" ends the first wish; blank lines are no
        // lines.
        assertEquals(List.of("event 1", "b", "event 2", "c"), decoder.texts());
    }

    @Test
    void givesALineOnlyToThoseItIsFor() {
        FakeDecoder one = new FakeDecoder("fault one", "both");
        FakeDecoder two = new FakeDecoder("fault two", "both");

        Logs.read("fault one\nfault two\nboth\nfault one and fault two\n", one, two);

        assertEquals(List.of("fault one", "both", "fault one and fault two"), one.texts());
        assertEquals(List.of("fault two", "both", "fault one and fault two"), two.texts());
    }

    @Test
    void stopsAfterAboutSoManyReports() throws IOException {
        InstalledDecoders installed = new InstalledDecoders();
        installed.add(1, "fake", null, new FakeDecoder("fault"));
        StreamSource input =
                new StreamSource(new ByteArrayInputStream(Logs.bytes("fault\n".repeat(10))));
        RecordingLineSink sink = new RecordingLineSink();

        try (ScannedLog log = new ScannedLog("test", input, installed)) {
            assertEquals(4, log.read(sink, 4));
            assertEquals(4, log.read(sink, 4));
            assertEquals(2, log.read(sink, 4)); // what is there before it would have to wait
            assertEquals(1, log.read(sink, 4)); // what end() says
            assertEquals(LogSource.ENDED, log.read(sink, 4));
        }
        assertEquals(
                List.of(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L, 10L),
                sink.reports().stream().map(report -> report.line().number()).toList());
    }

    @Test
    void readsWhatCameBeforeAFailure() throws IOException {
        InstalledDecoders installed = new InstalledDecoders();
        FakeDecoder decoder = new FakeDecoder("fault");
        installed.add(1, "fake", null, decoder);
        InputStream input =
                new InputStream() {
                    private boolean given;

                    @Override
                    public int read() {
                        throw new AssertionError();
                    }

                    @Override
                    public int read(byte[] into, int from, int length) throws IOException {
                        if (given) {
                            throw new IOException("disk on fire");
                        }
                        given = true;
                        System.arraycopy(Logs.bytes("fault A\nfault B"), 0, into, from, 15);
                        return 15;
                    }
                };

        try (ScannedLog log = new ScannedLog("test", new StreamSource(input), installed)) {
            RecordingLineSink sink = new RecordingLineSink();
            assertEquals(1, log.read(sink, 100)); // what is there before it would have to wait
            assertEquals(2, log.read(sink, 100));
            IOException failure = assertThrows(IOException.class, () -> log.read(sink, 100));
            assertTrue(failure.getMessage().contains("disk on fire"), failure::getMessage);
        }
        assertEquals(List.of("open", "fault A", "fault B", "end"), decoder.calls());
    }

    /** The search is fitted to such a log on the way. */
    @Test
    void findsTheSameWhileALongLogChanges() {
        String faults = "event 0x10 received:\nfault DMAR\n";
        StringBuilder log = new StringBuilder();
        List<String> expected = new ArrayList<>();
        long number = 1;
        for (int i = 0; log.length() < 24 << 20; i++) {
            expected.add(number + " event 0x10 received:");
            expected.add(number + 1 + " fault DMAR");
            log.append(faults);
            int ordinary = 20_000;
            log.append(
                    List.of("event 0x\n", "default DMA\n", "0x10\n").get(i % 3).repeat(ordinary));
            number += 2 + ordinary;
        }

        assertEquals(expected, numbered(Logs.lines(log.toString(), "event 0x10", "fault DMAR")));
    }

    @Test
    void cutsALineThatIsTooLongAndSaysSo() {
        String head = "[    1.000000] fault A ";
        String longLine = head + "x".repeat(LIMIT - head.length());
        FakeDecoder decoder = new FakeDecoder("fault");

        List<LineReport> reports =
                Logs.read(longLine + "\n" + longLine + "y fault\nfault B\n", decoder);

        assertEquals(List.of(1L, 2L, 3L), decoder.lines().stream().map(LogLine::number).toList());
        assertEquals(decoder.texts().get(0), decoder.texts().get(1));
        assertEquals(
                List.of("STATUS false", "STATUS true", "LOST true", "STATUS false", "STATUS false"),
                reports.stream().map(r -> r.kind() + " " + r.truncated()).toList());
        assertEquals(2, reports.get(2).line().number());
    }

    /** A line that is typical of a form makes no other line of a log disappear. */
    @ParameterizedTest
    @ValueSource(strings = {"{", "[", "MESSAGE=a", "_PID=1", "  \"MESSAGE\" : \"a\","})
    void readsTextBehindALineOfAnotherForm(String line) {
        String text = "[    1.000000] fault A\nfault B\n[ fault C\nx fault D" + "x".repeat(LIMIT);

        FakeDecoder decoder = new FakeDecoder("fault");
        List<LineReport> reports = Logs.read(line + "\n" + text + "\nfault E", decoder);

        assertEquals(
                List.of("fault A", "fault B", "[ fault C", "x fault D", "fault E"),
                decoder.texts().stream()
                        .map(t -> t.substring(0, Math.min(9, t.length())))
                        .toList());
        assertEquals(1, reports.stream().filter(r -> r.kind() == LineReport.Kind.LOST).count());
    }

    /** The rest of it may look like a line with a prefix that was wrapped. */
    @Test
    void joinsNothingToTheRestOfALineThatIsTooLong() {
        String rest = "[    1.000000] " + "y".repeat(60);
        String begin = "fault" + "x".repeat(LIMIT - 5);

        List<LogLine> lines = Logs.lines(begin + rest + "\n[fault A", "fault");

        assertEquals(List.of("1 " + begin, "2 [fault A"), numbered(lines));
    }

    /** Of fields that are too long, a message counts. */
    @ParameterizedTest
    @CsvSource({
        "'{',         '  \"MESSAGE\" : \"fault A', '  \"COREDUMP\" : \"fault'",
        "'__CURSOR=', 'MESSAGE=fault A',          'COREDUMP=fault'",
        "'__CURSOR=', '    MESSAGE=fault A',      '    COREDUMP=fault'"
    })
    void readsTheBeginOfAMessageThatIsTooLong(String head, String message, String other) {
        String rest = "x".repeat(LIMIT);
        FakeDecoder decoder = new FakeDecoder("fault");

        List<LineReport> reports =
                Logs.read(
                        String.join("\n", head, other + rest, message + rest, "fault B"), decoder);

        assertEquals(
                List.of("3 fault A", "4 fault B"),
                numbered(decoder.lines()).stream().map(t -> t.substring(0, 9)).toList());
        assertEquals(1, reports.stream().filter(r -> r.kind() == LineReport.Kind.LOST).count());
    }

    @Test
    void readsALineOfAGigabyteInConstantMemory() {
        long before = usedMemory();
        GeneratedStream input =
                new GeneratedStream(Logs.bytes("fault A "), 1L << 30, Logs.bytes("\nfault B\n"));
        FakeDecoder decoder = new FakeDecoder("fault");

        List<LineReport> reports = Logs.read(input, decoder);

        assertEquals(List.of(1L, 2L), decoder.lines().stream().map(LogLine::number).toList());
        assertEquals(1, reports.stream().filter(r -> r.kind() == LineReport.Kind.LOST).count());
        assertTrue(usedMemory() - before < 64 << 20, () -> "grew by " + (usedMemory() - before));
    }

    private static long usedMemory() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    /** Lines with and without literals, long ones, and the bytes that end lines. */
    @Provide
    Arbitrary<String> log() {
        Arbitrary<String> piece =
                Arbitraries.frequencyOf(
                        net.jqwik.api.Tuple.of(
                                20, Arbitraries.of("fault", "DMAR", "event 0x10 received:")),
                        net.jqwik.api.Tuple.of(10, Arbitraries.of("\n", "\0", "\r\n", "\n\n")),
                        net.jqwik.api.Tuple.of(
                                10, Arbitraries.of("[    1.000000] ", "> ", "<3>", "Nov  3 ")),
                        net.jqwik.api.Tuple.of(
                                20,
                                Arbitraries.strings()
                                        .withCharRange('\0', '\u00ff')
                                        .ofMaxLength(30)),
                        net.jqwik.api.Tuple.of(
                                2, Arbitraries.integers().between(1, 70_000).map("x"::repeat)),
                        net.jqwik.api.Tuple.of(
                                1, Arbitraries.integers().between(1, 5000).map("ab\n"::repeat)));
        return piece.list().ofMaxSize(120).map(pieces -> String.join("", pieces));
    }

    @Property(tries = 300)
    void givesWhatAReaderOfSingleLinesGives(@ForAll("log") String log, @ForAll long seed) {
        byte[] bytes = Logs.bytes(log);
        Assume.that(Stream.of(log.split("[\n\0]")).allMatch(ScannedLogTest::isText));
        FakeDecoder decoder = new FakeDecoder("fault", "DMAR", "event 0x10");

        Logs.read(new ChoppedStream(bytes, new Random(seed)), decoder);

        LineByLine reference = new LineByLine(List.of("fault", "DMAR", "event 0x10"));
        assertEquals(reference.read(bytes), numbered(decoder.lines()));
    }

    private static boolean isText(String line) {
        byte[] bytes = Logs.bytes(line);
        return LogKind.of(bytes, 0, bytes.length) == LogKind.TEXT;
    }

    @Property(tries = 50)
    void givesTheSameWhateverTheOthersSearchFor(@ForAll("log") String log) {
        FakeDecoder alone = new FakeDecoder("fault", "event 0x10 received");
        Logs.read(log, alone);
        List<FakeDecoder> crowd = new ArrayList<>();
        FakeDecoder inCrowd = new FakeDecoder("fault", "event 0x10 received");
        crowd.add(inCrowd);
        for (int i = 0; i < 20; i++) {
            crowd.add(new FakeDecoder("literal number " + i, "iommu" + i));
        }

        Logs.read(log, crowd.toArray(FakeDecoder[]::new));

        assertEquals(alone.lines(), inCrowd.lines());
    }
}
