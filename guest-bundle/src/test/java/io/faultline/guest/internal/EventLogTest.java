package io.faultline.guest.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.faultline.fault.Reason;
import io.faultline.fault.UnrecoverableFault;
import io.faultline.testkit.FaultBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** Events are taken in order, each once, and none before it is published. */
class EventLogTest {
    private static final EventFormat SMMUV3 = EventFormat.BY_ARCH.get("smmuv3");
    private static final EventFormat VTD = EventFormat.BY_ARCH.get("vtd");

    private final EventLog log = new EventLog();
    private final List<Long> taken = new ArrayList<>();

    private static UnrecoverableFault event(long number) {
        return event("smmuv3", SMMUV3, number, 0x10, number, number, 0);
    }

    private static UnrecoverableFault shortEvent(long number) {
        return event("vtd", VTD, number, number, 0);
    }

    private static UnrecoverableFault event(
            String arch, EventFormat format, long iova, long... words) {
        return new FaultBuilder()
                .unit(arch, "unit0")
                .requester(1)
                .queue(format.queue())
                .iova(iova)
                .raw(words)
                .unrecoverable(Reason.NOT_PRESENT);
    }

    private int drain(int most) {
        return log.drain(
                (lost, from, at, bytes) ->
                        taken.add(from.getLong(bytes == SMMUV3.bytes() ? at + 8 : at)),
                most);
    }

    @Test
    void givesNothingBeforeItIsPublished() {
        log.add(event(1), SMMUV3, 0, 0);

        assertEquals(0, drain(10));
        assertEquals(1, log.size(), "but it waits");
        log.publish();
        assertEquals(1, drain(10));
        assertEquals(0, log.size());
    }

    @Test
    void saysHowManyWereLostBeforeEach() {
        log.add(event(1), SMMUV3, 0, 0);
        log.add(event(2), SMMUV3, 0, 7);
        log.publish();

        List<Long> lost = new ArrayList<>();
        log.drain((before, from, at, bytes) -> lost.add(before), 10);
        assertEquals(List.of(0L, 7L), lost);
    }

    /** Records of two lengths, in turns; above 0 some are added, below some are taken. */
    @Property(tries = 300)
    void givesAllOnceInOrder(
            @ForAll @Size(max = 60) List<@IntRange(min = -150, max = 150) Integer> steps) {
        EventLog both = new EventLog();
        List<Long> out = new ArrayList<>();
        long added = 0;
        for (int step : steps) {
            for (int i = 0; i < step; i++, added++) {
                if (step % 2 == 0) {
                    both.add(event(added), SMMUV3, 0, added);
                } else {
                    both.add(shortEvent(added), VTD, 0, added);
                }
            }
            both.publish();
            if (step < 0) {
                both.drain((number, from, at, bytes) -> out.add(number), -step);
            }
            assertEquals(added - out.size(), both.size());
        }
        both.drain((number, from, at, bytes) -> out.add(number), Integer.MAX_VALUE);

        assertEquals(added, out.size());
        for (int i = 0; i < added; i++) {
            assertEquals(i, out.get(i));
        }
    }

    /** Two lanes, which publish as batches end, and one who takes: each lane's stay in order. */
    @Test
    void losesNothingBetweenThreads() throws InterruptedException {
        int each = 100_000;
        AtomicBoolean done = new AtomicBoolean();
        List<Thread> lanes = new ArrayList<>();
        for (int lane = 0; lane < 2; lane++) {
            long first = (long) lane << 32;
            UnrecoverableFault event = event(lane);
            Thread thread =
                    new Thread(
                            () -> {
                                for (int i = 0; i < each; i++) {
                                    log.add(event, SMMUV3, 0, first + i);
                                    if (i % 100 == 99) {
                                        log.publish();
                                    }
                                }
                            });
            lanes.add(thread);
            thread.start();
        }
        long[] next = {0, 1L << 32};
        AtomicBoolean wrong = new AtomicBoolean();
        Thread taker =
                new Thread(
                        () -> {
                            while (!done.get() || log.size() > 0) {
                                log.drain(
                                        (number, from, at, bytes) -> {
                                            int lane = (int) (number >> 32);
                                            if (next[lane]++ != number
                                                    || from.getLong(at + 8) != lane) {
                                                wrong.set(true);
                                            }
                                        },
                                        64);
                            }
                        });
        taker.start();
        for (Thread lane : lanes) {
            lane.join();
        }
        done.set(true);
        taker.join(20_000);

        assertEquals(0, log.size());
        assertEquals(List.of((long) each, (1L << 32) + each), List.of(next[0], next[1]));
        assertTrue(!wrong.get(), "order and content");
    }
}
