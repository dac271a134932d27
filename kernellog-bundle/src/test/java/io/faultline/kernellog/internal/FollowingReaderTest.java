package io.faultline.kernellog.internal;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.faultline.testkit.LineReport;
import io.faultline.testkit.ManualTicker;
import io.faultline.testkit.RecordingLineSink;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FollowingReaderTest {
    private static final int DEADLINE_SECONDS = 20;

    private final FakeDevice device = new FakeDevice();
    private final ManualTicker ticker = new ManualTicker();
    private final FollowingReader reader = new FollowingReader("test", device, null, ticker);
    private final Semaphore wakes = new Semaphore(0);

    /** Gives what a test puts in, waits when there is nothing, and fails when told to. */
    private static final class FakeDevice implements FollowedFile {
        private static final Object CLOSED = new Object();

        private final BlockingQueue<Object> given = new LinkedBlockingQueue<>();
        private final Semaphore reads = new Semaphore(0);

        @Override
        public int read(ByteBuffer into) throws IOException {
            reads.release();
            Object next;
            try {
                next = given.take();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            if (next instanceof byte[] bytes) {
                into.put(bytes);
                return bytes.length;
            }
            throw next == CLOSED ? new IOException("closed") : (IOException) next;
        }

        void give(String record) {
            given.add(Logs.bytes(record));
        }

        void fail(String why) {
            given.add(new IOException(why));
        }

        /** Returns once the reader has asked for so many records. */
        void awaitReads(int count) throws InterruptedException {
            assertTrue(reads.tryAcquire(count, DEADLINE_SECONDS, TimeUnit.SECONDS));
        }

        @Override
        public void close() {
            given.add(CLOSED);
        }
    }

    @AfterEach
    void stop() {
        reader.stop();
    }

    private void start() {
        reader.listen(wakes::release);
        reader.start();
    }

    private void awaitWake() throws InterruptedException {
        assertTrue(wakes.tryAcquire(DEADLINE_SECONDS, TimeUnit.SECONDS), "nobody was woken");
    }

    @Test
    void givesARecordAtATimeAndWakesOnce() throws Exception {
        start();
        assertEquals(0, reader.read(new byte[10], 0, 10));
        device.give("one");
        device.give("two");
        device.awaitReads(3);
        byte[] bytes = new byte[10];

        assertEquals(3, reader.read(bytes, 0, 10));
        assertEquals(2, reader.read(bytes, 3, 2));
        assertEquals(1, reader.read(bytes, 5, 2));
        assertEquals(0, reader.read(bytes, 6, 4));

        assertEquals("onetwo", new String(bytes, 0, 6, US_ASCII));
        assertEquals(1, wakes.availablePermits());
    }

    @Test
    void countsTheRecordsThatWereOverwrittenBeforeTheyWereRead() throws Exception {
        InstalledDecoders decoders = new InstalledDecoders();
        FakeDecoder decoder = new FakeDecoder("fault");
        decoders.add(1, "fake", null, decoder);
        device.give("3,7,1000000,-;fault A\n DEVICE=+pci:0000:00:01.0\n");
        device.fail("Broken pipe");
        device.give("3,17,3000000,-;fault B\n");
        start();
        device.awaitReads(4);
        RecordingLineSink sink = new RecordingLineSink();

        try (ScannedLog log = new ScannedLog("test", reader, decoders)) {
            while (log.read(sink, 100) > 0) {
                // until nothing is there
            }
            List<LineReport> reports = sink.reports();
            LineReport lost =
                    reports.stream()
                            .filter(report -> report.kind() == LineReport.Kind.LOST)
                            .findAny()
                            .orElseThrow();
            assertEquals(9, lost.count());
            assertEquals(3_000_000_000L, lost.line().time());
        }
        assertEquals(List.of("open", "fault A", "end", "open", "fault B"), decoder.calls());
        assertEquals("+pci:0000:00:01.0", decoder.lines().get(0).device());
    }

    @Test
    void givesUpWhatKeepsFailing() throws Exception {
        start();
        device.give("one");
        for (int i = 0; i < 4; i++) {
            device.fail("Input/output error");
        }
        awaitWake();
        byte[] bytes = new byte[10];
        assertEquals(3, reader.read(bytes, 0, 10));

        awaitWake();

        assertTrue(reader.hasEnded());
        assertEquals(ByteSource.ENDED, reader.read(bytes, 0, 10));
    }

    @Test
    void stopsReadingWhenNobodyTakes() throws Exception {
        String record = "x".repeat(8192);
        for (int i = 0; i < 200; i++) {
            device.give(record);
        }
        start();

        device.awaitReads((1 << 20) / 8192 + 1);
        assertFalse(device.reads.tryAcquire(50, TimeUnit.MILLISECONDS), "more than 1 MiB is kept");

        assertEquals(8192, reader.read(new byte[8192], 0, 8192));
        device.awaitReads(1);
    }

    @Test
    void isSilentOnceAfterSomethingCame() throws Exception {
        start();
        assertFalse(reader.silent());
        device.give("one");
        awaitWake();
        assertFalse(reader.silent());
        reader.read(new byte[10], 0, 10);

        ticker.advance(Duration.ofMillis(249));
        assertFalse(reader.silent());
        ticker.advance(Duration.ofMillis(1));
        assertTrue(reader.silent());
        assertFalse(reader.silent());
    }
}
