package io.faultline.dispatcher.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.faultline.fault.FaultBits;
import io.faultline.fault.Response;
import io.faultline.handler.Notice;
import io.faultline.handler.Verdict;
import io.faultline.platform.Counts;
import io.faultline.platform.DeviceControl;
import io.faultline.platform.DeviceControl.Result;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** R9: how a PASID, a device or a unit's generation ends. */
class DeviceControlTest {
    private static final Verdict SUCCESS = Verdict.handled(Response.SUCCESS);
    private static final int ALL = DeviceControl.ALL_PASIDS;

    private final Stage stage = new Stage();
    private final DeviceControl control = stage.dispatcher.control();

    @AfterEach
    void countersAddUp() {
        if (!stage.dispatcher.platform().units().isEmpty()) {
            Sums.check(stage.counts());
        }
    }

    // --- flush

    @Test
    void aFlushReadsWhatWasThereAndDiscardsWhatIsPartial() {
        stage.handler("h", 1).says(SUCCESS);
        stage.set("batch.limit", 1);
        stage.unit.page(7, 3, 1, 0x1000, true).page(7, 3, 2, 0x2000, false);

        CompletableFuture<Result> flushed = future(control.flush("unit0", 7, 3, 1000));
        assertFalse(flushed.isDone());
        stage.step();

        assertEquals(new Result(0, 1, 0, 0), flushed.getNow(null));
        assertTrue(flushed.getNow(null).isQuiet());
        assertEquals(List.of("SUCCESS 7/1"), stage.unit.takeAnswers());
        assertEquals(1, stage.counts().discarded());
    }

    @Test
    void aFlushWaitsForTheHandlerThatHasTakenAGroupOver() {
        FakeHandler handler = stage.handler("h", 1).defers();
        stage.unit.page(7, 3, 1, 0x1000, true).page(7, 4, 1, 0x1000, true);
        stage.step();

        CompletableFuture<Result> flushed = future(control.flush("unit0", 7, 3, 1000));
        stage.step();
        assertFalse(flushed.isDone());
        handler.deferrals.get(0).conclude(SUCCESS);
        stage.step();

        assertEquals(new Result(0, 0, 0, 0), flushed.getNow(null));
        assertEquals(List.of("SUCCESS 7/1"), stage.unit.takeAnswers());
        assertEquals(1, stage.counts().pending());
    }

    @Test
    void atTheLimitAFlushAnswersInvalidAndStillWaitsUntilTheHandlerLetsGo() {
        FakeHandler handler = stage.handler("h", 1).defers();
        stage.unit.page(7, 3, 1, 0x1000, true);
        stage.step();

        CompletableFuture<Result> flushed = future(control.flush("unit0", 7, 3, 100));
        stage.step();
        stage.step(100);
        assertEquals(List.of("INVALID 7/1"), stage.unit.takeAnswers());
        assertTrue(handler.deferrals.get(0).cancelled());
        assertEquals(Notice.Kind.GROUP_EXPIRED, handler.notices.get(0).kind());
        stage.step(100);
        assertFalse(flushed.isDone());

        assertFalse(handler.deferrals.get(0).conclude(SUCCESS));
        stage.step();

        assertEquals(new Result(1, 0, 0, 0), flushed.getNow(null));
        assertEquals(1, stage.view().refused());
    }

    @Test
    void aHandlerThatNeverLetsGoIsGivenUpAndSaid() {
        stage.handler("h", 1).defers();
        stage.unit.page(7, 3, 1, 0x1000, true);
        stage.step();

        CompletableFuture<Result> flushed = future(control.flush("unit0", 7, ALL, 0));
        stage.step();
        stage.step(1499);
        assertFalse(flushed.isDone());
        stage.step(2);

        assertEquals(new Result(1, 0, 1, 0), flushed.getNow(null));
        assertFalse(flushed.getNow(null).isQuiet());
    }

    @Test
    void aFlushWaitsForWhoWasStillAtWorkWhenTheDeadlineHadPassed() {
        FakeHandler handler = stage.handler("h", 1).defers();
        stage.unit.page(7, 3, 1, 0x1000, true);
        stage.step();
        stage.step(10_000);
        assertEquals(List.of("INVALID 7/1"), stage.unit.takeAnswers());

        CompletableFuture<Result> flushed = future(control.flush("unit0", 7, 3, 1000));
        stage.step();
        assertFalse(flushed.isDone());
        handler.deferrals.get(0).conclude(Verdict.PASSED);
        stage.step();

        assertEquals(new Result(0, 0, 0, 0), flushed.getNow(null));
        assertEquals(0, stage.view().refused());
    }

