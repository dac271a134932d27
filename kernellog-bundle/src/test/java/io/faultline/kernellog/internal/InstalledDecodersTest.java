package io.faultline.kernellog.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.faultline.log.LineDecoder;
import io.faultline.log.LineSink;
import io.faultline.log.LogLine;
import io.faultline.log.LogSource;
import io.faultline.testkit.LineReport;
import io.faultline.testkit.RecordingLineSink;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class InstalledDecodersTest {
    private final InstalledDecoders decoders = new InstalledDecoders();
    private final RecordingLineSink sink = new RecordingLineSink();

    /** A log whose lines a test writes one after the other. */
    private final class WrittenLog implements AutoCloseable {
        private final PipedOutputStream writer = new PipedOutputStream();
        private final ScannedLog log;

        WrittenLog() throws IOException {
            log =
                    new ScannedLog(
                            "test",
                            new StreamSource(new PipedInputStream(writer, 1 << 16)),
                            decoders);
        }

        void write(String lines) throws IOException {
            writer.write(Logs.bytes(lines));
            writer.flush();
        }

        void read(String lines) throws IOException {
            write(lines);
            log.read(sink, 1000);
        }

        void readToEnd() throws IOException {
            writer.close();
            while (log.read(sink, 1000) != LogSource.ENDED) {
                // reads on
            }
        }

        @Override
        public void close() throws IOException {
            log.close();
        }
    }

    @Test
    void comeAndGoBetweenLines() throws IOException {
        FakeDecoder stays = new FakeDecoder("fault");
        FakeDecoder comes = new FakeDecoder("fault");
        decoders.add(1, "fake", null, stays);
        try (WrittenLog log = new WrittenLog()) {
            log.read("fault A\n");
            decoders.add(2, "fake", null, comes);
            log.read("fault B\n");
            decoders.remove(2);
            log.read("fault C\n");
            decoders.remove(1);
            log.write("fault D\n");
            log.readToEnd();
        }

        assertEquals(List.of("open", "fault A", "fault B", "fault C", "end"), stays.calls());
        assertEquals(List.of("open", "fault B", "end"), comes.calls());
    }

    /** Of a line that is held back, it is known who owns it, whoever comes and goes meanwhile. */
    @Test
    void getTheLinesOfTheirOwnThoughOthersHaveLeft() throws IOException {
        FakeDecoder first = new FakeDecoder("first");
        FakeDecoder second = new FakeDecoder("fault");
        FakeDecoder third = new FakeDecoder("third");
        decoders.add(1, "fake", null, first);
        decoders.add(2, "fake", null, second);
        Iterator<Supplier<String>> parts =
                List.<Supplier<String>>of(
                                () ->
                                        "[    1.000000] fault, in a line that mail may have cut here\n",
                                () -> {
                                    decoders.remove(1);
                                    decoders.add(3, "fake", null, third);
                                    return "[    2.000000] other\n";
                                })
                        .iterator();
        ByteSource input =
                new ByteSource() {
                    @Override
                    public int read(byte[] into, int from, int length) {
                        byte[] bytes = parts.hasNext() ? Logs.bytes(parts.next().get()) : null;
                        if (bytes == null) {
                            return ENDED;
                        }
                        System.arraycopy(bytes, 0, into, from, bytes.length);
                        return bytes.length;
                    }

                    @Override
                    public boolean silent() {
                        return false;
                    }

                    @Override
                    public boolean ready() {
                        return true;
                    }

                    @Override
                    public void close() {}
                };

        try (ScannedLog log = new ScannedLog("test", input, decoders)) {
            while (log.read(sink, 100) != LogSource.ENDED) {
                // reads on
            }
        }

        assertEquals(List.of(), first.calls());
        assertEquals(1, second.lines().size());
        assertEquals(List.of(), third.calls());
    }

    @Test
    void endTheirSessionsAsAtTheEndOfTheInput() throws IOException {
        FakeDecoder leaver = new FakeDecoder(line -> 7, "fault");
        FakeDecoder other = new FakeDecoder("other");
        decoders.add(1, "fake", null, leaver);
        decoders.add(2, "fake", null, other);
        try (WrittenLog log = new WrittenLog()) {
            log.read("fault A\nwanted\n");

            decoders.remove(1);

            assertEquals(List.of("open", "fault A", "wanted", "end"), leaver.calls());
            log.read("other\n");
        }
        // What it said at last is passed on by the thread that reads, before what comes next.
        assertEquals(
                List.of("fault A", "wanted", "end", "other"),
                sink.reports().stream().map(LineReport::text).toList());
        assertEquals(2, sink.reports().get(2).line().number());
    }

    @Test
    void passOnWhatALeaverSaidLastThoughTheLogEndsThen() throws IOException {
        FakeDecoder leaver = new FakeDecoder("fault");
        decoders.add(1, "fake", null, leaver);
        try (WrittenLog log = new WrittenLog()) {
            log.read("fault A\n");
            decoders.remove(1);
            log.readToEnd();
        }

        assertEquals(
                List.of("fault A", "end"), sink.reports().stream().map(LineReport::text).toList());
    }

    /** Counts the calls that come after it has left. */
    private static final class Leaver implements LineDecoder, LineDecoder.Session {
        private final AtomicBoolean gone = new AtomicBoolean();
        private final AtomicInteger late;

        Leaver(AtomicInteger late) {
            this.late = late;
        }

        private void called() {
            if (gone.get()) {
                late.incrementAndGet();
            }
        }

        @Override
        public List<String> literals() {
            return List.of("fault");
        }

        @Override
        public Session open(String source) {
            called();
            return this;
        }

        @Override
        public int line(LogLine line, LineSink out) {
            called();
            out.unit("fake", null).status("x");
            called();
            return 3;
        }

        @Override
        public void end(LineSink out) {
            called();
        }
    }

    @Test
    void areNotCalledAfterTheyHaveLeft() throws Exception {
        AtomicInteger late = new AtomicInteger();
        AtomicInteger left = new AtomicInteger();
        Thread changer =
                new Thread(
                        () -> {
                            for (int i = 1; i <= 2000; i++) {
                                Leaver leaver = new Leaver(late);
                                decoders.add(i, "fake", null, leaver);
                                decoders.remove(i);
                                leaver.gone.set(true);
                                left.set(i);
                            }
                        });
        changer.start();

        while (left.get() < 2000) {
            Logs.readQuietly(decoders, "fault\nother\n".repeat(100), new RecordingLineSink());
        }
        changer.join();

        assertEquals(0, late.get());
    }

    @Test
    void areWaitedForWhileACallRuns() throws Exception {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        AtomicBoolean done = new AtomicBoolean();
        decoders.add(
                1,
                "fake",
                null,
                new FakeDecoder(
                        line -> {
                            inside.countDown();
                            await(release);
                            done.set(true);
                            return 0;
                        },
                        "fault"));
        Thread reader = new Thread(() -> Logs.readQuietly(decoders, "fault A\n", sink));
        reader.start();
        await(inside);
        Thread releaser =
                new Thread(
                        () -> {
                            while (!decoders.current().decoders().isEmpty()) {
                                Thread.onSpinWait();
                            }
                            release.countDown();
                        });
        releaser.start();

        decoders.remove(1);

        assertTrue(done.get());
        reader.join();
        releaser.join();
    }

    @Test
    void areGivenUpAfterAWhile() throws Exception {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        FakeDecoder stuck =
                new FakeDecoder(
                        line -> {
                            inside.countDown();
                            await(release);
                            return 0;
                        },
                        "fault");
        decoders.add(1, "fake", null, stuck);
        Thread reader = new Thread(() -> Logs.readQuietly(decoders, "fault A\nfault B\n", sink));
        reader.start();
        await(inside);

        long before = System.nanoTime();
        decoders.remove(1);
        long waited = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - before);
        release.countDown();
        reader.join();

        assertTrue(
                waited >= InstalledDecoders.LEAVE_LIMIT_MS && waited < 4000, () -> waited + " ms");
        assertEquals(List.of("open", "fault A"), stuck.calls()); // nor is it called any more
    }

    @Test
    void canLeaveFromWithinTheirOwnCall() {
        FakeDecoder decoder =
                new FakeDecoder(
                        line -> {
                            decoders.remove(1);
                            return 1;
                        },
                        "fault");
        decoders.add(1, "fake", null, decoder);

        Logs.readQuietly(decoders, "fault A\nfault B\n", sink);

        assertEquals(List.of("open", "fault A"), decoder.calls());
    }

    @Test
    void canRemoveAnotherFromWithinACall() {
        FakeDecoder other = new FakeDecoder("fault");
        FakeDecoder decoder =
                new FakeDecoder(
                        line -> {
                            if (line.text().endsWith("B")) {
                                decoders.remove(1);
                            }
                            return 0;
                        },
                        "fault");
        decoders.add(1, "fake", null, other);
        decoders.add(2, "fake", null, decoder);

        Logs.readQuietly(decoders, "fault A\nfault B\nfault C\n", sink);

        assertEquals(List.of("open", "fault A", "fault B", "end"), other.calls());
        assertEquals(List.of("open", "fault A", "fault B", "fault C", "end"), decoder.calls());
    }

    @Test
    void failAtALineWithoutHarmToOthers() {
        FakeDecoder broken =
                new FakeDecoder(
                        line -> {
                            throw new IllegalStateException("broken");
                        },
                        "fault");
        FakeDecoder sound = new FakeDecoder("fault");
        decoders.add(1, "broken", null, broken);
        decoders.add(2, "sound", null, sound);

        Logs.readQuietly(decoders, "fault A\nfault B\n", sink);

        assertEquals(List.of("fault A", "fault B"), sound.texts());
        assertEquals(
                List.of("decoder_defect broken 1", "decoder_defect broken 2"),
                sink.reports().stream()
                        .filter(report -> report.kind() == LineReport.Kind.MALFORMED)
                        .map(r -> r.text() + " " + r.arch() + " " + r.line().number())
                        .toList());
        assertEquals(List.of("open", "fault A", "open", "fault B"), broken.calls());
    }

    @Test
    void refuseWhatCannotBeSearchedFor() {
        for (String literal : List.of("abc", "", "f\u00e4ult", "two\nlines", "with\0nul")) {
            IllegalArgumentException refused =
                    assertThrows(
                            IllegalArgumentException.class,
                            () -> decoders.add(1, "fake", null, new FakeDecoder(literal)));
            assertTrue(refused.getMessage().contains("FakeDecoder"), refused::getMessage);
        }
    }

    @Test
    void refuseMoreThanThereAreBitsFor() {
        for (int i = 0; i < DecoderSet.MAX_DECODERS; i++) {
            decoders.add(i, "fake", null, new FakeDecoder("fault"));
        }

        assertThrows(
                IllegalArgumentException.class,
                () -> decoders.add(64, "fake", null, new FakeDecoder("fault")));
        Logs.readQuietly(decoders, "fault\n", sink);
        assertEquals(2 * DecoderSet.MAX_DECODERS, sink.reports().size());
    }

    private static void await(CountDownLatch latch) {
        try {
            assertTrue(latch.await(20, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
