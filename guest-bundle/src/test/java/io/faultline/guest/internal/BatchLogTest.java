package io.faultline.guest.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** Elements are taken in order, each once, and none before it is published. */
class BatchLogTest {
    private static final int EACH = 200_000;

    private final BatchLog<Integer> log = new BatchLog<>();
    private final List<Integer> taken = new ArrayList<>();

    @Test
    void givesNothingBeforeItIsPublished() {
        log.add(1);

        assertFalse(log.hasPublished());
        assertEquals(0, log.drain(taken::add, 10));
        log.publish();
        log.add(2);
        assertTrue(log.hasPublished());
        assertEquals(1, log.drain(taken::add, 10));
        assertEquals(List.of(1), taken);
        assertFalse(log.hasPublished());
    }

    /** Above 0 some are added and published, below some are taken. */
    @Property(tries = 300)
    void givesAllOnceInOrder(
            @ForAll @Size(max = 60) List<@IntRange(min = -150, max = 150) Integer> steps) {
        BatchLog<Integer> any = new BatchLog<>();
        List<Integer> out = new ArrayList<>();
        int added = 0;
        for (int step : steps) {
            for (int i = 0; i < step; i++) {
                any.add(added++);
            }
            any.publish();
            if (step < 0) {
                int waiting = added - out.size();
                assertEquals(Math.min(-step, waiting), any.drain(out::add, -step));
            }
        }
        any.drain(out::add, Integer.MAX_VALUE);
        assertEquals(IntStream.range(0, added).boxed().toList(), out);
    }

    /** Two lanes whose batches end when they do, and a writer that is always awake. */
    @Test
    void keepsEachLanesOrder() throws InterruptedException {
        Thread odd = new Thread(() -> add(1));
        Thread even = new Thread(() -> add(0));
        odd.start();
        even.start();
        while (taken.size() < 2 * EACH) {
            log.drain(taken::add, 50);
        }
        odd.join();
        even.join();

        for (int lane = 0; lane < 2; lane++) {
            int of = lane;
            assertEquals(
                    IntStream.range(0, EACH).map(i -> 2 * i + of).boxed().toList(),
                    taken.stream().filter(i -> i % 2 == of).toList());
        }
    }

    private void add(int lane) {
        for (int i = 0; i < EACH; i++) {
            log.add(2 * i + lane);
            if (i % 7 == 6) {
                log.publish();
            }
        }
        log.publish();
    }
}
