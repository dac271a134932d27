package io.faultline.iopf.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class OwnedCounterTest {
    private static final int EACH = 100_000;

    @Test
    void losesNothingWhoeverCounts() throws InterruptedException {
        OwnedCounter counter = new OwnedCounter();
        List<Thread> others =
                IntStream.range(0, 3)
                        .mapToObj(i -> new Thread(() -> count(counter), "counting " + i))
                        .toList();
        others.forEach(Thread::start);

        count(counter); // its owner
        for (Thread other : others) {
            other.join();
        }

        assertEquals(4L * EACH, counter.sum());
    }

    private static void count(OwnedCounter counter) {
        for (int i = 0; i < EACH; i++) {
            counter.increment();
        }
    }
}
