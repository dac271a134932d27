package io.faultline.dispatcher.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.faultline.fault.Fault;
import io.faultline.fault.Response;
import io.faultline.handler.Handles;
import io.faultline.handler.Verdict;
import io.faultline.platform.HandlerView;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** R6, handover: the groups of a handler that leaves wait for its successor. */
class HandoverTest {
    private static final Verdict SUCCESS = Verdict.handled(Response.SUCCESS);

    private final Stage stage = new Stage();
    private final FakeHandler before = stage.handler("before", 10);
    private final FakeHandler after =
            stage.handler("after", 0).says(Verdict.handled(Response.FAILURE));

    private FakeHandler pager(int ranking, Object handoverMillis) {
        Map<String, Object> properties = FakeHandler.properties(ranking, "page_request", "hint");
        properties.put(Handles.HANDOVER_MS, handoverMillis);
        return stage.handler("pager", properties);
    }

    private void pages(int... indices) {
        for (int index : indices) {
            stage.unit.page(7, 1, index, 0x1000L * index, true);
        }
        stage.step();
    }

    private static List<Long> pagesOf(FakeHandler handler) {
        return handler.seen.stream().map(Fault::iova).map(a -> a / 0x1000).toList();
    }

    @Test
    void givesTheSuccessorWhatTheLeaverHadAndWhatCameSinceInOrder() {
        FakeHandler leaver = pager(5, 1000).defers();
        pages(1, 2);

        stage.remove(leaver);
        pages(3, 4);
        assertEquals(List.of(), stage.unit.takeAnswers());
        assertEquals(4, stage.counts().pending());
        FakeHandler successor = pager(5, 1000).says(SUCCESS);
        pages(5);

        assertEquals(List.of(1L, 2L, 3L, 4L, 5L), pagesOf(successor));
        assertEquals(
                List.of("SUCCESS 7/1", "SUCCESS 7/2", "SUCCESS 7/3", "SUCCESS 7/4", "SUCCESS 7/5"),
                stage.unit.takeAnswers());
        assertEquals(List.of(1L, 2L, 3L, 4L, 5L), pagesOf(before));
        assertEquals(List.of(), after.seen);
        Sums.check(stage.counts());
    }

    /** A lane that sleeps is not waited for: the leaver may let go before the lane has seen it. */
    @Test
    void givesTheSuccessorWhatTheLeaverLetsGoOfBeforeTheLaneLooks() {
        FakeHandler leaver = pager(5, 1000).defers();
        pages(1, 2);

        stage.remove(leaver);
        leaver.deferrals.forEach(deferral -> assertTrue(deferral.conclude(Verdict.PASSED)));
        stage.step();
        assertEquals(List.of(), stage.unit.takeAnswers());
        assertEquals(2, stage.counts().pending());
        FakeHandler successor = pager(5, 1000).says(SUCCESS);
        stage.step();

        assertEquals(List.of(1L, 2L), pagesOf(successor));
        assertEquals(List.of("SUCCESS 7/1", "SUCCESS 7/2"), stage.unit.takeAnswers());
        assertEquals(List.of(), after.seen);
        Sums.check(stage.counts());
    }

    /** The lane sees the successor and the reset at the same moment (R9). */
    @Test
    void withdrawsWhatIsStillToBeOfferedToTheSuccessorWhenTheUnitIsReset() {
        FakeHandler leaver = pager(5, 1000).defers();
        pages(1, 2);
        stage.remove(leaver);
        FakeHandler successor = pager(5, 1000).says(SUCCESS);

        stage.unit.generation++;
        stage.step();

        assertEquals(List.of(), pagesOf(successor));
        assertEquals(2, stage.counts().withdrawn());
        assertEquals(0, stage.counts().undeliverable());
        assertEquals(List.of(), stage.unit.takeAnswers());
        pages(1); // its key is free
        assertEquals(List.of(1L), pagesOf(successor));
        assertEquals(List.of("SUCCESS 7/1"), stage.unit.takeAnswers());
        Sums.check(stage.counts());
    }