    @Test
    void aFlushSaysWhatItCouldNotRead() {
        stage.dispatcher.removeDecoder(1);
        stage.unit.page(7, 3, 1, 0x1000, true);

        CompletableFuture<Result> flushed = future(control.flush("unit0", 7, 3, 100));
        stage.step();
        stage.step(100);

        assertEquals(new Result(0, 0, 0, 1), flushed.getNow(null));
    }

    @Test
    void aFlushEndsWithItsUnit() {
        stage.handler("h", 1).defers();
        stage.unit.page(7, 3, 1, 0x1000, true);
        stage.step();
        CompletableFuture<Result> flushed = future(control.flush("unit0", 7, 3, 60_000));

        stage.dispatcher.removeUnit(stage.unit, Response.SUCCESS);

        assertTrue(flushed.isDone());
        assertEquals(List.of("SUCCESS 7/1"), stage.unit.takeAnswers());
    }

    @Test
    void namesTheUnitsThatThereAre() {
        IllegalArgumentException e =
                assertThrows(
                        IllegalArgumentException.class, () -> control.flush("unit1", 7, 3, 100));
        assertEquals("unit=unit1: allowed are [unit0]", e.getMessage());
        assertThrows(IllegalArgumentException.class, () -> control.flush("unit0", 7, -3, 100));
        assertThrows(IllegalArgumentException.class, () -> control.flush("unit0", 7, 3, -1));
    }

    // --- removal

    @Test
    void aDeviceThatIsRemovedGetsNoAnswers() {
        FakeHandler handler = stage.handler("h", 1).defers();
        stage.unit.page(7, 3, 1, 0x1000, true).page(7, 4, 2, 0x1000, false);
        stage.unit.page(8, 3, 1, 0x1000, true);
        stage.step();

        CompletableFuture<Result> removed = future(control.remove("unit0", 7));
        stage.step();
        assertFalse(removed.isDone());
        assertFalse(handler.deferrals.get(0).conclude(SUCCESS));
        handler.deferrals.get(1).conclude(SUCCESS);
        stage.step();

        assertEquals(new Result(1, 1, 0, 0), removed.getNow(null));
        assertEquals(List.of("SUCCESS 8/1"), stage.unit.takeAnswers());
        assertEquals(1, stage.counts().withdrawn());
        assertEquals(
                List.of(Notice.Kind.GROUP_WITHDRAWN, Notice.Kind.DEVICE_REMOVED),
                handler.notices.stream().map(Notice::kind).toList());
        assertEquals(7, handler.notices.get(1).requester());
    }

    // --- block, unblock, fail

    @Test
    void handlersAreNotAskedAboutADeviceThatIsBlocked() {
        FakeHandler handler = stage.handler("h", 1).says(SUCCESS);
        stage.dispatcher.addHandler(
                new FakeHandler("u").says(Verdict.HANDLED),
                Source.named("u", 50),
                FakeHandler.properties(2, "unrecoverable"));
        control.block("unit0", 7);

        stage.unit.page(7, 3, 1, 0x1000, true).stall(7, 9, 0x1000).unrecoverable(7, 0x1000);
        stage.unit.page(8, 3, 1, 0x1000, true);
        stage.step();

        assertEquals(1, handler.seen.size());
        assertEquals(
                List.of("INVALID 7/1", "INVALID 7/9", "SUCCESS 8/1"), stage.unit.takeAnswers());
        assertEquals(3, stage.counts().shed());
        assertEquals(
                List.of(
                        "unit0: handlers are not asked about device 0x7, its page requests are"
                                + " answered INVALID; `faultline:unblock unit0 0x7` ends that"),
                stage.dispatcher.platform().health());

        control.unblock("unit0", 7);
        stage.unit.page(7, 3, 1, 0x1000, true);
        stage.step();
        assertEquals(List.of("SUCCESS 7/1"), stage.unit.takeAnswers());
        assertEquals(List.of(), stage.dispatcher.platform().health());
    }

