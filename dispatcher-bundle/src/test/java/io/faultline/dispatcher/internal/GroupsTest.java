package io.faultline.dispatcher.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.faultline.fault.Access;
import io.faultline.fault.Fault;
import io.faultline.fault.FaultBits;
import io.faultline.fault.PageRequestGroup;
import io.faultline.fault.Response;
import io.faultline.handler.Deferral;
import io.faultline.handler.Notice;
import io.faultline.handler.Verdict;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** R7, R8: every group that its unit expects an answer for ends exactly once. */
class GroupsTest {
    private static final Verdict SUCCESS = Verdict.handled(Response.SUCCESS);

    private final Stage stage = new Stage();

    @AfterEach
    void countersAddUp() {
        if (!stage.dispatcher.platform().units().isEmpty()) {
            Sums.check(stage.counts());
        }
    }

    @Test
    void collectsRequestsUntilTheLast() {
        FakeHandler handler = stage.handler("h", 1).says(SUCCESS);

        stage.unit.page(7, 3, 5, 0x1000, false).page(8, 3, 5, 0x9000, false);
        stage.unit.write(FakeUnit.Say.PAGE_REQUEST, 7, 3, 5, FaultBits.WRITE, 0x2000);
        stage.unit.page(7, 3, 5, 0x3000, true);
        stage.step();

        assertEquals(1, handler.seen.size());
        PageRequestGroup group = (PageRequestGroup) handler.seen.get(0);
        assertEquals(3, group.size());
        assertEquals(0x1000, group.iova(0));
        assertEquals(0x2000, group.iova(1));
        assertEquals(Access.WRITE, group.access(1));
        assertEquals(0x3000, group.iova(2));
        assertEquals(List.of("SUCCESS 7/5"), stage.unit.takeAnswers());
        assertEquals(1, stage.counts().partial());
    }

    @Test
    void tellsGroupsApartByPasidOnlyIfTheDeviceTakesItInAnswers() {
        FakeHandler handler = stage.handler("h", 1).says(SUCCESS);
        stage.unit.page(7, 3, 5, 0x1000, false).page(7, 4, 5, 0x2000, true);
        stage.step();
        assertEquals(1, ((PageRequestGroup) handler.seen.get(0)).size());

        stage.unit.page(7, 3, 5, 0x3000, true);
        stage.step();
        assertEquals(2, ((PageRequestGroup) handler.seen.get(1)).size());

        stage.unit.answersCarryPasid = false;
        stage.unit.page(7, 3, 5, 0x1000, false).page(7, 4, 5, 0x2000, true);
        stage.step();
        assertEquals(2, ((PageRequestGroup) handler.seen.get(2)).size());
    }

    @Test
    void answersADeferredGroupWhenItIsConcluded() {
        FakeHandler handler = stage.handler("h", 1).defers();
        stage.unit.page(7, 3, 5, 0x1000, true);
        stage.step();
        assertEquals(List.of(), stage.unit.takeAnswers());
        assertEquals(1, stage.counts().pending());

        assertTrue(handler.deferrals.get(0).conclude(SUCCESS));
        stage.step();

        assertEquals(List.of("SUCCESS 7/5"), stage.unit.takeAnswers());
        assertEquals(0, stage.counts().pending());
        assertFalse(handler.deferrals.get(0).conclude(SUCCESS));
    }

    @Test
    void endsABatchOfItsOwnForWhatIsOfferedAgain() {
        FakeHandler first = stage.handler("first", 2).defers();
        FakeHandler driver = stage.handler("driver", 1).says(SUCCESS);
        stage.unit.page(7, 3, 5, 0x1000, true).page(8, 3, 5, 0x1000, true);
        stage.step();
        assertEquals(List.of(), driver.batches);

        first.deferrals.forEach(deferral -> deferral.conclude(Verdict.PASSED));
        stage.step();
        stage.step();

        assertEquals(2, driver.seen.size());
        assertEquals(List.of(0), driver.batches);
        assertEquals(List.of(2), first.batches);

        stage.unit.page(9, 3, 5, 0x1000, true);
        stage.step();
        first.deferrals.get(2).conclude(Verdict.PASSED);
        stage.step();
        assertEquals(List.of(2, 1), first.batches);
        assertEquals(List.of(0, 0), driver.batches);
    }

