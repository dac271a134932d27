package io.faultline.smmuv3.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.faultline.fault.FaultKind;
import io.faultline.fault.Response;
import io.faultline.handler.FaultHandler;
import io.faultline.handler.Handles;
import io.faultline.handler.Notice;
import io.faultline.handler.Verdict;
import io.faultline.hardware.HardwareUnit;
import io.faultline.hardware.RecordQueue;
import io.faultline.testkit.ManualTicker;
import io.faultline.testkit.SteppedLane;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LiveUnitTest {
    private static final long STALL = 1L << 31;
    private static final long READ = 1L << 35;

    private final List<String> messages = new ArrayList<>();

    private LiveUnit open(FakeSmmu smmu) {
        return new LiveUnit(smmu, new ManualTicker(), messages::add);
    }

    @Test
    void setsItsQueuesUpAndLeavesThemAsTheyWere() {
        FakeSmmu smmu = new FakeSmmu(5).withPri(4);
        smmu.write32(FakeSmmu.CR0, 1);

        LiveUnit unit = open(smmu);

        assertEquals(0xf, smmu.register(FakeSmmu.CR0), "SMMUEN stays");
        assertEquals(7, smmu.register(FakeSmmu.IRQ_CTRL));
        assertEquals(32, unit.queues().get(0).slots());
        assertEquals(16, unit.queues().get(1).slots());

        unit.close();

        assertEquals(1, smmu.register(FakeSmmu.CR0));
        assertEquals(0, smmu.register(FakeSmmu.IRQ_CTRL));
        assertEquals(Set.of(), smmu.listenedTo());
    }

    @Test
    void takesQueuesThatSomebodyElseHasSetUp() {
        FakeSmmu smmu = new FakeSmmu(5).withoutMemory();
        smmu.setUp(QueueLayout.COMMAND, 0x4000_8000L, 3);
        smmu.setUp(QueueLayout.EVENT, 0x4000_0000L, 3);
        smmu.indices(QueueLayout.EVENT, 0xb, 0xb);
        smmu.produce(7);

        RecordQueue queue = open(smmu).queues().get(0);

        assertEquals(8, queue.slots());
        assertEquals(1, queue.available());
        assertEquals(3, queue.first());
    }

    @Test
    void refusesAQueueThatNobodyHasSetUp() {
        FakeSmmu smmu = new FakeSmmu(5).withoutMemory();

        Exception e = assertThrows(IllegalStateException.class, () -> open(smmu));

        assertTrue(e.getMessage().startsWith("cmdq is not enabled"), e::getMessage);
    }

    @ParameterizedTest
    @CsvSource({
        "evtq.log2size, 20, evtq.log2size=20 is out of range; allowed are 0 to 19",
        "cmdq.log2size, x, cmdq.log2size=x is out of range; allowed are 0 to 19",
        "poll.us, -1, poll.us=-1 is out of range; allowed are 0 to 1000000",
        "quirk.full.aborts, yes, quirk.full.aborts=yes; allowed are true and false"
    })
    void refusesASetting(String key, String value, String message) {
        FakeSmmu smmu = new FakeSmmu(5).setting(key, value);

        Exception e = assertThrows(IllegalArgumentException.class, () -> open(smmu));

        assertEquals(message, e.getMessage().replaceAll(" or .*", ""));
    }

    @Test
    void refusesAnSmmuThatIsStuck() {
        FakeSmmu smmu = new FakeSmmu(5).stuck();
        smmu.write32(FakeSmmu.CR0, 1);

        Exception e = assertThrows(IllegalStateException.class, () -> open(smmu));

        assertTrue(e.getMessage().contains("within a second"), e::getMessage);
    }

    @Test
    void knowsHowManyTransactionsCanStall() {
        assertEquals(16, open(new FakeSmmu(5).stalls(16)).stallLimit());
        assertEquals(HardwareUnit.UNKNOWN_LIMIT, open(new FakeSmmu(5)).stallLimit());
    }

    @Test
    void knowsHowWideItsPasidsAreAndWhatPagesItMaps() {
        LiveUnit unit = open(new FakeSmmu(5).pasids(16));
        assertEquals(16, unit.pasidBits());
        assertEquals(0x1_1000, unit.pageSizes());

        assertEquals(0, open(new FakeSmmu(5)).pasidBits(), "no substreams");
        assertEquals(HardwareUnit.PCIE_PASID_BITS, open(new FakeSmmu(5).pasids(31)).pasidBits());
        assertEquals(HardwareUnit.PCIE_PAGE_SIZES, open(new FakeSmmu(5)).pageSizes());
    }

    @Test
    void answersAStallOnceThroughTheCommandRing() {
        FakeSmmu smmu = new FakeSmmu(3);
        FaultHandler handler = (fault, context) -> Verdict.handled(Response.SUCCESS);
        try (SteppedLane lane = lane(handler)) {
            lane.add(open(smmu));

            smmu.produce(QueueLayout.EVENT, 0x10L | 0x38L << 32, STALL | READ | 0x123, 0x5000, 0);
            smmu.produce(QueueLayout.EVENT, 0x10L | 0x39L << 32, STALL | READ | 0x123, 0x6000, 0);
            lane.step();
            smmu.execute();
            lane.step();
            smmu.execute();

            assertEquals(
                    List.of("44100000380000002301000000000000", "44100000390000002301000000000000"),
                    smmu.executed());
        }
    }

    /** Answers that find the ring full are submitted once it has room (R7). */
    @Test
    void answersMoreStallsThanTheCommandRingHolds() {
        FakeSmmu smmu = new FakeSmmu(5);
        try (SteppedLane lane = lane((fault, context) -> Verdict.handled(Response.INVALID))) {
            lane.add(open(smmu));
            for (int tag = 0; tag < 20; tag++) {
                smmu.produce(QueueLayout.EVENT, 0x10L, STALL | tag, 0, 0);
            }

            for (int i = 0; i < 10; i++) {
                lane.step();
                smmu.execute();
            }

            assertEquals(20, smmu.executed().size());
            assertEquals(20, smmu.executed().stream().distinct().count());
        }
    }

    /** R9: what hardware answered while it was in overflow is answered by nobody else. */
    @Test
    void answersNoPartialGroupOfAPriQueueThatOverflowed() {
        FakeSmmu smmu = new FakeSmmu(3).withPri(2);
        List<Notice.Kind> notices = new ArrayList<>();
        FaultHandler handler =
                new FaultHandler() {
                    @Override
                    public Verdict handle(
                            io.faultline.fault.Fault fault,
                            io.faultline.handler.FaultContext context) {
                        return Verdict.handled(Response.SUCCESS);
                    }

                    @Override
                    public void notice(Notice notice) {
                        notices.add(notice.kind());
                    }
                };
        try (SteppedLane lane = lane(handler)) {
            lane.add(open(smmu));
            long last = 1L << 62;
            long read = 1L << 60;
            smmu.produce(QueueLayout.PRI, read | last | 0x38, 0x1001);
            for (int i = 0; i < 3; i++) {
                smmu.produce(QueueLayout.PRI, read | 0x38, 0x1002);
            }
            assertFalse(smmu.produce(QueueLayout.PRI, read | last | 0x38, 0x1002));

            lane.step();
            lane.step();
            assertTrue(smmu.produce(QueueLayout.PRI, read | last | 0x38, 0x1003));
            lane.step();
            smmu.execute();

            assertEquals(
                    List.of("41000000380000000120000000000000", "41000000380000000320000000000000"),
                    smmu.executed());
            assertTrue(notices.contains(Notice.Kind.OVERFLOW), notices::toString);
        }
    }

    private static SteppedLane lane(FaultHandler handler) {
        return new SteppedLane()
                .add(new EventDecoder())
                .add(new PriDecoder())
                .add(new ResponseCommands())
                .add(handler, Map.of(Handles.KINDS, FaultKind.PAGE_REQUEST.word()));
    }

    @Test
    void saysThatItIsGone() {
        FakeSmmu smmu = new FakeSmmu(3);
        LiveUnit unit = open(smmu);
        assertFalse(unit.isGone());

        smmu.die();

        assertTrue(unit.isGone());
        unit.close();
    }
}
