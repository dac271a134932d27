package io.faultline.guest.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.faultline.fault.PageRequestGroup;
import io.faultline.guest.internal.TestGuest.Got;
import io.faultline.handler.Notice;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
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

    /** Its first write is blocked, since the guest does not read; then it looks for more. */
    @Test
    void keepsGroupsUntilTheirBatchEndsThoughTheWriterIsAwake() throws Exception {
        int batch = DEPTH / 8; // with what waits behind the writer it is less than half
        int tries = 0;
        long since;
        long before;
        int last;
        do {
            int blocked = blockTheWriter();
            since = System.nanoTime();
            put(batch);
            int early = await(blocked) - blocked;
            rig.until("sleep", WakeTest::writerSleeps);
            claim.session.wake(); // as another claim's batch does
            rig.until("sleep", WakeTest::writerSleeps);
            before = rig.view().waiting();
            claim.endOfBatch(null);
            last = early < batch ? guest.await(Frame.FAULTS).count() : 0;
            await(batch - early - last); // the house came round
        } while (isLate(since) && ++tries < 20);

        assertEquals(batch, before, "nothing is written before");
        assertEquals(batch, last, "one write, one frame");
    }

    /** Batches that nobody reads, until one of them waits; how many records those are. */
    private int blockTheWriter() throws Exception {
        int records = 0;
        while (!isWriting() || rig.view().waiting() == 0) {
            if (rig.view().waiting() == 0) {
                put(DEPTH / 4);
                records += DEPTH / 4;
                claim.endOfBatch(null);
            }
            rig.step();
        }
        return records;
    }

    private static boolean isWriting() {
        return Thread.getAllStackTraces().entrySet().stream()
                .filter(e -> e.getKey().getName().matches("guest-\\d+-writer"))
                .anyMatch(
                        e ->
                                Stream.of(e.getValue())
                                        .anyMatch(f -> f.getMethodName().equals("write0")));
    }

    /** Reads so many records, and those that are in the last one's frame. */
    private int await(int records) throws Exception {
        int came = 0;
        while (came < records) {
            came += guest.await(Frame.FAULTS).count();
        }
        return came;
    }

    /** A group of a former batch, and one that comes: the guest hears of both at once. */
    @Test
    void tellsOfAWithdrawnGroupWithItsBatch() throws Exception {
        int tries = 0;
        long since;
        boolean silent;
        Map<Integer, Got> told = new HashMap<>();
        do {
            PageRequestGroup group = rig.group(index++ & 0x1ff);
            claim.handle(group, new Waits());
            claim.endOfBatch(null);
            guest.await(Frame.FAULTS);
            rig.until("sleep", WakeTest::writerSleeps);

            since = System.nanoTime();
            claim.notice(
                    new Notice(Notice.Kind.GROUP_WITHDRAWN, null, group, Rig.DEVICE, 1, "its key"));
            put(1);
            // the writer answers what no guest may say, and would write whatever else it may
            guest.send(Frame.begin(0, 99, 0).flip());
            Got first = guest.read();
            rig.until("sleep", WakeTest::writerSleeps);
            silent = first.type() == Frame.ERROR && guest.hearsNothing();
            claim.endOfBatch(null);
            told.clear();
            told.put(first.type(), first);
            while (told.size() < 3) {
                Got next = guest.read();
                told.put(next.type(), next);
            }
        } while (isLate(since) && ++tries < 20);

        assertTrue(silent, "nothing is written before");
        assertEquals(Set.of(Frame.ERROR, Frame.WITHDRAWN, Frame.FAULTS), told.keySet());
        assertEquals(Session.WITHDRAWN, told.get(Frame.WITHDRAWN).word(1));
    }

    /** What no batch ends: a deadline, for example. */
    @Test
    void tellsOfAWithdrawnGroupAfterTheLongestDelay() throws Exception {
        PageRequestGroup group = rig.group(1);
        claim.handle(group, new Waits());
        claim.endOfBatch(null);
        int cookie = guest.await(Frame.FAULTS).cookies().get(0);

        claim.notice(new Notice(Notice.Kind.GROUP_EXPIRED, null, group, Rig.DEVICE, 1, "late"));

        Got told = guest.await(Frame.WITHDRAWN);
        assertEquals(List.of(cookie, Session.EXPIRED), List.of(told.word(0), told.word(1)));
    }

    @Test
    void givesNothingOfABatchThatDoesNotEndBeforeTheLongestDelay() throws Exception {
        rig.until("sleep", WakeTest::writerSleeps);
        long since = System.nanoTime();
        put(3);

        Got got = guest.await(Frame.FAULTS);

        long delay = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - since);
        assertTrue(delay >= LONGEST_DELAY, delay + " ms");
        assertEquals(3, got.count(), "one write, one frame");
    }

    /** Half of it is waiting, whatever of that its guest may be given. */
    @Test
    void givesWhatComesAtOnceWhileTheQueueIsHalfFull() throws Exception {
        int tries = 0;
        long since;
        boolean late;
        do {
            int blocked = blockTheWriter();
            since = System.nanoTime();
            put(DEPTH / 2); // with those that wait behind the writer
            await(blocked + DEPTH / 2);
            late = isLate(since);
            claim.endOfBatch(null);
        } while (late && ++tries < 20);

        assertFalse(late, "it waited for the delay");
    }

    @Test
    void givesThePlacesBackOfABatchThatIsCutOffByItsDetach() throws Exception {
        put(300);
        guest.detach(1);
        guest.await(Frame.RESULT);

        assertEquals(300, rig.view().withdrawn());
        assertEquals(0, rig.view().waiting());
        int device = guest.claim("0x101", 2);
        guest.pause(device, 1000);
        guest.await(Frame.RESULT);
        Claim next = rig.claims.get(1);
        assertEquals(DEPTH, next.session.reserve(next, DEPTH, System.nanoTime()), "all are free");
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
