package io.faultline.vtd.internal;

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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LiveUnitTest {
    private static final int SOURCE = 0x28;
    private static final long REQUEST = 1 | 1 << 8 | (long) SOURCE << 16 | 7L << 32;
    private static final long READ = 1;
    private static final long LAST = 4;

    private final List<String> messages = new ArrayList<>();
    private final FakeVtd vtd = new FakeVtd();
    private final RecordingHandler handler =
            new RecordingHandler(Verdict.handled(Response.SUCCESS));

    private LiveUnit open() {
        return new LiveUnit(vtd, new ManualTicker(), messages::add);
    }

    private SteppedLane lane(FaultKind kind, RecordingHandler recorder) {
        return new SteppedLane()
                .add(new RecordingRegister())
                .add(new PageRequestDescriptor())
                .add(new PageGroupResponse())
                .add(recorder, Map.of(Handles.KINDS, kind.word()))
                .add(open());
    }

    @Test
    void takesFaultsFromItsRegistersInRingOrder() {
        RecordingHandler recorder = new RecordingHandler(Verdict.HANDLED);
        try (SteppedLane lane = lane(FaultKind.UNRECOVERABLE, recorder)) {
            vtd.record(SOURCE, 0x1000);
            lane.step();
            vtd.record(SOURCE, 0x2000);
            vtd.record(SOURCE + 8, 0x3000);
            lane.step();

            assertEquals(
                    List.of(0x1000L, 0x2000L, 0x3000L),
                    recorder.faults().stream().map(fault -> fault.iova()).toList());
            assertEquals(0, vtd.status(), "all F bits are cleared");
        }
    }

    @Test
    void reportsFaultsThatWereLostAndRecordsAgain() {
        RecordingHandler recorder = new RecordingHandler(Verdict.HANDLED);
        try (SteppedLane lane = lane(FaultKind.UNRECOVERABLE, recorder)) {
            vtd.record(1, 0x1000);
            vtd.record(2, 0x2000);
            assertFalse(vtd.record(3, 0x3000));

            lane.step();
            lane.step();

            assertEquals(2, recorder.faults().size());
            assertEquals(
                    List.of(Notice.Kind.OVERFLOW),
                    recorder.notices().stream().map(Notice::kind).toList());
            assertTrue(vtd.record(4, 0x4000));
            lane.step();
            assertEquals(3, recorder.faults().size());
        }
    }

    @Test
    void answersPageRequestsOverManyWraps() {
        vtd.withPageRequests();
        try (SteppedLane lane = lane(FaultKind.PAGE_REQUEST, handler)) {
            for (int i = 0; i < 500; i++) {
                assertTrue(vtd.request(REQUEST, 0x5000 | (i & 0x1ff) << 3 | LAST | READ));
                lane.step();
                vtd.execute();
            }

            assertEquals(500, vtd.executed().size());
            assertEquals(
                    "19002800070000000800000000000000", vtd.executed().get(1).substring(0, 32));
        }
    }

    /** R9: hardware has answered the last request of what was lost. */
    @Test
    void dropsPartialGroupsWhenRequestsWereLost() {
        vtd.withPageRequests();
        try (SteppedLane lane = lane(FaultKind.PAGE_REQUEST, handler)) {
            assertTrue(vtd.request(REQUEST, 0x1000 | 1 << 3 | READ));
            for (int i = 2; i < 128; i++) {
                assertTrue(vtd.request(REQUEST, 0x1000 | (long) i << 3 | LAST | READ));
            }
            assertFalse(vtd.request(REQUEST, 0x2000 | 1 << 3 | LAST | READ));

            lane.step();
            lane.step();
            assertTrue(vtd.request(REQUEST, 0x3000 | 200 << 3 | LAST | READ), "PRO is cleared");
            lane.step();
            vtd.execute();

            assertEquals(127, vtd.executed().size());
            assertFalse(
                    vtd.executed().stream().anyMatch(hex -> hex.startsWith("0800", 16)),
                    "nobody answers group 1");
        }
    }

    @Test
    void passesOverADescriptorThatIsRefusedAndSaysWhich() {
        vtd.withPageRequests();
        LiveUnit unit = open();
        unit.port().submit(ByteBuffer.allocate(32).put(0, (byte) 0x9));
        unit.port().submit(ByteBuffer.allocate(32).put(0, (byte) 0xf));
        unit.port().submit(ByteBuffer.allocate(32).put(0, (byte) 0x9));
        vtd.execute();
        assertEquals(1, vtd.executed().size());

        unit.queues().get(0).available();
        vtd.execute();

        assertEquals(3, vtd.executed().size());
        assertTrue(messages.get(0).contains("0f00"), messages::toString);
    }

    @Test
    void knowsHowWideItsPasidsAre() {
        assertEquals(0, open().pasidBits());
        vtd.withPasids(15);
        assertEquals(16, open().pasidBits());
        vtd.withPasids(0x1f);
        assertEquals(HardwareUnit.PCIE_PASID_BITS, open().pasidBits());
    }

    @Test
    void knowsWhatPagesItsSecondStageMapsWhereThereIsNoFirst() {
        assertEquals(0x1000, open().pageSizes());
        vtd.withLargePages(1, false);
        assertEquals(0x20_1000, open().pageSizes());
        vtd.withLargePages(3, true);
        assertEquals(0x4020_1000, open().pageSizes());
        vtd.withLargePages(0, true);
        assertEquals(0x1000, open().pageSizes());
    }

    @Test
    void knowsWhatPagesItsFirstStageMaps() {
        vtd.withFirstStage();
        assertEquals(0x20_1000, open().pageSizes());
        vtd.withLargePages(3, false);
        assertEquals(0x20_1000, open().pageSizes());
        vtd.withLargePages(0, true);
        assertEquals(0x4020_1000, open().pageSizes());
    }

    @Test
    void refusesResponsesWhileTheRingIsFull() {
        vtd.withPageRequests();
        LiveUnit unit = open();

        long taken =
                IntStream.range(0, 1000)
                        .filter(i -> unit.port().submit(ByteBuffer.allocate(32).put(0, (byte) 9)))
                        .count();

        assertEquals(511, taken, "four pages, one slot stays free");
        vtd.execute();
        assertTrue(unit.port().submit(ByteBuffer.allocate(32).put(0, (byte) 9)));
    }

    @Test
    void disablesWhatItEnabled() {
        vtd.withPageRequests();
        LiveUnit unit = open();
        assertEquals(Set.of("frcd", "prq"), vtd.listenedTo());
        assertEquals(UnitRegisters.QUEUED_INVALIDATION, vtd.enabled());

        unit.close();

        assertEquals(Set.of(), vtd.listenedTo());
        assertEquals(0, vtd.enabled());
    }

    /** Nobody has a unit then that could be closed. */
    @Test
    void undoesWhatItBeganWhenItCannotBeSetUp() {
        vtd.withPageRequests().set(LiveUnit.PAGES_LOG2, 7);

        Exception e = assertThrows(IllegalArgumentException.class, this::open);

        assertTrue(e.getMessage().contains("not that much memory"), e::getMessage);
        assertEquals(Set.of(), vtd.listenedTo());
        assertEquals(0, vtd.enabled());
    }

    @Test
    void saysWhatIsStuckAndIsLetGoOf() {
        vtd.withPageRequests().stuck();

        Exception e = assertThrows(IllegalStateException.class, this::open);

        assertTrue(e.getMessage().contains("within a second"), e::getMessage);
        assertEquals(Set.of(), vtd.listenedTo());
    }

    @Test
    void endsWhenTheUnitIsGone() {
        vtd.withPageRequests();
        LiveUnit unit = open();
        assertEquals(2, unit.queues().size());

        vtd.die();

        assertTrue(unit.isGone());
        for (RecordQueue queue : unit.queues()) {
            assertEquals(RecordQueue.ENDED, queue.available());
        }
        assertThrows(
                IllegalStateException.class, () -> unit.port().submit(ByteBuffer.allocate(32)));
        unit.close();
    }

    @Test
    void refusesASetting() {
        vtd.set(LiveUnit.PAGES_LOG2, "8");

        Exception e = assertThrows(IllegalArgumentException.class, this::open);

        assertEquals("prq.pages.log2=8 is out of range; allowed are 0 to 7", e.getMessage());
    }
}