    @Test
    void keepsAConclusionThatComesBeforeHandleReturns() {
        stage.handler("h", 1)
                .does(
                        (fault, context) -> {
                            assertTrue(context.defer().conclude(SUCCESS));
                            return Verdict.DEFERRED;
                        });

        stage.unit.page(7, 3, 5, 0x1000, true);
        stage.step();

        assertEquals(List.of("SUCCESS 7/5"), stage.unit.takeAnswers());
    }

    @Test
    void cancelsADeferralIfAnotherVerdictFollows() {
        FakeHandler fickle = stage.handler("fickle", 2);
        fickle.does(
                (fault, context) -> {
                    fickle.deferrals.add(context.defer());
                    return Verdict.PASSED;
                });
        stage.handler("h", 1).says(SUCCESS);

        stage.unit.page(7, 3, 5, 0x1000, true);
        stage.step();

        assertTrue(fickle.deferrals.get(0).cancelled());
        assertFalse(fickle.deferrals.get(0).conclude(Verdict.handled(Response.FAILURE)));
        assertEquals(List.of("SUCCESS 7/5"), stage.unit.takeAnswers());
    }

    @Test
    void refusesAConclusionThatIsNone() {
        FakeHandler handler = stage.handler("h", 1).defers();
        stage.unit.page(7, 3, 5, 0x1000, true);
        stage.step();

        Deferral deferral = handler.deferrals.get(0);

        assertThrows(IllegalArgumentException.class, () -> deferral.conclude(Verdict.DEFERRED));
        assertThrows(IllegalArgumentException.class, () -> deferral.conclude(null));
    }

    @Test
    void asksTheRestOfTheChainWhenADeferringHandlerGivesUp() {
        FakeHandler seen = stage.handler("seen", 10);
        FakeHandler deferring = stage.handler("deferring", 5).defers();
        FakeHandler rest = stage.handler("rest", 1).says(SUCCESS);
        stage.unit.page(7, 3, 5, 0x1000, true);
        stage.step();
        FakeHandler late = stage.handler("late", 7);

        deferring.deferrals.get(0).conclude(Verdict.failed("no space"));
        stage.step();

        assertEquals(1, seen.seen.size());
        assertEquals(1, deferring.seen.size());
        assertEquals(1, late.seen.size(), "not offered before: it is in the rest");
        assertEquals(List.of("deferring: no space"), rest.failures);
        assertEquals(List.of("SUCCESS 7/5"), stage.unit.takeAnswers());
    }

    @Test
    void handsALeaversGroupsToTheRest() {
        FakeHandler leaver = stage.handler("leaver", 5).defers();
        stage.unit.page(7, 3, 5, 0x1000, true).page(7, 3, 6, 0x1000, true);
        stage.step();
        FakeHandler rest = stage.handler("rest", 1).says(SUCCESS);

        stage.remove(leaver);
        stage.step();

        assertEquals(2, rest.seen.size());
        assertEquals(List.of("SUCCESS 7/5", "SUCCESS 7/6"), stage.unit.takeAnswers());
        assertFalse(leaver.deferrals.get(0).conclude(Verdict.handled(Response.FAILURE)));
    }

    @Test
    void answersInvalidAtTheDeadlineAndTellsTheHandler() {
        FakeHandler handler = stage.handler("h", 1).defers();
        stage.set("response.deadline.ms", 500);
        stage.unit.page(7, 3, 5, 0x1000, true);
        stage.step();
        stage.step(499);
        assertEquals(List.of(), stage.unit.takeAnswers());

        stage.step(1);

        assertEquals(List.of("INVALID 7/5"), stage.unit.takeAnswers());
        assertEquals(1, stage.counts().expired());
        assertTrue(handler.deferrals.get(0).cancelled());
        assertFalse(handler.deferrals.get(0).conclude(SUCCESS));
        assertEquals(Notice.Kind.GROUP_EXPIRED, handler.notices.get(0).kind());
    }