    @Test
    void failureConcernsAllFunctionsOfAPhysicalOne() {
        stage.unit.physicalFunction = requester -> requester & ~7;
        FakeHandler handler = stage.handler("h", 1).defers();
        stage.unit.page(8, 3, 1, 0x1000, true).page(9, 3, 2, 0x1000, true);
        stage.unit.page(16, 3, 3, 0x1000, true).stall(9, 4, 0x1000);
        stage.step();

        CompletableFuture<Result> failed = future(control.fail("unit0", 8));
        stage.unit.page(10, 3, 5, 0x1000, true);
        stage.step();

        assertEquals(3, failed.getNow(null).ended());
        assertEquals(
                List.of("FAILURE 10/5", "FAILURE 8/1", "FAILURE 9/2", "INVALID 9/4"),
                stage.unit.takeAnswers().stream().sorted().toList());
        assertFalse(handler.deferrals.get(2).cancelled());

        control.unblock("unit0", 8);
        stage.unit.page(10, 3, 6, 0x1000, true);
        stage.step();
        assertEquals(5, handler.seen.size());
    }

    // --- resets

    @Test
    void aResetWithdrawsWhatWaitsAndBeginsANewGeneration() {
        FakeHandler handler = stage.handler("h", 1).defers();
        stage.unit.page(7, 3, 1, 0x1000, true).page(7, 3, 2, 0x2000, false);
        stage.step();

        stage.unit.generation++;
        stage.unit.page(7, 3, 1, 0x1000, true);
        stage.step();

        assertFalse(handler.deferrals.get(0).conclude(SUCCESS));
        assertTrue(handler.deferrals.get(1).conclude(SUCCESS));
        stage.step();
        assertEquals(List.of("SUCCESS 7/1"), stage.unit.takeAnswers());
        assertEquals(2, handler.seen.get(1).origin().generation());
        assertEquals(2, stage.view().generation());
        assertEquals(
                List.of(Notice.Kind.GROUP_WITHDRAWN, Notice.Kind.UNIT_RESET),
                handler.notices.stream().map(Notice::kind).toList());
        assertEquals(1, handler.notices.get(1).count());
        Counts counts = stage.counts();
        assertEquals(1, counts.withdrawn());
        assertEquals(1, counts.discarded());
    }

    @Test
    void aResetInsideABatchLetsNoAnswerOut() {
        stage.handler("h", 1)
                .does(
                        (fault, context) -> {
                            stage.unit.generation++;
                            return SUCCESS;
                        });
        stage.unit.page(7, 3, 1, 0x1000, true);
        stage.step();

        assertEquals(List.of(), stage.unit.takeAnswers());
        assertEquals(1, stage.counts().undeliverable());
    }

    @Test
    void anAnswerThatWaitsForRoomIsNotSentAfterAReset() {
        stage.handler("h", 1).says(SUCCESS);
        stage.unit.full = true;
        stage.unit.page(7, 3, 1, 0x1000, true);
        stage.step();

        stage.unit.generation++;
        stage.unit.full = false;
        stage.step();

        assertEquals(List.of(), stage.unit.takeAnswers());
        assertEquals(1, stage.counts().undeliverable());
    }

    @Test
    void aUnitThatIsGoneIsNotAnswered() {
        FakeHandler handler = stage.handler("h", 1).defers();
        stage.unit.page(7, 3, 1, 0x1000, true);
        stage.step();

        stage.unit.gone = true;
        stage.step();
        assertTrue(handler.deferrals.get(0).cancelled());
        assertEquals(1, stage.counts().withdrawn());

        stage.dispatcher.removeUnit(stage.unit, Response.SUCCESS);
        assertEquals(List.of(), stage.unit.takeAnswers());
        assertEquals(
                1, handler.notices.stream().filter(n -> n.kind() == Notice.Kind.UNIT_GONE).count());
    }

    @Test
    void aHintThatWasTakenOverIsWithdrawnToo() {
        FakeHandler handler = stage.handler("h", 1).defers();
        stage.unit.write(FakeUnit.Say.HINT, 7, 3, 0, FaultBits.READ, 0x1000);
        stage.step();

        stage.unit.generation++;
        stage.step();

        assertTrue(handler.deferrals.get(0).cancelled());
        assertEquals(0, stage.counts().pending());
    }

    private static CompletableFuture<Result> future(CompletionStage<Result> stage) {
        return stage.toCompletableFuture();
    }
}
