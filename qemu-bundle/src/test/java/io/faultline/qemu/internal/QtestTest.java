package io.faultline.qemu.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The other side of the socket is a thread of the test, which answers as QEMU would, or not. */
class QtestTest {
    private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(30);

    @TempDir Path folder;
    private final List<String> commands = new CopyOnWriteArrayList<>();
    private final BlockingQueue<Integer> raised = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> ended = new LinkedBlockingQueue<>();
    private SocketChannel other;
    private Thread emulator;
    private Qtest qtest;

    /** Answers each command; null: closes the socket. */
    private Qtest connect(long limitNanos, UnaryOperator<String> answers) throws IOException {
        Path path = folder.resolve("qtest");
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(path));
            SocketChannel ours = SocketChannel.open(UnixDomainSocketAddress.of(path));
            other = server.accept();
            emulator = new Thread(() -> answer(answers), "emulator");
            emulator.start();
            qtest = new Qtest("test", ours, limitNanos, raised::add, ended::add);
            return qtest;
        }
    }

    private void answer(UnaryOperator<String> answers) {
        try (BufferedReader lines =
                new BufferedReader(
                        new InputStreamReader(
                                Channels.newInputStream(other), StandardCharsets.US_ASCII))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                commands.add(line);
                String answer = answers.apply(line);
                if (answer == null) {
                    return;
                }
                other.write(ByteBuffer.wrap(answer.getBytes(StandardCharsets.US_ASCII)));
            }
        } catch (IOException e) {
            ended.add("the test's side: " + e); // fails whoever looks for another end
        }
    }

    @AfterEach
    void disconnect() throws InterruptedException, IOException {
        qtest.close();
        other.close();
        emulator.join();
    }

    @Test
    void readsAndWritesInTheOrderOfTheCalls() throws IOException {
        connect(LIMIT_NANOS, line -> line.startsWith("read") ? "OK 0xfedcba9876543210\n" : "OK\n");

        qtest.write32(0x9050020, -1);
        qtest.write64(0x90500a0, Long.MIN_VALUE);
        long value = qtest.read64(0x9050000);
        qtest.write8(1, 0x1ff);
        qtest.write16(2, -2);
        qtest.flush();

        assertEquals(0xfedcba9876543210L, value);
        assertEquals(
                List.of(
                        "writel 0x9050020 0xffffffff",
                        "writeq 0x90500a0 0x8000000000000000",
                        "readq 0x9050000",
                        "writeb 0x1 0xff",
                        "writew 0x2 0xfffe"),
                commands);
    }

    /** Interrupts come at any time, also between a command and its answer. */
    @Test
    void tellsOfInterruptsBetweenCommandsAndAnswers() throws Exception {
        connect(LIMIT_NANOS, line -> "IRQ raise 74\nIRQ lower 74\nOK 0x0000002a\nIRQ raise 77\n");

        assertEquals(0x2a, qtest.read32(0));

        assertEquals(74, raised.take());
        assertEquals(77, raised.take());
    }

    /** They read for each other, however long an answer takes. */
    @Test
    void answersAllThatWaitAtOnce() throws Exception {
        Random random = new Random(1);
        connect(
                LIMIT_NANOS,
                line -> {
                    if (random.nextInt(10) == 0) {
                        LockSupport.parkNanos(random.nextInt(500_000));
                    }
                    return line.startsWith("read")
                            ? "IRQ raise 74\nOK " + line.substring("readl ".length()) + "\n"
                            : "OK\n";
                });
        ExecutorService threads = Executors.newFixedThreadPool(3);
        try {
            List<Future<Integer>> wrong = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                int first = i << 16;
                wrong.add(threads.submit(() -> wrongAnswers(first, 500)));
            }
            for (Future<Integer> each : wrong) {
                assertEquals(0, each.get());
            }
        } finally {
            threads.shutdownNow();
        }

        assertEquals(Collections.nCopies(1500, 74), List.copyOf(raised));
        raised.clear();
        for (int line = 0; line < 100; line++) {
            other.write(ByteBuffer.wrap("IRQ raise 75\n".getBytes(StandardCharsets.US_ASCII)));
            assertEquals(75, raised.take(), "nobody waits any more");
        }
    }

    private int wrongAnswers(int first, int count) {
        int wrong = 0;
        for (int address = first; address < first + count; address++) {
            wrong += qtest.read32(address) == address ? 0 : 1;
            qtest.write32(address, 0);
            if (address % 8 == 0) {
                qtest.flush();
            }
        }
        return wrong;
    }

    @Test
    void waitsForNoAnswerToAWriteUntilManyAreUnderWay() throws IOException {
        int heldBack = 1000;
        connect(
                LIMIT_NANOS,
                line -> {
                    if (commands.size() < heldBack) {
                        return "";
                    }
                    return "OK\n".repeat(commands.size() == heldBack ? heldBack : 1);
                });

        for (int i = 0; i < 3000; i++) {
            qtest.write32(0, i);
        }
        qtest.flush();

        assertEquals(3000, commands.size());
    }

    @Test
    void sendsWhatBelongsTogetherInOrderAndAnswersReadsInBetween() throws IOException {
        connect(LIMIT_NANOS, line -> line.startsWith("read") ? "OK 0x7\n" : "OK\n");
        int[] read = new int[1];

        qtest.together(
                () -> {
                    qtest.write32(0, 1);
                    read[0] = qtest.read32(4);
                    for (int i = 0; i < 3000; i++) { // more than may be under way
                        qtest.write32(8, i);
                    }
                });
        qtest.flush();

        assertEquals(7, read[0]);
        assertEquals(List.of("writel 0x0 0x1", "readl 0x4"), commands.subList(0, 2));
        assertEquals(3002, commands.size());
        assertEquals("writel 0x8 0xbb7", commands.get(3001));
    }

    @ParameterizedTest
    @ValueSource(strings = {"FAIL Unknown command\n", "OK\nOK\n", "OK nothing\n", "\n"})
    void endsWhenAnAnswerIsNotWhatItShouldBe(String answer) throws Exception {
        connect(LIMIT_NANOS, line -> answer);

        assertThrows(IllegalStateException.class, () -> qtest.read32(0));

        assertTrue(ended.take().contains("answer"), () -> qtest.over());
        assertThrows(IllegalStateException.class, () -> qtest.write32(0, 0));
    }

    @Test
    void endsWhenTheEmulatorIsGone() throws Exception {
        connect(LIMIT_NANOS, line -> null);

        IllegalStateException e = assertThrows(IllegalStateException.class, () -> qtest.read32(0));

        assertEquals("QEMU has closed its socket", e.getMessage());
        assertEquals("QEMU has closed its socket", ended.take());
        assertTrue(ended.isEmpty(), "told once");
    }

    @Test
    void endsWhenAnAnswerIsLate() throws Exception {
        connect(TimeUnit.MILLISECONDS.toNanos(20), line -> "");

        IllegalStateException e =
                assertThrows(IllegalStateException.class, () -> qtest.read32(0x24));

        assertEquals("QEMU has not answered 'readl 0x24' within 20 ms", e.getMessage());
    }

    @Test
    void endsAtALineThatNeverEnds() throws Exception {
        // no more than is read before it is too much: the other side would find its socket closed
        connect(LIMIT_NANOS, line -> "x".repeat(1 << 16));

        assertThrows(IllegalStateException.class, () -> qtest.read32(0));

        assertTrue(ended.take().contains("a line of more than 65536 bytes"));
    }
}