    @Test
    void givesStallsADeadlineOfTheirOwn() {
        stage.handler("h", 1).defers();
        stage.set("stall.deadline.ms", 100);
        stage.unit.stall(7, 5, 0x1000).page(7, 3, 5, 0x1000, true);
        stage.step();

        stage.step(100);

        assertEquals(List.of("INVALID 7/5"), stage.unit.takeAnswers());
        assertEquals(1, stage.counts().pending());
    }

    @Test
    void refusesASecondStallWithAnOutstandingTag() {
        FakeHandler handler = stage.handler("h", 1).defers();
        stage.unit.stall(7, 5, 0x1000).stall(7, 5, 0x2000).stall(8, 5, 0x3000);
        stage.step();

        assertEquals(2, handler.seen.size());
        assertEquals(Map.of("duplicate_stag", 1L), stage.view().malformed());

        handler.deferrals.forEach(d -> d.conclude(SUCCESS));
        stage.step();
        stage.unit.stall(7, 5, 0x4000);
        stage.step();
        assertEquals(3, handler.seen.size(), "the tag is free again after its answer");
    }

    @Test
    void withdrawsAGroupWhoseIndexComesAgainUnanswered() {
        FakeHandler handler = stage.handler("h", 1).defers();
        stage.unit.page(7, 3, 5, 0x1000, true).page(7, 3, 5, 0x2000, true);
        stage.step();

        assertEquals(1, stage.counts().withdrawn());
        assertEquals(Notice.Kind.GROUP_WITHDRAWN, handler.notices.get(0).kind());
        assertFalse(handler.deferrals.get(0).conclude(SUCCESS));
        assertTrue(handler.deferrals.get(1).conclude(SUCCESS));
        stage.step();
        assertEquals(List.of("SUCCESS 7/5"), stage.unit.takeAnswers());
    }

    @Test
    void withdrawsAGroupThatIsConcludedAtTheSameMoment() {
        FakeHandler handler = stage.handler("h", 1).defers();
        stage.unit.page(7, 3, 5, 0x1000, true);
        stage.step();

        handler.does(
                (fault, context) -> {
                    handler.deferrals.add(context.defer());
                    return Verdict.DEFERRED;
                });
        stage.unit.page(7, 3, 5, 0x2000, true);
        assertTrue(handler.deferrals.get(0).conclude(SUCCESS));
        stage.step();
        handler.deferrals.get(1).conclude(Verdict.handled(Response.FAILURE));
        stage.step();

        assertEquals(List.of("SUCCESS 7/5", "FAILURE 7/5"), stage.unit.takeAnswers());
    }

    @Test
    void keysDescriptorsWithPrivateDataByThatToo() {
        FakeHandler handler = stage.handler("h", 1).defers();
        int bits = FaultBits.READ | FaultBits.PRIVATE_DATA;
        stage.unit.write(FakeUnit.Say.PAGE_REQUEST, 7, 3, 5, bits, 0x1000);
        stage.unit.write(FakeUnit.Say.PAGE_REQUEST, 7, 3, 5, bits, 0x2000);
        stage.step();

        assertEquals(2, handler.seen.size());
        assertEquals(0, stage.counts().withdrawn());
        handler.deferrals.forEach(d -> d.conclude(SUCCESS));
        stage.step();
        assertEquals(2, stage.unit.takeAnswers().size());
    }

    @Test
    void holdsAnswersWhileTheRingIsFullAndSendsEachOnce() {
        stage.handler("h", 1).says(SUCCESS);
        stage.unit.full = true;
        stage.unit.page(7, 3, 5, 0x1000, true).page(7, 3, 6, 0x1000, true);
        stage.step();
        assertEquals(List.of(), stage.unit.takeAnswers());

        stage.unit.full = false;
        stage.step();
        stage.step();

        assertEquals(List.of("SUCCESS 7/5", "SUCCESS 7/6"), stage.unit.takeAnswers());
        assertEquals(0, stage.counts().undeliverable());
    }

