package io.faultline.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.faultline.fault.PageRequestGroup;
import io.faultline.fault.Response;
import io.faultline.fault.TimeBase;
import io.faultline.fault.Unit;
import io.faultline.hardware.HardwareUnit;
import io.faultline.hardware.RecordQueue;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class RecordingUnitTest {
    private final RecordingQueue queue = new RecordingQueue("evtq", 16, 2);
    private final RecordingUnit unit = new RecordingUnit(new Unit("test", "test0"), queue);

    @Test
    void wrapsAndKeepsTheOrder() {
        for (long i = 0; i < 7; i++) {
            assertTrue(queue.write(i, -i));

            assertEquals(1, queue.available());
            assertEquals((int) (i % 2), queue.first());
            assertEquals(i, queue.memory().getLong(queue.first() * 16));
            queue.consumed(1);
        }

        assertEquals(7, queue.consumedRecords());
    }

    @Test
    void losesWhatAFullQueueCannotHold() {
        queue.write(1, 1);
        queue.write(new byte[16]);

        assertFalse(queue.write(3, 3));

        assertTrue(queue.overflowed());
        queue.consumed(queue.available());
        queue.acknowledge();
        assertFalse(queue.overflowed());
        assertEquals(1, queue.acknowledgements());
    }

    @Test
    void endsAfterWhatWaitsIsConsumed() {
        queue.write(1, 1);
        queue.end();

        assertEquals(1, queue.available());
        queue.consumed(1);
        assertEquals(RecordQueue.ENDED, queue.available());
    }

    @Test
    void showsContradictingIndices() {
        queue.inconsistent(true);
        assertEquals(RecordQueue.INCONSISTENT, queue.available());

        queue.inconsistent(false);
        assertEquals(0, queue.available());
    }

    @Test
    void wakesWhoListens() {
        AtomicInteger woken = new AtomicInteger();
        queue.listen(woken::incrementAndGet);

        queue.write(1, 1);
        queue.end();
        queue.listen(null);
        queue.write(2, 2);

        assertEquals(2, woken.get());
    }

    @Test
    void catchesALaneThatBreaksTheOrder() {
        queue.write(1, 1);

        assertThrows(AssertionError.class, () -> queue.consumed(2));
        assertThrows(AssertionError.class, queue::acknowledge);
    }

    @Test
    void refusesARecordOfAnotherLength() {
        assertThrows(IllegalArgumentException.class, () -> queue.write(new byte[15]));
        assertThrows(IllegalArgumentException.class, () -> queue.write(1L));
    }

    @Test
    void keepsCommandsAndWhatTheyAnswer() {
        PageRequestGroup group = new FaultBuilder().pageRequests(3);

        assertTrue(unit.port().submit(command(1)));
        assertTrue(unit.port().submit(command(2), group, Response.INVALID));

        assertEquals(List.of("01", "02"), unit.port().commands());
        assertEquals(List.of(Response.INVALID), unit.port().responses());
        assertEquals(group, unit.port().submitted().get(1).group());
    }

    @Test
    void canBeFullOrBroken() {
        unit.port().room(1);
        assertTrue(unit.port().submit(command(1)));
        assertFalse(unit.port().submit(command(2)));

        unit.port().room(Integer.MAX_VALUE);
        assertTrue(unit.port().submit(command(2)));

        unit.port().broken();
        assertThrows(IllegalStateException.class, () -> unit.port().submit(command(3)));
        assertEquals(1, unit.port().refused());
        assertEquals(List.of("01", "02"), unit.port().commands());
    }

    @Test
    void saysWhatItKnowsOfItsLimits() {
        assertEquals(HardwareUnit.UNKNOWN_LIMIT, unit.pageRequestLimit(1));

        unit.limits(32, 16).answersWithoutPasid().timeBase(TimeBase.EPOCH);

        assertEquals(32, unit.pageRequestLimit(1));
        assertEquals(16, unit.stallLimit());
        assertFalse(unit.answersCarryPasid(1));
        assertEquals(TimeBase.EPOCH, unit.timeBase());
    }

    @Test
    void hasNoPortWhenObserved() {
        RecordingUnit observed = RecordingUnit.observed(unit.unit(), queue);

        assertNull(observed.port());
        assertEquals(List.of(queue), observed.queues());
    }

    private static ByteBuffer command(int value) {
        return ByteBuffer.allocate(1).put((byte) value).flip();
    }
}
