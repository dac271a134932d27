package io.faultline.smmuv3.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.faultline.hardware.RecordQueue;
import io.faultline.live.WindowSettings;
import io.faultline.testkit.ManualTicker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RecordRingTest {
    private final ManualTicker ticker = new ManualTicker();
    private final List<String> messages = new ArrayList<>();

    private RecordQueue open(FakeSmmu smmu) {
        return new LiveUnit(smmu, ticker, messages::add).queues().get(0);
    }

    /** What a lane does: all that waits, from the first slot on, then the acknowledgement. */
    private List<Long> drain(RecordQueue queue) {
        List<Long> records = new ArrayList<>();
        int waiting = queue.available();
        for (int i = 0; i < waiting; i++) {
            int slot = (queue.first() + i) % queue.slots();
            records.add(queue.memory().getLong(slot * EventRecord.BYTES));
        }
        if (waiting > 0) {
            queue.consumed(waiting);
        }
        if (queue.overflowed()) {
            queue.acknowledge();
        }
        return records;
    }

    private static List<Long> numbers(long from, long to) {
        return LongStream.range(from, to).boxed().toList();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3, 7})
    void readsEveryRecordInOrderOverManyWraps(int log2Size) {
        FakeSmmu smmu = new FakeSmmu(log2Size);
        RecordQueue ring = open(smmu);

        List<Long> read = new ArrayList<>();
        for (long i = 0; i < 5L << log2Size; i++) {
            smmu.produce(i);
            read.addAll(drain(ring));
        }

        assertEquals(numbers(0, 5L << log2Size), read);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 5})
    void usesEverySlotOfAFullQueue(int log2Size) {
        FakeSmmu smmu = new FakeSmmu(log2Size);
        int slots = 1 << log2Size;
        RecordQueue ring = open(smmu);
        LongStream.range(0, slots).forEach(smmu::produce);

        assertEquals(slots, ring.available());

        assertFalse(ring.overflowed(), "full is not lost");
        assertEquals(numbers(0, slots), drain(ring));
    }

    @ParameterizedTest
    @CsvSource({"3, 0x3, 0x5", "3, 0x9, 0xf", "7, 0x85, 0x3", "7, 0x3, 0x5"})
    void reportsIndicesThatContradictEachOther(int log2Size, String prod, String cons) {
        FakeSmmu smmu = new FakeSmmu(log2Size);
        smmu.withoutMemory().setUp(QueueLayout.COMMAND, 0x4000_8000L, 2);
        smmu.setUp(QueueLayout.EVENT, 0x4000_0000L, log2Size);
        smmu.indices(QueueLayout.EVENT, Integer.decode(prod), Integer.decode(cons));

        RecordQueue ring = open(smmu);

        assertEquals(RecordQueue.INCONSISTENT, ring.available());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2})
    void tellsALossOnceUntilItIsAcknowledged(int log2Size) {
        FakeSmmu smmu = new FakeSmmu(log2Size);
        RecordQueue ring = open(smmu);
        int slots = 1 << log2Size;
        LongStream.range(0, slots).forEach(smmu::produce);

        assertFalse(smmu.produce(98));
        assertFalse(smmu.produce(99));

        assertEquals(numbers(0, slots), drain(ring));
        assertEquals(0, ring.available());
        assertFalse(ring.overflowed());
        assertEquals(FakeSmmu.OVFLG, smmu.register(QueueLayout.EVENT.cons) & FakeSmmu.OVFLG);
    }

    @Test
    void goesOnAfterASecondLossThatClearsTheFlagAgain() {
        FakeSmmu smmu = new FakeSmmu(1);
        RecordQueue ring = open(smmu);

        int acknowledged = 0;
        for (int round = 0; round < 4; round++) {
            LongStream.range(0, 3).forEach(smmu::produce);
            ring.available();
            acknowledged += ring.overflowed() ? 1 : 0;
            assertEquals(numbers(0, 2), drain(ring));
        }

        assertEquals(4, acknowledged);
    }

    @Test
    void acknowledgesOnlyTheLossThatWasBeforeItsRecords() {
        FakeSmmu smmu = new FakeSmmu(1);
        RecordQueue ring = open(smmu);
        smmu.produce(0);
        int waiting = ring.available();
        LongStream.range(1, 4).forEach(smmu::produce);

        ring.consumed(waiting);

        assertFalse(ring.overflowed(), "records written before the loss still wait");
        assertEquals(List.of(1L), drain(ring));
        assertEquals(0, ring.available());
        assertFalse(ring.overflowed());
    }

    @Test
    void takesTheEntriesOfAModelWhoseFullQueueAborts() {
        FakeSmmu smmu = new FakeSmmu(1).overflowIsAbort().setting(UnitSettings.FULL_ABORTS, true);
        RecordQueue ring = open(smmu);
        LongStream.range(0, 3).forEach(smmu::produce);
        ring.available();
        assertTrue(ring.overflowed());

        assertEquals(numbers(0, 2), drain(ring));

        ring.available();
        assertFalse(ring.overflowed());
        assertEquals(FakeSmmu.EVENTQ_ABT_ERR, smmu.register(Registers.GERRORN));
        assertTrue(smmu.produce(7), "recording goes on");
        smmu.error(FakeSmmu.EVENTQ_ABT_ERR);
        ring.available();
        assertTrue(ring.overflowed(), "the next error toggles the bit back");
        assertEquals(List.of(), messages);
    }

    @Test
    void discardsWhatMayBeInvalidAfterAnAbort() {
        FakeSmmu smmu = new FakeSmmu(2);
        RecordQueue ring = open(smmu);
        smmu.produce(1);
        smmu.produce(2);
        smmu.error(FakeSmmu.EVENTQ_ABT_ERR);

        assertEquals(0, ring.available());

        assertTrue(ring.overflowed());
        assertEquals(2, smmu.register(QueueLayout.EVENT.cons));
        assertEquals(1, messages.size());
        smmu.produce(3);
        assertEquals(List.of(3L), drain(ring), "written after the abort was seen");
        assertFalse(ring.overflowed());
    }

    @Test
    void isWokenWhenAnEmptyQueueFills() {
        FakeSmmu smmu = new FakeSmmu(2);
        RecordQueue ring = open(smmu);
        AtomicInteger woken = new AtomicInteger();
        assertTrue(ring.listen(woken::incrementAndGet));

        smmu.produce(0);
        smmu.produce(1);
        drain(ring);
        smmu.produce(2);

        assertEquals(2, woken.get());
    }

    @Test
    void readsNoRegisterWhileNothingHappens() {
        FakeSmmu smmu = new FakeSmmu(2);
        RecordQueue ring = open(smmu);
        assertEquals(0, ring.available());
        int before = smmu.reads();

        for (int i = 0; i < 100; i++) {
            assertEquals(0, ring.available());
        }
        assertEquals(before, smmu.reads());

        smmu.produce(1);
        assertEquals(1, ring.available());
    }

    @Test
    void findsARecordWhoseInterruptWasLost() {
        FakeSmmu smmu = new FakeSmmu(2);
        RecordQueue ring = open(smmu);
        assertEquals(0, ring.available());
        smmu.onInterrupt("evtq", null);
        smmu.produce(1);
        assertEquals(0, ring.available());

        ticker.advance(Duration.ofMillis(20));

        assertEquals(1, ring.available());
    }

    @Test
    void isPolledWhereThereIsNoInterrupt() {
        FakeSmmu smmu = new FakeSmmu(2).withoutInterrupts().setting(WindowSettings.POLL_MICROS, 50);
        RecordQueue ring = open(smmu);
        assertFalse(ring.listen(() -> {}));
        assertEquals(0, ring.available());
        smmu.onInterrupt("evtq", null);
        smmu.produce(1);

        ticker.advanceNanos(50_000);

        assertEquals(1, ring.available());
    }

    @Test
    void endsWhenTheSmmuIsGone() {
        FakeSmmu smmu = new FakeSmmu(2);
        RecordQueue ring = open(smmu);
        AtomicInteger woken = new AtomicInteger();
        ring.listen(woken::incrementAndGet);
        smmu.produce(1);
        assertEquals(1, ring.available());
        int before = woken.get();

        smmu.die();

        assertTrue(woken.get() > before);
        ring.consumed(1);
        assertEquals(RecordQueue.ENDED, ring.available());
    }

    @Test
    void endsInServiceFailureMode() {
        FakeSmmu smmu = new FakeSmmu(2);
        RecordQueue ring = open(smmu);
        smmu.error(FakeSmmu.SFM_ERR);

        ring.available();

        assertEquals(RecordQueue.ENDED, ring.available());
        assertEquals(1, messages.size());
    }

    @Test
    void holdsItsInterruptBack() {
        FakeSmmu smmu = new FakeSmmu(4).withPri(4);
        RecordQueue ring = open(smmu);
        AtomicInteger woken = new AtomicInteger();
        ring.listen(woken::incrementAndGet);
        assertEquals(0, ring.available());

        assertTrue(ring.holdBack(true));
        assertEquals(3, smmu.register(FakeSmmu.IRQ_CTRL), "errors and page requests still tell");
        smmu.produce(0);
        assertEquals(0, woken.get(), "not told");
        assertEquals(List.of(0L), drain(ring), "but looked for");

        smmu.produce(1);
        assertFalse(ring.holdBack(false));
        assertEquals(7, smmu.register(FakeSmmu.IRQ_CTRL));
        assertEquals(List.of(1L), drain(ring), "what came while it was not told");
        assertEquals(List.of(), drain(ring));
        smmu.produce(2);
        assertEquals(1, woken.get());
    }

    @Test
    void cannotHoldBackWhatItDoesNotHave() {
        RecordQueue ring = open(new FakeSmmu(4).withoutInterrupts());

        assertFalse(ring.holdBack(true));
    }

    /** Of those who set the interrupts up before, too. */
    @Test
    void letsThroughWhatIsHeldBackWhenTheUnitIsClosed() {
        FakeSmmu smmu = new FakeSmmu(4).withPri(4);
        smmu.write32(FakeSmmu.IRQ_CTRL, 4);
        LiveUnit unit = new LiveUnit(smmu, ticker, messages::add);
        unit.queues().forEach(queue -> queue.holdBack(true));
        assertEquals(1, smmu.register(FakeSmmu.IRQ_CTRL));

        unit.close();

        assertEquals(4, smmu.register(FakeSmmu.IRQ_CTRL), "as it was");
    }

    /** A lane that sleeps unless it is woken or holds the interrupt back finds every record. */
    @Property
    void losesNoInterruptByHoldingItBack(
            @ForAll @Size(max = 200) List<@IntRange(max = 4) Integer> turns) {
        FakeSmmu smmu = new FakeSmmu(8);
        RecordQueue ring = open(smmu);
        AtomicInteger woken = new AtomicInteger(1);
        ring.listen(woken::incrementAndGet);
        boolean held = false;
        List<Long> read = new ArrayList<>();
        long number = 0;
        for (int turn : turns) {
            switch (turn) {
                case 0, 1 -> smmu.produce(number++);
                case 2 -> held = ring.holdBack(true);
                case 3 -> {
                    held = ring.holdBack(false);
                    read.addAll(drain(ring));
                    read.addAll(drain(ring)); // it sleeps after a look that shows nothing
                    woken.set(0);
                }
                default -> {
                    if (held || woken.getAndSet(0) > 0) {
                        read.addAll(drain(ring));
                        read.addAll(drain(ring));
                    }
                }
            }
            assertTrue(
                    read.size() == number || held || woken.get() > 0,
                    "nobody would look for what waits");
        }
        assertEquals(numbers(0, read.size()), read);
    }

    /** Bursts beyond the size lose records, and never repeat or reorder one. */
    @Property
    void losesOnlyWhatHardwareDiscards(
            @ForAll @IntRange(max = 4) int log2Size,
            @ForAll @Size(max = 50) List<@IntRange(max = 20) Integer> bursts) {
        FakeSmmu smmu = new FakeSmmu(log2Size);
        RecordQueue ring = open(smmu);

        List<Long> written = new ArrayList<>();
        List<Long> read = new ArrayList<>();
        long number = 0;
        for (int burst : bursts) {
            for (int i = 0; i < burst; i++, number++) {
                if (smmu.produce(number)) {
                    written.add(number);
                }
            }
            read.addAll(drain(ring));
        }

        assertEquals(written, read);
    }
}
