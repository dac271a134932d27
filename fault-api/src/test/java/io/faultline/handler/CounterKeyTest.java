package io.faultline.handler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class CounterKeyTest {
    private static final int LANES = 4;
    private static final int COUNTS = 100_000;

    private final CounterKey key = CounterKey.of("swallowed");

    @Test
    void startsAtZero() {
        assertEquals("swallowed", key.name());
        assertEquals(0, key.sum());
    }

    @Test
    void givesEachLaneACellOfItsOwn() {
        key.cell(0).increment();
        key.cell(1023).add(41);

        assertSame(key.cell(0), key.cell(0));
        assertNotSame(key.cell(0), key.cell(1));
        assertEquals(1, key.cell(0).value());
        assertEquals(42, key.sum());
    }

    @Test
    void needsAName() {
        assertThrows(NullPointerException.class, () -> CounterKey.of(null));
    }

    @Test
    void losesNothingWhenLanesCountAtOnce() throws Exception {
        CyclicBarrier start = new CyclicBarrier(LANES);

        runAll(
                lane -> {
                    start.await();
                    for (int i = 0; i < COUNTS; i++) {
                        key.cell(lane).increment();
                    }
                    return null;
                });

        assertEquals((long) LANES * COUNTS, key.sum());
    }

    /** A lane that takes over from another may ask for its cell while others do. */
    @Test
    void makesOneCellWhenSeveralThreadsAskFirst() throws Exception {
        CyclicBarrier start = new CyclicBarrier(LANES);

        List<Object> cells =
                runAll(
                        ignored -> {
                            start.await();
                            return key.cell(7);
                        });

        assertEquals(1, cells.stream().distinct().count());
    }

    private interface LaneTask {
        Object run(int lane) throws Exception;
    }

    private static List<Object> runAll(LaneTask task) throws Exception {
        List<Callable<Object>> calls = new ArrayList<>();
        for (int lane = 0; lane < LANES; lane++) {
            int mine = lane;
            calls.add(() -> task.run(mine));
        }
        ExecutorService threads = Executors.newFixedThreadPool(LANES);
        try {
            List<Object> results = new ArrayList<>();
            for (Future<Object> future : threads.invokeAll(calls)) {
                results.add(future.get());
            }
            return results;
        } finally {
            threads.shutdownNow();
        }
    }
}