    @Test
    void asksASuccessorFirstForWhatTheLeaverLetsGoOf() {
        FakeHandler leaver = pager(5, 1000).defers();
        pages(1);

        stage.remove(leaver);
        FakeHandler newer = stage.handler("newer", 8);
        FakeHandler successor = pager(-5, 0).says(SUCCESS);
        assertTrue(leaver.deferrals.get(0).conclude(Verdict.PASSED));
        stage.step();

        assertEquals(List.of(1L), pagesOf(successor));
        assertEquals(List.of(), newer.seen);
        assertEquals(List.of("SUCCESS 7/1"), stage.unit.takeAnswers());
    }

    /** What a leaver let go of itself waits in the table too until its turn comes. */
    @Test
    void withdrawsWhatTheLeaverLetGoOfBeforeItIsOfferedAgain() {
        stage.set("batch.limit", 2);
        FakeHandler leaver = pager(5, 1000).defers();
        pages(1, 2, 3, 4);
        stage.remove(leaver);
        FakeHandler successor = pager(5, 1000).says(SUCCESS);
        leaver.deferrals.forEach(deferral -> deferral.conclude(Verdict.PASSED));
        oneStep();
        oneStep();
        assertEquals(List.of(1L, 2L), pagesOf(successor));
        stage.unit.takeAnswers();

        stage.unit.generation++;
        stage.step();

        assertEquals(List.of(1L, 2L), pagesOf(successor));
        assertEquals(2, stage.counts().withdrawn());
        assertEquals(0, stage.counts().undeliverable());
        assertEquals(List.of(), stage.unit.takeAnswers());
        Sums.check(stage.counts());
    }

    /** One step of the lane, not as many as it takes. */
    private int oneStep() {
        return stage.dispatcher.lanes().get(0).stepByHand();
    }

    /** A successor that has as much to be offered as two batches, and one group that is new. */
    private FakeHandler successorOfTwoBatches() {
        stage.set("batch.limit", 4);
        stage.remove(pager(5, 1000).defers());
        pages(1, 2, 3, 4, 5, 6, 7, 8);
        FakeHandler successor = pager(5, 1000).says(SUCCESS);
        stage.unit.page(7, 1, 9, 0x9000, true);
        return successor;
    }

    @Test
    void holdsALaneUpNoLongerThanABatchDoes() {
        FakeHandler successor = successorOfTwoBatches();

        oneStep();
        assertEquals(List.of(1L, 2L, 3L, 4L), pagesOf(successor));
        assertEquals(4, stage.unit.takeAnswers().size());
        assertEquals(4, stage.counts().pending());
        oneStep();
        assertEquals(List.of(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L), pagesOf(successor));
        Sums.check(stage.counts());
    }

    @Test
    void withdrawsWhatIsStillToBeOfferedAgain() {
        FakeHandler successor = successorOfTwoBatches();
        oneStep();
        stage.unit.takeAnswers();

        stage.unit.generation++;
        stage.step();

        assertEquals(4, stage.counts().withdrawn());
        assertEquals(List.of(1L, 2L, 3L, 4L, 9L), pagesOf(successor));
        assertEquals(List.of("SUCCESS 7/9"), stage.unit.takeAnswers());
        assertEquals(0, stage.counts().undeliverable());
        Sums.check(stage.counts());
    }

    @Test
    void answersAtTheDeadlineWhatIsStillToBeOfferedAgain() {
        stage.set("response.deadline.ms", 500);
        FakeHandler successor = successorOfTwoBatches();

        oneStep();
        stage.unit.takeAnswers();
        // the deadline passes with three more to be offered: a step looks last at what is due
        stage.set("batch.limit", 1);
        stage.moveOn(500);
        oneStep();

        assertEquals(3, stage.counts().expired());
        assertEquals(
                List.of("INVALID 7/6", "INVALID 7/7", "INVALID 7/8", "SUCCESS 7/5"),
                stage.unit.takeAnswers().stream().sorted().toList());
        assertEquals(List.of(1L, 2L, 3L, 4L, 5L), pagesOf(successor));
        stage.step();
        assertEquals(0, stage.counts().pending());
        Sums.check(stage.counts());
    }

