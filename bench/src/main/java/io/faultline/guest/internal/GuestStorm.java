package io.faultline.guest.internal;

import java.io.IOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * A storm of page requests at a guest that has stopped reading, while another guest goes on: what
 * the heap keeps after 1 million and after 10 million requests, and how long the other one's page
 * requests take: alone, beside two threads that only count (so much of the processors as a storm
 * needs, without a fault), and with the storm.
 *
 * <p>Usage: {@code java -Xmx64m ... GuestStorm CLIENT.c [MILLIONS]}, 10 by default.
 */
public final class GuestStorm {
    private static final int STORM = 0x100;
    private static final int CALM = 0x101;
    private static final int CALM_MOST = 1 << 16;
    private static final int CALM_CALIBRATION = 5_000;
    private static final long CALM_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final int RECORD_BYTES = 16;
    private static final int CHUNK = 64;
    private static final int MILLION = 1_000_000;

    private final GuestPlatform platform;
    private final AtomicLong answers = new AtomicLong();
    private final AtomicLong calmAnswered = new AtomicLong();
    private final long[] times = new long[CALM_MOST];
    private volatile boolean calmEnds;
    private volatile int calmCount;

    private GuestStorm(GuestPlatform platform) {
        this.platform = platform;
    }

    /** Prints what the heap holds and the other guest's percentiles. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        int millions = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 10;
        try (GuestPlatform platform = new GuestPlatform(Path.of(arguments[0]), Map.of())) {
            new GuestStorm(platform).run(millions);
        }
    }

    private void run(int millions) throws IOException, InterruptedException {
        RawUnit storm = open("storm", answers::incrementAndGet);
        RawUnit calm = open("calm", () -> calmAnswered.set(System.nanoTime()));
        Process other = platform.client("calm", "0x" + Integer.toHexString(CALM));
        try (SocketChannel stuck = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            stuck.connect(UnixDomainSocketAddress.of(platform.socket));
            stuck.write(claim());
            GuestPlatform.await("claim", () -> platform.server.guests().size() == 2);

            ask(calm, CALM_CALIBRATION); // until the code is compiled
            ask(calm, CALM_CALIBRATION);
            print("other guest, no storm");
            besideCounters(() -> ask(calm, CALM_CALIBRATION));
            print("other guest, two busy threads");
            long pauses = pauseMillis();
            Thread asker = new Thread(() -> ask(calm, CALM_MOST), "calm");
            asker.start();
            Histogram.take(); // its own classes are there before anything is compared
            long begin = System.nanoTime();
            Histogram first = null;
            for (int million = 1; million <= millions; million++) {
                write(storm, MILLION);
                if (million == 1) {
                    first = live(storm);
                }
            }
            double seconds = (System.nanoTime() - begin) / 1e9;
            calmEnds = true;
            asker.join();
            print("other guest, storm");
            System.out.printf("collections paused for %d ms%n", pauseMillis() - pauses);
            Histogram last = live(storm);
            System.out.printf(
                    Locale.ROOT,
                    "%d million requests in %.1f s at a guest that does not read; live after GC:"
                            + " %.2f MB at 1 million, %.2f MB at %d million, heap at most %d MB%n",
                    millions,
                    seconds,
                    first.bytes() / 1e6,
                    last.bytes() / 1e6,
                    millions,
                    Runtime.getRuntime().maxMemory() >> 20);
            System.out.println("what differs: " + last.since(first));
            System.out.println("answered meanwhile: " + answers);
            System.out.println(platform.server.guests());
        } finally {
            System.out.println("the other guest: " + platform.end(other));
        }
    }

    /** Two threads, as the storm's hardware and lane are, which never wait. */
    private static void besideCounters(Runnable work) throws InterruptedException {
        AtomicBoolean ends = new AtomicBoolean();
        List<Thread> counters = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            Thread counter =
                    new Thread(
                            () -> {
                                while (!ends.get()) {
                                    Thread.onSpinWait();
                                }
                            },
                            "counter-" + i);
            counters.add(counter);
            counter.start();
        }
        work.run();
        ends.set(true);
        for (Thread counter : counters) {
            counter.join();
        }
    }

    private static long pauseMillis() {
        return ManagementFactory.getGarbageCollectorMXBeans().stream()
                .mapToLong(GarbageCollectorMXBean::getCollectionTime)
                .sum();
    }

    private RawUnit open(String name, Runnable answered) {
        return (RawUnit)
                platform.server.open(
                        "raw:smmuv3:priq",
                        name,
                        1 << 14,
                        command -> {
                            answered.run();
                            return true;
                        });
    }

    private static ByteBuffer claim() {
        ByteBuffer to = Frame.begin(32 + Frame.CLAIM_BYTES, Frame.HELLO, 1);
        to.putShort((short) 1).putShort((short) 0).putInt(1 << 14).putLong(0);
        to.put(new byte[Frame.TOKEN_BYTES]);
        Frame.putText(to, "storm", 64);
        Frame.putText(to, "0x" + Integer.toHexString(STORM), 32);
        return to.putInt(3).putInt(1).putInt(0).putInt(0).put(new byte[64]).flip();
    }

    private static void write(RawUnit queue, int requests) {
        ByteBuffer chunk = ByteBuffer.allocate(CHUNK * RECORD_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < requests; i += CHUNK) {
            chunk.clear();
            for (int j = 0; j < CHUNK; j++) {
                GuestBench.putRequest(STORM, i + j, chunk);
            }
            while (queue.available() > queue.slots() - CHUNK) {
                LockSupport.parkNanos(20_000);
            }
            queue.write(chunk.array());
        }
    }

    /** A page request a millisecond, one after another. */
    private void ask(RawUnit queue, int most) {
        int count = 0;
        long due = System.nanoTime();
        while (count < most && !calmEnds) {
            calmAnswered.set(0);
            byte[] request = GuestBench.request(CALM, count);
            long asking = System.nanoTime();
            queue.write(request);
            while (calmAnswered.get() == 0) {
                LockSupport.parkNanos(1_000);
            }
            times[count++] = calmAnswered.get() - asking;
            due = Math.max(due + CALM_NANOS, System.nanoTime());
            LockSupport.parkNanos(due - System.nanoTime());
        }
        calmCount = count;
    }

    private void print(String what) {
        long[] sorted = Arrays.copyOf(times, calmCount);
        Arrays.sort(sorted);
        System.out.printf(
                Locale.ROOT,
                "%-30s p50 %.1f us, p99 %.1f us, max %.1f us, %,d page requests%n",
                what,
                GuestBench.percentile(sorted, 0.5),
                GuestBench.percentile(sorted, 0.99),
                GuestBench.percentile(sorted, 1),
                sorted.length);
    }

    /**
     * Bytes of all that can be reached, by a histogram of the heap: its collection leaves nothing
     * out, and what threads allocate while the figure is read does not count. The lane has to be
     * done: what it has not looked at yet is under way, not kept.
     */
    private static Histogram live(RawUnit storm) {
        GuestPlatform.await("the lane's rest", () -> storm.available() == 0);
        Histogram.take(); // what the first collection only finalizes, the second one takes
        return Histogram.take();
    }
}