    @Test
    void countsAnAnswerThatFindsNoRoomUntilItsDeadlineAsUndeliverable() {
        stage.handler("h", 1).says(SUCCESS);
        stage.unit.full = true;
        stage.unit.page(7, 3, 5, 0x1000, true);
        stage.step();

        stage.step(10_000);
        stage.unit.full = false;
        stage.step();

        assertEquals(List.of(), stage.unit.takeAnswers());
        assertEquals(1, stage.counts().undeliverable());
    }

    /** R16: whatever a device sends while the ring is full, memory does not grow with it. */
    @Test
    void holdsNoMoreAnswersThanGroupsMayBeOutstanding() {
        stage.set("pending.limit.unit", 8);
        stage.unit.full = true;

        for (int pasid = 0; pasid < 100; pasid++) {
            stage.unit.page(7, pasid, 5, 0x1000, true);
        }
        stage.step();
        assertEquals(92, stage.counts().undeliverable());

        stage.unit.full = false;
        stage.step();
        assertEquals(8, stage.unit.takeAnswers().size());
        assertEquals(92, stage.counts().undeliverable());
    }

    @Test
    void countsWhatTheHardwareCannotExpressOrThePortRefuses() {
        stage.handler("h", 1).says(SUCCESS);
        stage.unit.page(7, 3, 5, FakeUnit.UNENCODABLE, true);
        stage.step();
        stage.unit.broken = true;
        stage.unit.page(7, 3, 6, 0x1000, true);
        stage.step();

        assertEquals(2, stage.counts().undeliverable());
        assertTrue(stage.messages.get(0).contains("undeliverable"), stage.messages::toString);
    }

    @Test
    void waitsForAnEncoderToComeBack() {
        stage.handler("h", 1).says(SUCCESS);
        stage.dispatcher.removeEncoder(2);
        stage.unit.page(7, 3, 5, 0x1000, true);
        stage.step();
        assertEquals(List.of(), stage.unit.takeAnswers());

        stage.encoder();
        stage.step();

        assertEquals(List.of("SUCCESS 7/5"), stage.unit.takeAnswers());
    }

    @Test
    void answersAMalformedLastRequestInvalidWithoutAskingAnybody() {
        FakeHandler handler = stage.handler("h", 1).says(SUCCESS);
        stage.unit.page(7, 3, 5, 0x1000, false);
        stage.unit.write(FakeUnit.Say.MALFORMED_REQUEST, 7, 3, 5, FaultBits.LAST, 0);
        stage.unit.write(FakeUnit.Say.MALFORMED_REQUEST, 7, 3, 6, 0, 0);
        stage.step();

        assertEquals(List.of(), handler.seen);
        assertEquals(List.of("INVALID 7/5"), stage.unit.takeAnswers());
        assertEquals(2, stage.counts().malformed());
        assertEquals(1, stage.counts().discarded());
    }

    @Test
    void tellsADeviceOverItsBoundToAskAgainUntilItsBudgetIsSpent() {
        stage.handler("h", 1).defers();
        stage.set("pending.limit.device", 2);
        stage.dispatcher.configure(Map.of("pending.limit.device", 2, "overload.retries", 3));
        for (int index = 0; index < 7; index++) {
            stage.unit.page(7, 3, index, 0x1000, true);
        }
        stage.step();

        assertEquals(
                List.of("SUCCESS 7/2", "SUCCESS 7/3", "SUCCESS 7/4", "INVALID 7/5", "INVALID 7/6"),
                stage.unit.takeAnswers());
        assertEquals(5, stage.counts().shed());
        assertEquals(2, stage.counts().pending());

        stage.step(1000);
        stage.unit.page(7, 3, 9, 0x1000, true);
        stage.step();
        assertEquals(List.of("SUCCESS 7/9"), stage.unit.takeAnswers(), "refilled by time");
    }

    @Test
    void refusesWhatIsOverTheBoundIfThePolicySaysSo() {
        stage.handler("h", 1).defers();
        stage.dispatcher.configure(Map.of("pending.limit.device", 1, "overload.policy", "invalid"));
        stage.unit.page(7, 3, 1, 0x1000, true).page(7, 3, 2, 0x1000, true);
        stage.step();

        assertEquals(List.of("INVALID 7/2"), stage.unit.takeAnswers());
    }