    @Test
    void offersWhatIsReadInTheMiddleOfABatchAfterWhatWasLeft() {
        stage.set("batch.limit", 4);
        FakeHandler leaver = pager(5, 1000).defers();
        FakeHandler[] successor = new FakeHandler[1];
        before.does(
                (fault, context) -> {
                    if (fault.iova() == 0x8000) { // a batch's second fault: it comes back meanwhile
                        successor[0] = pager(5, 1000).says(SUCCESS);
                    }
                    return Verdict.PASSED;
                });
        pages(1, 2, 3, 4, 5);
        stage.remove(leaver);

        pages(6, 7, 8, 9, 10, 11);

        assertEquals(List.of(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L, 11L), pagesOf(successor[0]));
        assertEquals(11, stage.unit.takeAnswers().size());
        Sums.check(stage.counts());
    }

    /** Who comes after a record was given back to the hardware is not asked about it first. */
    @Test
    void readsNothingThatWouldHaveToWaitForWhatWasLeft() {
        stage.set("batch.limit", 4);
        FakeHandler leaver = pager(5, 1000).defers();
        before.does(
                (fault, context) -> {
                    if (fault.iova() == 0x3000) {
                        pager(5, 1000).says(SUCCESS);
                    }
                    return Verdict.PASSED;
                });
        pages(1, 2);
        stage.remove(leaver);
        for (int index = 3; index <= 6; index++) {
            stage.unit.page(7, 1, index, 0x1000L * index, true);
        }
        oneStep();
        FakeHandler late = stage.handler("late", 20);
        assertEquals(3, stage.unit.ring.consumedSoFar());

        stage.step();

        assertEquals(List.of(4L, 5L, 6L), pagesOf(late));
        assertEquals(6, stage.unit.takeAnswers().size());
        Sums.check(stage.counts());
    }

    /** New code is slow at first: what waits behind it for the lane shall not wait long. */
    @Test
    void takesLittleOnInAStepWhileAHandlerIsNew() {
        pager(5, 1000).says(SUCCESS);
        before.does(
                (fault, context) -> {
                    stage.passNanos(Pace.SETTLING_STEP_NANOS / 2);
                    if (fault.iova() == 0x1000 * 20) {
                        stage.handler("new", 20);
                    }
                    return Verdict.PASSED;
                });
        for (int index = 1; index <= 100; index++) {
            stage.unit.page(7, 1, index, 0x1000L * index, true);
        }

        oneStep(); // the pager is new
        assertEquals(2, stage.unit.ring.consumedSoFar());
        oneStep();
        assertEquals(4, stage.unit.ring.consumedSoFar());
        stage.moveOn(Pace.SETTLING_NANOS / 1_000_000);
        oneStep(); // a full one, but for the handler that comes: the next record is its first
        assertEquals(21, stage.unit.ring.consumedSoFar());
        oneStep();
        assertEquals(23, stage.unit.ring.consumedSoFar());
    }

    @Test
    void asksTheSuccessorFirstAtWhateverRanking() {
        FakeHandler leaver = pager(5, 1000).defers();
        pages(1);
        stage.remove(leaver);
        FakeHandler newer = stage.handler("newer", 8);

        FakeHandler successor = pager(-5, 0).says(Verdict.PASSED);
        stage.step();

        assertEquals(List.of(1L), pagesOf(successor));
        assertEquals(List.of(1L), pagesOf(newer));
        assertEquals(List.of(1L), pagesOf(after));
        assertEquals(List.of("FAILURE 7/1"), stage.unit.takeAnswers());
        pages(2);
        assertEquals(List.of(1L), pagesOf(successor));
    }

