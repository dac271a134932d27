package io.faultline.amdvi.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.faultline.fault.FaultKind;
import io.faultline.fault.Response;
import io.faultline.handler.Handles;
import io.faultline.handler.Notice;
import io.faultline.handler.Verdict;
import io.faultline.hardware.HardwareUnit;
import io.faultline.hardware.RecordQueue;
import io.faultline.testkit.ManualTicker;
import io.faultline.testkit.RecordingHandler;
import io.faultline.testkit.SteppedLane;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LiveUnitTest {
    /** A write by 04:00.0 that met no page. */
    private static final long EVENT = 0x2020_000d_0000_0400L;

    /** A read by 03:00.0 with a PASID; group and last are to be added. */
    private static final long REQUEST = 0x1164_1400_1234_0300L;

    private static final long LAST = 1L << 41;
    private static final int SLOTS = 256;

    private final FakeAmd amd = new FakeAmd();
    private final RecordingHandler handler = new RecordingHandler(Verdict.HANDLED);

    private LiveUnit open() {
        return new LiveUnit(amd, new ManualTicker());
    }

    private SteppedLane lane(FaultKind kind, RecordingHandler recorder) {
        return new SteppedLane()
                .add(new EventRecord())
                .add(new PprRecord())
                .add(new CompletePprRequest())
                .add(recorder, Map.of(Handles.KINDS, kind.word()))
                .add(open());
    }

    private List<Long> addresses() {
        return handler.faults().stream().map(fault -> fault.iova()).toList();
    }

    @Test
    void readsTheEventLogInOrderOverManyWraps() {
        try (SteppedLane lane = lane(FaultKind.UNRECOVERABLE, handler)) {
            for (int i = 0; i < 3 * SLOTS; i++) {
                assertTrue(amd.log(LogLayout.EVENT, EVENT, i * 0x1000L));
                if (i % 7 == 0) {
                    lane.step();
                }
            }
            lane.step();

            assertEquals(3 * SLOTS, addresses().size());
            for (int i = 0; i < 3 * SLOTS; i++) {
                assertEquals(i * 0x1000L, addresses().get(i));
            }
        }
    }

    /** Else an entry that hardware has announced and not written is the one of the round before. */
    @Test
    void leavesZerosWhereItHasReadAndWhereAnEarlierDriverWrote() {
        try (SteppedLane lane = lane(FaultKind.UNRECOVERABLE, handler)) {
            for (int slot = 0; slot < SLOTS; slot++) {
                assertEquals(0, amd.entry(LogLayout.EVENT, slot));
            }
            amd.log(LogLayout.EVENT, EVENT, 0x1000);
            amd.log(LogLayout.EVENT, EVENT, 0x2000);
            lane.step();

            assertEquals(0, amd.entry(LogLayout.EVENT, 0));
            assertEquals(0, amd.entry(LogLayout.EVENT, 1));
            assertEquals(0x20, amd.register(LogLayout.EVENT.head));
        }
    }

    @Test
    void waitsForAnEntryThatHardwareHasAnnouncedAndNotWritten() {
        try (SteppedLane lane = lane(FaultKind.UNRECOVERABLE, handler)) {
            for (int i = 0; i < SLOTS; i++) { // so that each slot held an entry before
                amd.log(LogLayout.EVENT, EVENT, 0x1000);
                lane.step();
            }
            int known = handler.faults().size();
            int late = amd.announce(LogLayout.EVENT);
            amd.log(LogLayout.EVENT, EVENT, 0x3000);

            lane.step();
            lane.advance(Duration.ofMillis(1));
            lane.step();
            assertEquals(known, handler.faults().size(), "nothing old, and not the one behind it");

            amd.write(LogLayout.EVENT, late, EVENT, 0x2000);
            lane.step();
            assertEquals(List.of(0x2000L, 0x3000L), addresses().subList(known, known + 2));
        }
    }

    /** It is counted as lost, and what comes behind it is read. */
    @Test
    void givesUpAnEntryThatIsNeverWritten() {
        try (SteppedLane lane = lane(FaultKind.UNRECOVERABLE, handler)) {
            amd.announce(LogLayout.EVENT);
            amd.log(LogLayout.EVENT, EVENT, 0x3000);

            lane.advance(Duration.ofMillis(1));
            lane.step();
            assertEquals(List.of(), addresses());
            lane.advance(Duration.ofSeconds(1));
            lane.step();
            lane.step();

            assertEquals(List.of(0x3000L), addresses());
            assertEquals(0x20, amd.register(LogLayout.EVENT.head));
        }
    }

    @Test
    void startsALogAgainThatWasFull() {
        try (SteppedLane lane = lane(FaultKind.UNRECOVERABLE, handler)) {
            for (int i = 0; i < SLOTS - 1; i++) {
                assertTrue(amd.log(LogLayout.EVENT, EVENT, 0x1000));
            }
            assertFalse(amd.log(LogLayout.EVENT, EVENT, 0x2000));

            lane.step();
            lane.step();

            assertEquals(SLOTS - 1, handler.faults().size());
            assertEquals(
                    List.of(Notice.Kind.OVERFLOW),
                    handler.notices().stream().map(Notice::kind).toList());
            assertTrue(amd.log(LogLayout.EVENT, EVENT, 0x3000), "it runs again");
            lane.step();
            assertEquals(0x3000L, addresses().get(SLOTS - 1));
        }
    }

    @Test
    void completesPageRequestsOverManyWraps() {
        amd.withPageRequests();
        RecordingHandler answering = new RecordingHandler(Verdict.handled(Response.SUCCESS));
        try (SteppedLane lane = lane(FaultKind.PAGE_REQUEST, answering)) {
            for (long i = 0; i < 600; i++) {
                assertTrue(amd.log(LogLayout.PPR, REQUEST | LAST | (i & 0x1ff) << 32, 0x5000));
                lane.step();
                amd.execute();
            }

            assertEquals(600, amd.executed().size());
            assertEquals("00030000341205700400000005000000", amd.executed().get(5));
        }
    }

    @Test
    void refusesCommandsWhileTheBufferIsFull() {
        amd.withPageRequests();
        LiveUnit unit = open();
        int taken = 0;
        while (unit.port().submit(ByteBuffer.allocate(16))) {
            taken++;
        }
        assertEquals(SLOTS - 1, taken);

        amd.execute();

        assertTrue(unit.port().submit(ByteBuffer.allocate(16)));
        assertThrows(
                IllegalArgumentException.class, () -> unit.port().submit(ByteBuffer.allocate(8)));
    }

    @Test
    void takesALogThatSomebodyHasSetUp() {
        amd.setUpBySomebody();
        try (SteppedLane lane = lane(FaultKind.UNRECOVERABLE, handler)) {
            amd.log(LogLayout.EVENT, EVENT, 0x1000);
            lane.step();

            assertEquals(List.of(0x1000L), addresses());
            assertEquals(0x30, amd.register(LogLayout.EVENT.head));
        }
    }

    @Test
    void saysWhyAUnitCannotBeDriven() {
        amd.keepMemory();

        assertTrue(
                assertThrows(IllegalStateException.class, this::open)
                        .getMessage()
                        .contains("event log is not enabled"));
    }

    @ParameterizedTest
    @CsvSource({"event.log2size, 7", "ppr.log2size, 16", "poll.us, -1", "event.log2size, many"})
    void refusesASetting(String key, String value) {
        amd.set(key, value);

        String message = assertThrows(IllegalArgumentException.class, this::open).getMessage();

        assertTrue(message.contains(key + "=" + value) && message.contains("allowed"), message);
    }

    @Test
    void disablesWhatItEnabled() {
        amd.withPageRequests();
        LiveUnit unit = open();
        assertEquals(2, unit.queues().size());
        assertEquals(20, unit.pasidBits());
        assertTrue(amd.register(UnitRegisters.CONTROL) != 0);

        unit.close();

        assertEquals(0, amd.register(UnitRegisters.CONTROL));
        assertEquals(Set.of(), amd.listenedTo());
        assertThrows(
                IllegalStateException.class, () -> unit.port().submit(ByteBuffer.allocate(16)));
    }

    @Test
    void endsWhenTheUnitIsGone() {
        HardwareUnit unit = open();
        amd.log(LogLayout.EVENT, EVENT, 0x1000);

        amd.die();

        assertEquals(RecordQueue.ENDED, unit.queues().get(0).available());
        assertTrue(unit.isGone());
    }
}