    @Test
    void takesTheUnitsOwnBoundWhereItKnowsOne() {
        FakeHandler handler = stage.handler("h", 1).defers();
        stage.unit.pageRequestLimit = 3;
        stage.set("pending.limit.device", 1);
        for (int index = 0; index < 4; index++) {
            stage.unit.page(7, 3, index, 0x1000, true);
        }
        stage.step();

        assertEquals(3, handler.seen.size());
    }

    @Test
    void virtualFunctionsShareTheAllocationOfTheirPhysicalOne() {
        stage.unit.physicalFunction = requester -> requester & ~7;
        stage.unit.pageRequestLimit = 2;
        stage.set("overload.policy", "invalid");
        stage.handler("h", 1).defers();

        stage.unit.page(8, 3, 1, 0x1000, true).page(9, 3, 2, 0x1000, true);
        stage.unit.page(10, 3, 3, 0x1000, true).page(16, 3, 4, 0x1000, true);
        stage.step();

        assertEquals(List.of("INVALID 10/3"), stage.unit.takeAnswers());
    }

    @Test
    void pageRequestGroupsDoNotCountAgainstTheBoundOfStalls() {
        stage.unit.stallLimit = 1;
        FakeHandler handler = stage.handler("h", 1).defers();

        stage.unit.page(7, 3, 1, 0x1000, true).stall(7, 2, 0x1000).stall(8, 3, 0x1000);
        stage.step();

        assertEquals(2, handler.deferrals.size());
    }

    @Test
    void aBudgetLosesNoFractionOfATokenWhenItIsRefilled() {
        stage.set("overload.retries", 10);
        stage.unit.pageRequestLimit = 1;
        stage.handler("h", 1).defers();
        stage.unit.page(7, 3, 0, 0x1000, true);
        stage.step();
        int retries = 0;

        for (int i = 1; i <= 20 * 15; i++) {
            stage.unit.page(7, 3, 1, 0x1000, true);
            stage.step(15);
            retries += stage.unit.takeAnswers().contains("SUCCESS 7/1") ? 1 : 0;
        }

        assertEquals(10 + 10 * 20 * 15 * 15 / 1000, retries, 1);
    }

    @Test
    void holdsAStallOverItsBoundBackAndRetriesItLater() {
        stage.handler("h", 1).defers();
        stage.set("pending.limit.device", 1);
        stage.unit.stall(7, 1, 0x1000).stall(7, 2, 0x1000).stall(7, 3, 0x1000);
        stage.step();
        assertEquals(List.of(), stage.unit.takeAnswers(), "never at once");

        stage.step(1);
        assertEquals(List.of("SUCCESS 7/2"), stage.unit.takeAnswers());
        stage.step(1);
        assertEquals(List.of("SUCCESS 7/3"), stage.unit.takeAnswers(), "with back-off");
        assertEquals(2, stage.counts().shed());
    }

    @Test
    void boundsPartialGroupsAndCountsWhatItDrops() {
        stage.set("partial.limit.device", 2);
        for (int index = 0; index < 5; index++) {
            stage.unit.page(7, 3, index, 0x1000, false);
        }
        stage.step();

        assertEquals(2, stage.counts().partial());
        assertEquals(3, stage.counts().dropped());
    }

    @Test
    void agesPartialGroupsOutUnanswered() {
        FakeHandler handler = stage.handler("h", 1).says(SUCCESS);
        stage.unit.page(7, 3, 5, 0x1000, false).page(7, 3, 6, 0x1000, false);
        stage.step();
        stage.unit.page(7, 3, 5, 0x2000, false);
        stage.step(9_999);
        assertEquals(3, stage.counts().partial());

        stage.step(1);
        assertEquals(2, stage.counts().partial());
        assertEquals(1, stage.counts().discarded());
        stage.unit.page(7, 3, 6, 0x3000, true).page(7, 3, 5, 0x3000, true);
        stage.step();

        assertEquals(1, ((PageRequestGroup) handler.seen.get(0)).size());
        assertEquals(3, ((PageRequestGroup) handler.seen.get(1)).size());
        assertEquals(List.of("SUCCESS 7/6", "SUCCESS 7/5"), stage.unit.takeAnswers());
    }