    @Test
    void goesOnToTheOthersWhenNoSuccessorComes() {
        FakeHandler leaver = pager(5, 1000).defers();
        pages(1);
        stage.remove(leaver);
        pages(2);

        stage.step(999);
        assertEquals(List.of(), after.seen);
        stage.step(1);
        stage.step();

        assertEquals(List.of(1L, 2L), pagesOf(after));
        assertEquals(List.of("FAILURE 7/1", "FAILURE 7/2"), stage.unit.takeAnswers());
        assertTrue(
                stage.messages.stream()
                        .anyMatch(m -> m.contains("no successor of pager has come")));
        pages(3);
        assertEquals(List.of(1L, 2L, 3L), pagesOf(after));
        Sums.check(stage.counts());
    }

    @Test
    void letsOnlyPageRequestGroupsWait() {
        FakeHandler leaver = pager(5, 1000).defers();
        stage.unit.write(FakeUnit.Say.HINT, 7, 1, 0, 0, 0x5000);
        stage.step();
        assertEquals(1, leaver.deferrals.size());

        stage.remove(leaver);
        stage.unit.write(FakeUnit.Say.HINT, 7, 1, 0, 0, 0x6000);
        stage.step();

        assertEquals(List.of(5L, 6L), pagesOf(after));
        assertEquals(0, stage.counts().pending());
    }

    @Test
    void refusesWhatTheLeaverConcludesTooLate() {
        FakeHandler leaver = pager(5, 1000).defers();
        pages(1, 2);

        assertTrue(leaver.deferrals.get(0).conclude(SUCCESS));
        stage.remove(leaver);
        stage.step();

        assertFalse(leaver.deferrals.get(1).conclude(SUCCESS));
        FakeHandler successor = pager(5, 0).says(SUCCESS);
        stage.step();
        assertEquals(List.of(2L), pagesOf(successor));
        assertEquals(List.of("SUCCESS 7/1", "SUCCESS 7/2"), stage.unit.takeAnswers());
    }

    @Test
    void answersAtTheDeadlineWhateverIsWaitedFor() {
        stage.set("response.deadline.ms", 500);
        FakeHandler leaver = pager(5, 60_000).defers();
        pages(1);
        stage.remove(leaver);
        pages(2);

        stage.step(500);

        assertEquals(List.of("INVALID 7/1", "INVALID 7/2"), stage.unit.takeAnswers());
        assertEquals(2, stage.counts().expired());
    }

    @Test
    void keepsThePlaceWithinThePendingLimits() {
        stage.set("pending.limit.device", 2);
        stage.remove(pager(5, 1000).defers());

        pages(1, 2, 3);

        assertEquals(2, stage.counts().pending());
        assertEquals(1, stage.counts().shed());
    }

    @Test
    void surviesManySuccessions() {
        List<FakeHandler> pagers = new ArrayList<>();
        pagers.add(pager(5, 1000).defers());
        for (int i = 0; i < 20; i++) {
            pages(i);
            stage.remove(pagers.get(i));
            pagers.add(pager(5, 1000).defers());
        }
        stage.step();

        assertEquals(20, pagers.get(20).seen.size());
        pagers.get(20).deferrals.forEach(deferral -> deferral.conclude(SUCCESS));
        stage.step();
        assertEquals(20, stage.unit.takeAnswers().size());
        assertEquals(0, stage.counts().pending());
        Sums.check(stage.counts());
    }

    @Test
    void showsThatASuccessorIsWaitedForAndRefusesABadTime() {
        stage.remove(pager(5, 1000));

        HandlerView view = stage.dispatcher.platform().handlers().get(2);
        assertEquals("pager", view.name());
        assertEquals("out: has left; its groups wait 1000 ms for a successor", view.state());

        pager(5, "soon");
        assertTrue(
                stage.messages.stream()
                        .anyMatch(m -> m.contains("handover.ms=soon: allowed are 0 to 60000")));
    }
}
