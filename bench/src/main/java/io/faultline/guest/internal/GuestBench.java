package io.faultline.guest.internal;

import io.faultline.guest.GuestView;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * Events a second from a model of hardware through dispatcher and socket to the client in C, at
 * batches of 1, 16 and 256, beside a program that writes each event as it comes; context switches
 * of both processes an event; and how long a page request waits for the client's answer.
 *
 * <p>Usage: {@code GuestBench CLIENT.c [SECONDS]}, 5 by default for each line.
 */
public final class GuestBench {
    private static final int DEPTH = 1 << 16;
    private static final int CHUNK = 256;
    private static final int EVENT_BYTES = 32;
    private static final long IDLE_NANOS = 20_000;

    private GuestBench() {}

    /** Prints a table. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Path source = Path.of(arguments[0]);
        long nanos =
                TimeUnit.SECONDS.toNanos(arguments.length > 1 ? Long.parseLong(arguments[1]) : 5);
        System.out.printf(
                "%-22s %12s %22s %22s%n",
                "", "events/s", "client wake-ups/100", "switches here/100");
        for (int batch : new int[] {1, 16, 256}) {
            throughput(source, batch, nanos);
        }
        oneWriteAnEvent(source, nanos);
        roundTrip(source, nanos);
    }

    /** F_TRANSLATION of a device, stage 1 (Arm IHI 0070, 7.3). */
    private static byte[] events(int count) {
        ByteBuffer records =
                ByteBuffer.allocate(count * EVENT_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < count; i++) {
            records.putLong(0x100L << 32 | 0x10).putLong(1L << 35).putLong(0x1000L * i).putLong(0);
        }
        return records.array();
    }

    private static void throughput(Path source, int batch, long nanos)
            throws IOException, InterruptedException {
        try (GuestPlatform platform =
                new GuestPlatform(source, Map.of("batch.limit", Integer.toString(batch)))) {
            RawUnit queue =
                    (RawUnit)
                            platform.server.open(
                                    "raw:smmuv3:evtq", "bench", DEPTH, command -> true);
            Process client =
                    platform.client("bench", "0x100", "-e", "2", "-d", Integer.toString(DEPTH));
            byte[] chunk = events(CHUNK);
            produce(platform, queue, chunk, nanos / 2);
            long before = view(platform).read();
            long[] switches = switches(client);
            long begin = System.nanoTime();
            produce(platform, queue, chunk, nanos);
            double seconds = (System.nanoTime() - begin) / 1e9;
            long events = view(platform).read() - before;
            long[] after = switches(client);
            print("batches of " + batch, events, seconds, switches, after);
            long dropped = view(platform).dropped();
            String counted = platform.end(client);
            System.out.println("    " + dropped + " dropped; the client: " + counted);
        }
    }

    private static void print(
            String what, long events, double seconds, long[] before, long[] after) {
        System.out.printf(
                Locale.ROOT,
                "%-22s %,12.0f %22.3f %22.3f%n",
                what,
                events / seconds,
                100.0 * (after[0] - before[0]) / events,
                100.0 * (after[1] - before[1]) / events);
    }

    private static GuestView view(GuestPlatform platform) {
        return platform.server.guests().get(0);
    }

    /** Writes as hardware that has always something to say, but waits where there is no room. */
    private static void produce(GuestPlatform platform, RawUnit queue, byte[] chunk, long nanos) {
        int records = chunk.length / EVENT_BYTES;
        long begin = System.nanoTime();
        while (System.nanoTime() - begin < nanos) {
            if (queue.available() > DEPTH / 4 || view(platform).waiting() > DEPTH / 2) {
                LockSupport.parkNanos(IDLE_NANOS);
            } else if (queue.write(chunk) != records) {
                throw new IllegalStateException("overflow");
            }
        }
    }

    /**
     * Voluntary context switches of the client, which are its wake-ups; and all of this process.
     */
    private static long[] switches(Process client) throws IOException {
        return new long[] {
            switches(Path.of("/proc", Long.toString(client.pid())), "voluntary_ctxt_switches"),
            switches(Path.of("/proc/self"), "voluntary_ctxt_switches")
                    + switches(Path.of("/proc/self"), "nonvoluntary_ctxt_switches")
        };
    }