    @Test
    void givesAnAnswerThatIsDecidedAtTheDeadlineASecondToFindRoom() {
        stage.handler("h", 1).defers();
        stage.unit.stall(7, 5, 0x1000);
        stage.step();
        stage.unit.full = true;
        stage.step(1000);

        stage.step(999);
        assertEquals(0, stage.counts().undeliverable());
        stage.unit.full = false;
        stage.step();

        assertEquals(List.of("INVALID 7/5"), stage.unit.takeAnswers());
    }

    @Test
    void holdsTheAnswerToAStallNoLongerThanTheStallMayWait() {
        stage.handler("h", 1).says(SUCCESS);
        stage.unit.full = true;
        stage.unit.stall(7, 5, 0x1000);
        stage.step();

        stage.step(1000);

        assertEquals(1, stage.counts().undeliverable());
    }

    @Test
    void leavesAFloodingDeviceItsShareOnly() {
        stage.handler("h", 1).defers();
        stage.dispatcher.configure(
                Map.of(
                        "pending.limit.unit",
                        8,
                        "device.share",
                        0.25,
                        "overload.policy",
                        "invalid"));
        stage.unit.page(1, 3, 100, 0x1000, true);
        for (int index = 0; index < 8; index++) {
            stage.unit.page(7, 3, index, 0x1000, true);
        }
        stage.unit.page(2, 3, 101, 0x1000, true);
        stage.step();

        assertEquals(6, stage.unit.takeAnswers().size(), "2 of 8 places are a quarter");
        assertEquals(4, stage.counts().pending());
    }

    @Test
    void endsPartialGroupsOfAPasidAtItsStopMarker() {
        FakeHandler handler = stage.handler("h", 1).says(SUCCESS);
        stage.unit.page(7, 3, 5, 0x1000, false).page(7, 4, 6, 0x1000, false);
        stage.unit.write(FakeUnit.Say.STOP_MARKER, 7, 3, 0, FaultBits.LAST, 0);
        stage.unit.page(7, 3, 5, 0x2000, true);
        stage.step();

        assertEquals(1, stage.counts().discarded());
        assertEquals(1, stage.counts().partial());
        assertEquals(1, ((PageRequestGroup) handler.seen.get(1)).size());
    }

    @Test
    void keepsAnIndexFreeAfterAStopMarkerWhileItsFormerAnswerFindsNoRoom() {
        stage.handler("h", 1).says(SUCCESS);
        stage.unit.full = true;
        stage.unit.page(7, 3, 5, 0x1000, true);
        stage.unit.write(FakeUnit.Say.STOP_MARKER, 7, 3, 0, 0, 0);
        stage.step();
        stage.unit.page(7, 3, 5, 0x2000, true);
        stage.step();

        stage.unit.full = false;
        stage.step();

        assertEquals(List.of("SUCCESS 7/5", "SUCCESS 7/5"), stage.unit.takeAnswers());
        assertEquals(0, stage.counts().undeliverable());
    }

    @Test
    void discardsPartialGroupsAndAcknowledgesAnOverflow() {
        FakeHandler handler = stage.handler("h", 1).says(SUCCESS);
        stage.unit.page(7, 3, 5, 0x1000, false).page(7, 3, 6, 0x1000, true);
        stage.unit.ring.overflowed = true;
        stage.step();

        assertEquals(1, stage.unit.ring.acknowledged.get());
        assertEquals(1, stage.counts().discarded());
        assertEquals(List.of("SUCCESS 7/6"), stage.unit.takeAnswers());
        assertEquals(Notice.Kind.OVERFLOW, handler.notices.get(0).kind());
    }

