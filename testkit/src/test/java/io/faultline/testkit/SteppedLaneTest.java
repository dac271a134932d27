package io.faultline.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.faultline.fault.Access;
import io.faultline.fault.Fault;
import io.faultline.fault.FaultBits;
import io.faultline.fault.Faults;
import io.faultline.fault.PageRequestGroup;
import io.faultline.fault.Reason;
import io.faultline.fault.Response;
import io.faultline.fault.StopMarker;
import io.faultline.fault.TimeBase;
import io.faultline.fault.UnrecoverableFault;
import io.faultline.handler.FaultContext;
import io.faultline.handler.FaultHandler;
import io.faultline.handler.Handles;
import io.faultline.handler.Notice;
import io.faultline.handler.Verdict;
import io.faultline.hardware.Decodes;
import io.faultline.hardware.FaultSink;
import io.faultline.hardware.KeySink;
import io.faultline.hardware.RecordDecoder;
import io.faultline.queue.FaultTap;
import io.faultline.queue.Outcome;
import io.faultline.queue.TapBatch;
import io.faultline.queue.Taps;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SteppedLaneTest {
    private static final Map<String, ?> REQUESTS = Map.of(Handles.KINDS, "page_request");

    private final SteppedLane lane = new SteppedLane();
    private final FaultBuilder fault = new FaultBuilder();

    @AfterEach
    void close() {
        lane.close();
    }

    /** Annotated as a component is. */
    @Handles(kinds = "unrecoverable", requesters = "01:00.0", observed = true)
    private static final class Swallower implements FaultHandler {
        @Override
        public Verdict handle(Fault fault, FaultContext context) {
            return Verdict.HANDLED;
        }
    }

    @Test
    void offersAFaultToAHandlerByItsAnnotation() {
        lane.add(new Swallower());

        assertEquals(Outcome.HANDLED, lane.offer(fault.unrecoverable(Reason.NOT_PRESENT)));
        fault.observed();
        assertEquals(Outcome.HANDLED, lane.offer(fault.unrecoverable(Reason.NOT_PRESENT)));
        fault.requester(0x101);
        assertEquals(Outcome.OBSERVED, lane.offer(fault.unrecoverable(Reason.NOT_PRESENT)));
    }

    @Test
    void asksForPropertiesWhereThereIsNoAnnotation() {
        Exception refusal =
                assertThrows(
                        IllegalArgumentException.class, () -> lane.add(new RecordingHandler()));

        assertTrue(refusal.getMessage().contains("@Handles"), refusal::getMessage);
    }

    @Test
    void refusesWhatThePlatformWouldRefuse() {
        Map<String, ?> wrong = Map.of(Handles.KINDS, "everything");

        Exception refusal =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> lane.add(new RecordingHandler(), wrong));

        assertTrue(refusal.getMessage().contains("everything"), refusal::getMessage);
    }

    @Test
    void asksTheHigherRankingFirstAndTellsTheNextWhyItFailed() {
        RecordingHandler low = new RecordingHandler(Verdict.handled(Response.SUCCESS));
        RecordingHandler high = new RecordingHandler(Verdict.failed("no memory"));
        lane.add(low, REQUESTS);
        lane.add(high, Map.of(Handles.KINDS, "page_request", "service.ranking", 5));

        assertEquals(Outcome.HANDLED, lane.offer(fault.pageRequests(3)));

        assertEquals("no memory", low.failures().get(0).get(0).reason());
        assertEquals(List.of(Response.SUCCESS), lane.responses());
        assertEquals(List.of(1L), high.batches());
    }

    @Test
    void saysWhatBecomesOfAFaultThatNobodyWants() {
        assertEquals(Outcome.UNHANDLED, lane.offer(fault.unrecoverable(Reason.PERMISSION)));
        assertEquals(Outcome.UNHANDLED, lane.offer(fault.pageRequests(1)));

        assertEquals(List.of(Response.INVALID), lane.responses());
        assertTrue(
                lane.messages().get(0).startsWith("unhandled: test0"),
                () -> lane.messages().toString());
    }

    @Test
    void bringsAllRequestsOfAGroup() {
        RecordingHandler handler = new RecordingHandler(Verdict.handled(Response.SUCCESS));
        lane.add(handler, REQUESTS);

        lane.offer(
                fault.request(0x5000, Access.WRITE).request(0x6000, Access.READ).pageRequests(9));

        PageRequestGroup group = (PageRequestGroup) handler.faults().get(0);
        assertEquals(3, group.size());
        assertEquals(0x5000, group.iova(0));
        assertEquals(Access.WRITE, group.access(0));
        assertEquals(Access.READ, group.access(1));
        assertEquals(0x1000, group.iova(2));
    }

    @Test
    void answersAGroupWhenItsDeferralIsConcluded() {
        RecordingHandler handler = new RecordingHandler(Verdict.DEFERRED);
        lane.add(handler, REQUESTS);

        assertEquals(Outcome.DEFERRED, lane.offer(fault.pageRequests(1)));
        assertEquals(List.of(), lane.responses());
        assertTrue(handler.deferrals().get(0).conclude(Verdict.handled(Response.SUCCESS)));
        lane.step();

        assertEquals(List.of(Response.SUCCESS), lane.responses());
    }

    @Test
    void answersByItselfWhenTheDeadlineIsOver() {
        RecordingHandler handler = new RecordingHandler(Verdict.DEFERRED);
        lane.add(handler, REQUESTS);
        lane.offer(fault.pageRequests(1));

        lane.advance(Duration.ofMillis(9_999));
        assertEquals(List.of(), lane.responses());
        lane.advance(Duration.ofMillis(1));

        assertEquals(List.of(Response.INVALID), lane.responses());
        assertTrue(handler.deferrals().get(0).cancelled());
        assertEquals(Notice.Kind.GROUP_EXPIRED, handler.notices().get(0).kind());
    }

    @Test
    void handsOnWhatALeaverHadTakenOver() {
        RecordingHandler leaver = new RecordingHandler(Verdict.DEFERRED);
        RecordingHandler next = new RecordingHandler(Verdict.handled(Response.SUCCESS));
        lane.add(leaver, REQUESTS).add(next, REQUESTS);
        lane.offer(fault.pageRequests(1));

        lane.remove(leaver);

        assertEquals(1, next.faults().size());
        assertEquals(List.of(Response.SUCCESS), lane.responses());
        assertThrows(IllegalArgumentException.class, () -> lane.remove(leaver));
    }

    @Test
    void answersWhatIsOutstandingWhenItCloses() {
        lane.add(new RecordingHandler(Verdict.DEFERRED), REQUESTS);
        lane.offer(fault.pageRequests(1));

        lane.close();

        assertEquals(List.of(Response.INVALID), lane.responses());
    }

    @Test
    void heedsSettings() {
        RecordingHandler handler = new RecordingHandler(Verdict.handled(Response.SUCCESS));
        lane.configure(Map.of("batch.limit", 1)).add(handler, REQUESTS);

        lane.offer(fault.request(0x5000, Access.READ).pageRequests(1));

        assertEquals(List.of(2L), handler.batches());
    }

    @Test
    void keepsOfAnObservedFaultWhatTheLogSays() {
        RecordingHandler handler = new RecordingHandler(Verdict.HANDLED);
        lane.add(handler, Map.of(Handles.KINDS, "unrecoverable", Handles.OBSERVED, true));
        fault.observed().device("0000:01:00.0").time(77, TimeBase.EPOCH).sequence(5).raw(1, 2);

        lane.offer(fault.unrecoverable(Reason.PERMISSION));

        Fault seen = handler.faults().get(0);
        assertTrue(seen.observed());
        assertEquals("0000:01:00.0", seen.deviceName());
        assertEquals(77, seen.time());
        assertEquals(TimeBase.EPOCH, seen.timeBase());
        assertEquals(5, seen.sequence());
        assertEquals(2, seen.raw(1));
    }

    static Stream<Fault> everyKind() {
        FaultBuilder of =
                new FaultBuilder()
                        .unit("smmuv3", "smmu0")
                        .queue("evtq")
                        .code(0x10)
                        .pasid(7)
                        .stage(1)
                        .raw(1, 2, 3, 4);
        return Stream.of(
                of.ipa(0x7000).unrecoverable(Reason.PERMISSION),
                of.fetchAddress(0x40).unrecoverable(Reason.TABLE_FETCH),
                of.stopMarker(4),
                of.ipa(0x7000).stall(Reason.NOT_PRESENT, 0xffff),
                of.hint(8192),
                of.with(FaultBits.ANSWER_WITH_PASID).pageRequests(511));
    }

    @ParameterizedTest
    @MethodSource("everyKind")
    void showsAHandlerTheFaultThatWasBuilt(Fault built) {
        lane.add(new RecordingHandler(), Map.of(Handles.KINDS, built.kind().word()));

        lane.offer(built);

        Fault offered = lane.seen().get(0).fault();
        assertEquals(built.unit(), offered.unit());
        assertEquals(built.kind(), offered.kind());
        assertEquals(built.reason(), offered.reason());
        if (!(built instanceof PageRequestGroup || built instanceof StopMarker)) {
            assertEquals(built.code(), offered.code());
        }
        assertEquals(built.attributes(), offered.attributes());
        assertEquals(built.pasid(), offered.pasid());
        assertEquals(built.iova(), offered.iova());
        assertEquals(4, offered.raw(3));
        if (built instanceof UnrecoverableFault fault) {
            assertEquals(fault.ipa(), ((UnrecoverableFault) offered).ipa());
            assertEquals(fault.fetchAddress(), ((UnrecoverableFault) offered).fetchAddress());
        }
    }

    @Test
    void countsAsThePlatformDoes() {
        lane.add(new RecordingHandler(Verdict.HANDLED), Map.of(Handles.KINDS, "unrecoverable"));

        lane.offer(fault.unrecoverable(Reason.PERMISSION));

        assertEquals(1, lane.platform().units().get(0).counts().handled());
        assertEquals(1, lane.platform().handlers().get(0).handled());
    }

    @Test
    void waitsWhileThePortIsFull() {
        lane.add(new RecordingHandler(Verdict.handled(Response.SUCCESS)), REQUESTS);
        lane.port().room(0);
        lane.offer(fault.pageRequests(1));
        assertEquals(List.of(), lane.responses());

        lane.port().room(1);
        lane.step();

        assertEquals(List.of(Response.SUCCESS), lane.responses());
    }

    /** A tap's author tests it the same way. */
    @Taps(kinds = "unrecoverable", capacity = 3)
    private static final class Counting implements FaultTap {
        int faults;

        @Override
        public void consume(TapBatch batch) {
            faults += batch.size();
        }
    }

    @Test
    void showsTapsWhatCame() {
        Counting tap = new Counting();
        lane.add(tap);

        lane.offer(fault.unrecoverable(Reason.PERMISSION));
        lane.offer(fault.pageRequests(1));

        assertEquals(1, tap.faults);
    }

    /** A decoder for records that never come. */
    @Decodes(arch = "real", queue = "log")
    private static final class RealQueue implements RecordDecoder {
        @Override
        public int recordBytes() {
            return 16;
        }

        @Override
        public void decode(ByteBuffer queue, int at, FaultSink out) {
            out.notWritten();
        }

        @Override
        public void describe(Fault fault, KeySink keys) {}
    }

    @Test
    void doesNotMixBuiltFaultsWithTheRecordsOfARealQueue() {
        lane.add(new RealQueue());
        fault.unit("real", "unit0").queue("log");

        assertThrows(IllegalArgumentException.class, () -> lane.offer(fault.pageRequests(1)));
    }

    @Test
    void knowsOfNoOutcomeWhileAGroupIsPartial() {
        PageRequestGroup partial =
                Faults.group(
                        Decoded.origin("test", "test"),
                        null,
                        0,
                        1,
                        0,
                        Reason.UNKNOWN,
                        -1,
                        FaultBits.HAS_REQUESTER | FaultBits.READ,
                        8,
                        Fault.NO_PASID,
                        5,
                        0x1000,
                        0,
                        0,
                        0,
                        0,
                        0,
                        null);
        assertFalse(partial.complete());

        assertNull(lane.offer(partial));

        assertEquals(List.of(), lane.seen());
    }

    @Test
    void refusesAnObservedGroupOfSeveral() {
        fault.observed().request(0x5000, Access.READ);

        assertThrows(IllegalArgumentException.class, () -> lane.offer(fault.pageRequests(1)));
    }
}
