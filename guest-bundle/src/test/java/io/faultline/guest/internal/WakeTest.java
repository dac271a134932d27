package io.faultline.guest.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.faultline.guest.internal.TestGuest.Got;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * When a guest is woken: at the end of a batch, when its queue is half full, or after the longest
 * delay. The claim is called as a lane calls it, so that a batch ends when the test says so.
 */
class WakeTest {
    private static final int DEPTH = 1024;
    private static final int LONGEST_DELAY = 1000;

    /** The house comes round once in {@link #LONGEST_DELAY}; what takes so long is tried again. */
    private static final long QUIET_NANOS = TimeUnit.MILLISECONDS.toNanos(LONGEST_DELAY / 2);

    private Rig rig;
    private TestGuest guest;
    private Claim claim;
    private int index;

    @BeforeEach
    void start() throws Exception {
        rig = new Rig(Map.of("wake.ms", LONGEST_DELAY));
        guest = new TestGuest(rig.socket);
        guest.claim("0x100", 1);
        claim = rig.claims.get(0);
        assertEquals(DEPTH, guest.depth);
    }

    @AfterEach
    void stop() throws Exception {
        guest.close();
        rig.close();
    }

    private void put(int groups) {
        for (int i = 0; i < groups; i++) {
            claim.handle(rig.group(index++ & 0x1ff), new Waits());
        }
    }

    /** Has the house just come round, and its writer asleep again; when that was. */
    private long quiet() throws Exception {
        put(1);
        guest.await(Frame.FAULTS);
        long now = System.nanoTime();
        rig.until("sleep", WakeTest::writerSleeps);
        return now;
    }

    private static boolean writerSleeps() {
        List<Thread> writers =
                Thread.getAllStackTraces().keySet().stream()
                        .filter(t -> t.getName().matches("guest-\\d+-writer"))
                        .toList();
        return !writers.isEmpty()
                && writers.stream().allMatch(t -> t.getState() == Thread.State.WAITING);
    }

    private static boolean isLate(long since) {
        return System.nanoTime() - since > QUIET_NANOS;
    }

    @Test
    void wakesAGuestAfterTheLongestDelayWhateverItsBatchDoes() throws Exception {
        rig.until("sleep", WakeTest::writerSleeps);
        put(3);

        int came = 0;
        while (came < 3) {
            came += guest.await(Frame.FAULTS).count();
        }
        rig.until("count", () -> rig.view().wakeups() > 0); // behind the wake-up itself
    }

    @Test
    void writesABatchAtOnceAtItsEnd() throws Exception {
        int tries = 0;
        long since;
        long before;
        boolean sleptUntilItsEnd;
        Got got;
        do {
            since = quiet();
            before = rig.view().wakeups();
            put(300);
            sleptUntilItsEnd = rig.view().wakeups() == before && writerSleeps();
            claim.endOfBatch(null);
            got = guest.await(Frame.FAULTS);
            for (int came = got.count(); came < 300; ) {
                came += guest.await(Frame.FAULTS).count(); // the house came round
            }
        } while (isLate(since) && ++tries < 20);

        assertTrue(sleptUntilItsEnd, "nothing is written before");
        assertEquals(300, got.count(), "one write, one frame");
        assertEquals(before + 1, rig.view().wakeups());
    }

    @Test
    void keepsEventsUntilTheirBatchEndsThoughTheWriterIsAwake() throws Exception {
        int tries = 0;
        long since;
        long before;
        Got got;
        do {
            since = quiet();
            for (int i = 0; i < 10; i++) {
                claim.handle(rig.event(0x1000), new Waits());
            }
            claim.session.wake(); // as another claim's batch does
            rig.until("sleep", WakeTest::writerSleeps);
            before = rig.view().waiting();
            claim.endOfBatch(null);
            got = guest.await(Frame.EVENTS);
            for (int came = got.count(); came < 10; ) {
                came += guest.await(Frame.EVENTS).count(); // the house came round
            }
        } while (isLate(since) && ++tries < 20);

        assertEquals(10, before, "nothing is written before");
        assertEquals(10, got.count(), "one write, one frame");
    }

    @Test
    void givesEventsOfABatchThatDoesNotEndAfterTheLongestDelay() throws Exception {
        claim.handle(rig.event(0x1000), new Waits());

        assertEquals(1, guest.await(Frame.EVENTS).count());
    }

    @Test
    void wakesAGuestWhoseQueueIsHalfFullBeforeTheBatchEnds() throws Exception {
        int tries = 0;
        long since;
        boolean sleptBefore;
        long woken;
        do {
            since = quiet();
            long before = rig.view().wakeups();
            put(DEPTH / 2 - 1);
            sleptBefore = rig.view().wakeups() == before && writerSleeps();
            put(1);
            woken = rig.view().wakeups() - before;
            for (int came = 0; came < DEPTH / 2; ) {
                came += guest.await(Frame.FAULTS).count();
            }
        } while (isLate(since) && ++tries < 20);

        assertTrue(sleptBefore, "one less than half is no reason");
        assertEquals(1, woken);
    }
}