    @Test
    void acknowledgesAnOverflowInAStormThatNeverPauses() {
        stage.set("batch.limit", 4);
        int[] acknowledgedInside = {0};
        FakeHandler handler = stage.handler("h", 1);
        handler.does(
                (fault, context) -> {
                    if (handler.seen.size() < 40) {
                        stage.unit.unrecoverable(7, 0x1000);
                    }
                    if (handler.seen.size() == 20) {
                        acknowledgedInside[0] = stage.unit.ring.acknowledged.get();
                    }
                    return Verdict.PASSED;
                });
        for (int i = 0; i < 8; i++) {
            stage.unit.unrecoverable(7, 0x1000);
        }
        stage.unit.ring.overflowed = true;

        stage.step();

        assertEquals(1, acknowledgedInside[0]);
        assertEquals(1, stage.unit.ring.acknowledged.get());
        assertEquals(47, handler.seen.size());
    }

    @Test
    void drainsAUnitThatLeavesWhileItsPortStillWorks() {
        FakeHandler handler = stage.handler("h", 1).defers();
        stage.unit.page(7, 3, 5, 0x1000, true).stall(7, 6, 0x1000).page(7, 3, 8, 0x1, false);
        stage.step();

        stage.dispatcher.removeUnit(stage.unit, Response.SUCCESS);

        assertEquals(List.of("SUCCESS 7/5", "SUCCESS 7/6"), sorted(stage.unit.takeAnswers()));
        assertTrue(handler.deferrals.stream().allMatch(Deferral::cancelled));
        assertEquals(Notice.Kind.UNIT_GONE, handler.notices.get(handler.notices.size() - 1).kind());
    }

    /** Nobody reads them later, and their devices wait for answers. */
    @Test
    void answersWhatAUnitThatLeavesHasInItsQueue() {
        FakeHandler handler = stage.handler("h", 1).says(SUCCESS);
        stage.set("batch.limit", 2);
        stage.unit.page(7, 3, 5, 0x1000, false);
        stage.step();
        stage.unit.page(7, 3, 5, 0x2000, true).stall(7, 6, 0x1000).unrecoverable(7, 0x3000);
        stage.unit.say(FakeUnit.Say.HINT, 7).page(7, 3, 8, 0x1, true).page(7, 3, 9, 0x1, false);
        stage.unit.say(FakeUnit.Say.MALFORMED, 7);

        stage.dispatcher.removeUnit(stage.unit, Response.SUCCESS);

        assertEquals(
                List.of("SUCCESS 7/5", "SUCCESS 7/6", "SUCCESS 7/8"), stage.unit.takeAnswers());
        assertEquals(8, stage.unit.ring.consumedSoFar());
        assertEquals(List.of(), handler.seen, "there was no time to ask");
    }

    /** Handlers still see what asks for no answer, as long as there is time. */
    @Test
    void offersFaultsThatAUnitThatLeavesHasInItsQueue() {
        FakeHandler handler = stage.handler("h", 1);
        handler.does(
                (fault, context) -> {
                    if (fault.iova() == 0x4000L) {
                        stage.unit.page(8, 3, 6, 0x1000, true); // hardware does not pause
                        stage.unit.unrecoverable(8, 0x5000);
                    }
                    return Verdict.HANDLED;
                });
        stage.unit.unrecoverable(7, 0x3000).page(7, 3, 5, 0x1000, true).unrecoverable(8, 0x4000);

        leave(1_000_000);

        assertEquals(
                List.of(0x3000L, 0x4000L, 0x5000L),
                handler.seen.stream().map(Fault::iova).toList());
        assertEquals(List.of("INVALID 7/5", "INVALID 8/6"), stage.unit.takeAnswers());
        assertEquals(5, stage.counts().completed());
        assertEquals(2, stage.counts().drained());
    }

    private void leave(long graceNanos) {
        QueueLane lane = (QueueLane) stage.dispatcher.lanes().get(0);
        lane.inbox().command(() -> lane.beginLeaving(Response.INVALID, true, graceNanos));
        stage.step();
        assertTrue(lane.isEnded());
    }

    /** A storm does not keep a unit that leaves: what a full queue holds is read, and no more. */
    @Test
    void readsNoMoreOfAUnitThatLeavesThanAFullQueueHolds() {
        FakeHandler handler = stage.handler("h", 1);
        handler.does(
                (fault, context) -> {
                    stage.unit.unrecoverable(7, 0x3000);
                    return Verdict.HANDLED;
                });
        stage.unit.unrecoverable(7, 0x3000);

        leave(1_000_000);

        assertEquals(stage.unit.ring.slots(), handler.seen.size());
        assertEquals(
                List.of("unit0:q: its unit leaves with 1 records unread"),
                stage.messages.stream()
                        .map(text -> text.replaceAll(" unread.*", " unread"))
                        .toList());
    }

