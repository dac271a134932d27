package io.faultline.kernellog.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.faultline.fault.TimeBase;
import io.faultline.hardware.Decodes;
import io.faultline.log.LogSource;
import io.faultline.testkit.RecordingLineSink;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KmsgFollowerTest {
    private static final int DEADLINE_SECONDS = 20;

    private final FakeDecoder decoder = new FakeDecoder("fault");
    private final LogScannerComponent scanner = new LogScannerComponent();
    private final Semaphore wakes = new Semaphore(0);
    private final RecordingLineSink sink = new RecordingLineSink();
    private KmsgFollower follower;

    @TempDir private Path folder;

    @BeforeEach
    void bindDecoder() {
        scanner.bindDecoder(decoder, Map.of("service.id", 1L, Decodes.ARCH, "fake"));
    }

    @AfterEach
    void leavesNoThread() {
        if (follower != null) {
            follower.stop();
        }
        assertEquals(List.of(), followingThreads());
    }

    private static List<String> followingThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(Thread::isAlive)
                .map(Thread::getName)
                .filter(name -> name.startsWith("faultline-kernellog"))
                .toList();
    }

    private void follow(Path path, String from) {
        follower = new KmsgFollower(scanner, settings(path, from));
        follower.listen(wakes::release);
    }

    private static Map<String, Object> settings(Path path, String from) {
        return Map.of("path", path.toString(), "from", from);
    }

    private Path file(String text) throws IOException {
        return Files.writeString(folder.resolve("log"), text);
    }

    /** Reads as a woken lane does until the decoder has been given so many lines. */
    private void readUntil(int lines) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS);
        while (decoder.lines().size() < lines) {
            if (follower.read(sink, 100) <= 0) {
                wakes.tryAcquire(50, TimeUnit.MILLISECONDS);
            }
            assertTrue(System.nanoTime() < deadline, () -> "only " + decoder.texts());
        }
    }

    @Test
    void readsWhatIsThereAndWhatComes() throws Exception {
        Path log = file("[    1.000000] fault A\n");
        follow(log, "start");
        readUntil(1);

        Files.writeString(log, "[    2.000000] fau", StandardOpenOption.APPEND);
        Files.writeString(log, "lt B\n[    3.000000] fault C\n", StandardOpenOption.APPEND);
        readUntil(3);

        assertEquals(List.of("fault A", "fault B", "fault C"), decoder.texts());
    }

    @Test
    void readsOnlyWhatComes() throws Exception {
        Path log = file("fault A\n");
        follow(log, "now");

        Files.writeString(log, "fault B\n", StandardOpenOption.APPEND);
        readUntil(1);

        assertEquals(List.of("fault B"), decoder.texts());
    }

    @Test
    void goesOnInAFileThatWasTruncatedOrReplaced() throws Exception {
        Path log = file("fault A, a long one\n");
        follow(log, "start");
        readUntil(1);

        Files.writeString(log, "fault B\n");
        readUntil(2);
        Files.move(log, folder.resolve("log.1"));
        Files.writeString(log, "fault C, a long one\n");
        readUntil(3);

        assertEquals(
                List.of("fault A, a long one", "fault B", "fault C, a long one"), decoder.texts());
    }

    @Test
    void tellsDecodersThatTheLogIsSilent() throws Exception {
        Path log = file("fault A\n");
        follow(log, "start");
        readUntil(1);

        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS);
        while (!decoder.calls().contains("idle") && System.nanoTime() < deadline) {
            follower.read(sink, 100);
            wakes.tryAcquire(20, TimeUnit.MILLISECONDS);
        }

        assertEquals(List.of("open", "fault A", "idle"), decoder.calls());
    }

    @Test
    void goesOverToAnotherFileWhenTheOldOneIsReadUp() throws Exception {
        follow(file("fault A\nfault B\n"), "start");
        readUntil(2);
        Path other = Files.writeString(folder.resolve("other"), "fault C\n");

        follower.configure(settings(other, "start"));
        readUntil(3);

        assertEquals(
                List.of("open", "fault A", "fault B", "end", "open", "fault C"), decoder.calls());
        assertEquals(other.toString(), follower.name());
        assertEquals(1, followingThreads().size());
    }

    @Test
    void keepsTheOldSettingsIfNewOnesAreBad() throws Exception {
        Path log = file("fault A\n");
        follow(log, "start");

        Exception refused =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> follower.configure(settings(log, "yesterday")));
        readUntil(1);

        assertTrue(refused.getMessage().contains("from=yesterday"), refused::getMessage);
    }

    @Test
    void goesOnWithoutALogThatIsNotThere() throws Exception {
        Path log = folder.resolve("nothing");
        follow(log, "start");
        assertEquals(0, follower.read(sink, 100));

        Files.writeString(log, "fault A\n");
        follower.configure(settings(log, "start"));
        readUntil(1);

        assertEquals(List.of("fault A"), decoder.texts());
    }

    @Test
    void endsWithItsComponent() throws Exception {
        follow(file("fault A\n"), "start");

        follower.stop();

        assertEquals(LogSource.ENDED, follower.read(sink, 100));
    }

    @Test
    void readsTheDeviceAndStopsWhileItWaits() throws Exception {
        Path device = Path.of("/dev/kmsg");
        assumeTrue(canRead(device), "needs to read " + device);
        FakeDecoder every = new FakeDecoder(line -> 1, "Linux", "memory", "kernel");
        scanner.bindDecoder(every, Map.of("service.id", 2L));
        follow(device, "start");

        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS);
        while (every.lines().isEmpty() && System.nanoTime() < deadline) {
            follower.read(sink, 100);
            wakes.tryAcquire(20, TimeUnit.MILLISECONDS);
        }
        follower.stop();

        assertTrue(
                every.lines().get(0).timeBase() == TimeBase.BOOT, () -> every.lines().toString());
        assertEquals(List.of(), followingThreads());
    }

    private static boolean canRead(Path device) {
        try {
            Files.newInputStream(device).close();
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