    private static long switches(Path process, String key) throws IOException {
        long sum = 0;
        try (Stream<Path> tasks = Files.list(process.resolve("task"))) {
            for (Path task : tasks.toList()) {
                sum +=
                        Files.readAllLines(task.resolve("status")).stream()
                                .filter(line -> line.startsWith(key + ":"))
                                .mapToLong(line -> Long.parseLong(line.split("\\s+", -1)[1]))
                                .sum();
            }
        }
        return sum;
    }

    /** The peer: no platform at all, but each event in a frame and a write of its own. */
    private static void oneWriteAnEvent(Path source, long nanos)
            throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("peer");
        Path socket = folder.resolve("s");
        Path program = folder.resolve("client");
        new ProcessBuilder("cc", "-O2", "-o", program.toString(), source.toString())
                .inheritIO()
                .start()
                .waitFor();
        try (ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            listener.bind(UnixDomainSocketAddress.of(socket));
            Process client =
                    new ProcessBuilder(
                                    List.of(
                                            program.toString(),
                                            "-q",
                                            "-e",
                                            "2",
                                            socket.toString(),
                                            "bench",
                                            "0x100"))
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start();
            try (SocketChannel channel = listener.accept()) {
                ByteBuffer event =
                        ByteBuffer.allocateDirect(Frame.HEADER + 8 + EVENT_BYTES)
                                .order(ByteOrder.LITTLE_ENDIAN);
                Frame.begin(event, 8 + EVENT_BYTES, Frame.EVENTS, 1);
                write(channel, event, nanos / 2);
                long[] before = switches(client);
                long begin = System.nanoTime();
                long events = write(channel, event, nanos);
                double seconds = (System.nanoTime() - begin) / 1e9;
                print("one write an event", events, seconds, before, switches(client));
            } finally {
                client.destroyForcibly().waitFor();
            }
        } finally {
            Files.deleteIfExists(socket);
            Files.deleteIfExists(program);
            Files.delete(folder);
        }
    }

    private static long write(SocketChannel to, ByteBuffer event, long nanos) throws IOException {
        long events = 0;
        long begin = System.nanoTime();
        while (System.nanoTime() - begin < nanos) {
            event.clear();
            while (event.hasRemaining()) {
                to.write(event);
            }
            events++;
        }
        return events;
    }

    /** One page request at a time: from its record to the bytes of its CMD_PRI_RESP. */
    private static void roundTrip(Path source, long nanos)
            throws IOException, InterruptedException {
        try (GuestPlatform platform = new GuestPlatform(source, Map.of())) {
            AtomicLong answered = new AtomicLong();
            RawUnit queue =
                    (RawUnit)
                            platform.server.open(
                                    "raw:smmuv3:priq",
                                    "bench",
                                    1024,
                                    command -> {
                                        answered.set(System.nanoTime());
                                        return true;
                                    });
            Process client = platform.client("bench", "0x100");
            long[] times = new long[4_000_000];
            int count = 0;
            long begin = System.nanoTime();
            int asked = 0;
            while (System.nanoTime() - begin < 2 * nanos && count < times.length) {
                answered.set(0);
                byte[] request = request(0x100, asked++);
                long asking = System.nanoTime();
                queue.write(request);
                while (answered.get() == 0) {
                    Thread.onSpinWait();
                }
                if (asking - begin > nanos) {
                    times[count++] = answered.get() - asking;
                }
            }
            String counted = platform.end(client);
            times = Arrays.copyOf(times, count);
            Arrays.sort(times);
            System.out.printf(
                    Locale.ROOT,
                    "round trip of one page request: p50 %.1f us, p99 %.1f us, p99.9 %.1f us, %,d times%n    %s%n",
                    percentile(times, 0.5),
                    percentile(times, 0.99),
                    percentile(times, 0.999),
                    count,
                    counted);
        }
    }

    static double percentile(long[] sorted, double part) {
        return sorted[(int) Math.min(sorted.length - 1, (long) (sorted.length * part))] / 1e3;
    }

    /** A group of one (Arm IHI 0070, 8). */
    static byte[] request(int device, int number) {
        ByteBuffer to = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
        putRequest(device, number, to);
        return to.array();
    }

    static void putRequest(int device, int number, ByteBuffer to) {
        to.putLong(0xfL << 60 | 1L << 32 | device)
                .putLong(0x1000L * (number & 0xffff) | (number & 0x1ff));
    }
}