    /** What waits for an answer does not wait for a queue that is broken. */
    @Test
    void drainsAUnitThatLeavesWithABrokenQueue() {
        stage.handler("h", 1).defers();
        stage.unit.page(7, 3, 5, 0x1000, true);
        stage.step();
        stage.unit.ring.broken = true;

        leave(0);

        assertEquals(List.of("INVALID 7/5"), stage.unit.takeAnswers());
        assertTrue(stage.messages.get(0).contains("the queue is broken"), stage.messages::toString);
    }

    /** A queue that cannot be read keeps nobody waiting, and says so. */
    @Test
    void saysHowManyRecordsOfAUnitThatLeavesNobodyHasRead() {
        stage.unit.page(7, 3, 5, 0x1000, true).page(7, 3, 6, 0x1000, true);
        stage.dispatcher.removeDecoder(stage.decoder);

        stage.dispatcher.removeUnit(stage.unit, Response.SUCCESS);

        assertEquals(0, stage.unit.ring.consumedSoFar());
        String last = stage.messages.get(stage.messages.size() - 1);
        assertTrue(last.startsWith("unit0:q: its unit leaves with 2 records unread"), last);
    }

    /** A recording's devices wait for nobody. */
    @Test
    void leavesTheRestOfARecordingUnread() {
        FakeUnit recording = new FakeUnit("recording", 16);
        recording.observed = true;
        stage.dispatcher.addUnit(recording, Source.named("recording", 998));
        recording.unrecoverable(7, 0x3000);

        stage.dispatcher.removeUnit(recording, Response.SUCCESS);

        assertEquals(0, recording.ring.consumedSoFar());
        assertEquals(List.of(), stage.messages);
    }

    /** R7: with another version of the dispatcher, records wait in their queues. */
    @Test
    void leavesRecordsToTheNextDispatcher() {
        stage.unit.page(7, 3, 5, 0x1000, true);

        stage.dispatcher.close(Response.SUCCESS);

        assertEquals(List.of(), stage.unit.takeAnswers());
        assertEquals(0, stage.unit.ring.consumedSoFar());
    }

    /** When everything stops there is no next one. */
    @Test
    void answersWhatIsUnreadWhenEverythingStops() {
        stage.unit.page(7, 3, 5, 0x1000, true);

        stage.dispatcher.close(Response.INVALID);

        assertEquals(List.of("INVALID 7/5"), stage.unit.takeAnswers());
    }

    @Test
    void saysHowManyGroupsOfAUnitThatLeavesAreUndeliverable() {
        stage.handler("h", 1).defers();
        stage.unit.page(7, 3, 5, 0x1000, true).stall(7, 6, 0x1000);
        stage.step();
        stage.unit.broken = true;

        stage.dispatcher.removeUnit(stage.unit, Response.SUCCESS);

        String last = stage.messages.get(stage.messages.size() - 1);
        assertTrue(last.startsWith("unit0:q: its unit leaves with 2 groups undeliverable"), last);
    }

    @Test
    void answersInvalidWhenEverythingStops() {
        stage.handler("h", 1).defers();
        stage.unit.page(7, 3, 5, 0x1000, true);
        stage.step();

        stage.dispatcher.close(Response.INVALID);

        assertEquals(List.of("INVALID 7/5"), stage.unit.takeAnswers());
    }

    @Test
    void concludesHintsWithoutAnAnswer() {
        FakeHandler handler = stage.handler("h", 1).defers();
        stage.unit.say(FakeUnit.Say.HINT, 7);
        stage.step();

        assertTrue(handler.deferrals.get(0).conclude(Verdict.HANDLED));
        stage.step();

        assertEquals(1, stage.counts().handled());
        assertEquals(List.of(), stage.unit.takeAnswers());
    }

    private static List<String> sorted(List<String> texts) {
        return texts.stream().sorted().toList();
    }
}
