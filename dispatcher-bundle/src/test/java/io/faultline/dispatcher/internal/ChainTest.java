package io.faultline.dispatcher.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.faultline.fault.Response;
import io.faultline.handler.Handles;
import io.faultline.handler.Verdict;
import io.faultline.platform.HandlerView;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** R1 to R5: who is offered a fault, in which order, and what comes of it. */
class ChainTest {
    private final Stage stage = new Stage();

    @Test
    void offersAFaultByRankingThenAge() {
        List<String> order = new ArrayList<>();
        for (String name : List.of("b20", "a0", "c20", "d99")) {
            int ranking = Integer.parseInt(name.substring(1));
            stage.handler(name, ranking)
                    .does(
                            (fault, context) -> {
                                order.add(name);
                                return Verdict.PASSED;
                            });
        }

        stage.unit.unrecoverable(1, 0x1000);
        stage.step();

        assertEquals(List.of("d99", "b20", "c20", "a0"), order);
        assertEquals(order, stage.chain());
    }

    @Test
    void stopsAtTheFirstThatHandles() {
        FakeHandler first = stage.handler("first", 10).says(Verdict.HANDLED);
        FakeHandler second = stage.handler("second", 5);

        stage.unit.unrecoverable(1, 0x1000);
        stage.step();

        assertEquals(1, first.seen.size());
        assertEquals(0, second.seen.size());
        assertEquals(1, stage.counts().handled());
    }

    @Test
    void tellsLaterHandlersWhatEarlierOnesFailedAt() {
        stage.handler("thrower", 10)
                .does(
                        (fault, context) -> {
                            throw new IllegalStateException("no map");
                        });
        stage.handler("failing", 9).says(Verdict.failed("no space"));
        stage.handler("null", 8).says(null);
        FakeHandler last = stage.handler("last", 1).says(Verdict.HANDLED);

        stage.unit.unrecoverable(1, 0x1000);
        stage.step();

        assertEquals(
                List.of(
                        "thrower: java.lang.IllegalStateException: no map",
                        "failing: no space",
                        "null: returned null"),
                last.failures);
    }

    @Test
    void asksOnlyHandlersThatNameADeviceAboutWhatItsOwnerHas() {
        FakeHandler everybody = stage.handler("everybody", 30);
        FakeHandler pasid = stage.handler("pasid", narrowed(20, Handles.PASIDS, "3"));
        FakeHandler driver = stage.handler("driver", narrowed(10, Handles.REQUESTERS, "7"));
        FakeHandler guest = owner("guest", "7", "3-4");

        stage.unit.page(7, 3, 5, 0x1000, true);
        stage.unit.page(7, 9, 6, 0x1000, true);
        stage.unit.page(8, 3, 7, 0x1000, true);
        stage.step();

        assertEquals(2, everybody.seen.size(), "R19: PASID 9, and device 8");
        assertEquals(1, pasid.seen.size(), "R19: device 8");
        assertEquals(2, driver.seen.size());
        assertEquals(1, guest.seen.size());
    }

    @Test
    void asksEverybodyAgainOnceAnOwnerHasLeft() {
        FakeHandler everybody = stage.handler("everybody", 30);
        FakeHandler guest = owner("guest", "7");
        stage.unit.page(7, 3, 5, 0x1000, true);
        stage.step();
        assertEquals(0, everybody.seen.size());
        assertEquals(
                List.of("guest"),
                stage.dispatcher.platform().chain("page_request", "unit0", 7).stream()
                        .map(HandlerView::name)
                        .toList());

        stage.remove(guest);
        stage.unit.page(7, 3, 6, 0x1000, true);
        stage.step();

        assertEquals(1, everybody.seen.size());
    }

    @Test
    void refusesAnOwnerThatNamesNoDevice() {
        stage.handler("greedy", narrowed(1, Handles.OWNER, "true"));

        assertEquals(List.of("greedy"), stage.chain(), "shown as refused");
        assertTrue(stage.messages.toString().contains("faultline.owner=true needs"));
    }

    private FakeHandler owner(String name, String requester, String... pasids) {
        return stage.handler(
                name,
                Map.of(
                        Handles.KINDS,
                        "page_request",
                        Handles.OWNER,
                        true,
                        Handles.REQUESTERS,
                        requester,
                        Handles.PASIDS,
                        pasids));
    }

    private static Map<String, Object> narrowed(int ranking, String key, Object value) {
        return Map.of(Handles.KINDS, "page_request", "service.ranking", ranking, key, value);
    }

    @Test
    void answersAGroupWithTheHandlersResponse() {
        stage.handler("driver", 1).says(Verdict.handled(Response.FAILURE));

        stage.unit.page(7, 3, 5, 0x1000, true);
        stage.step();

        assertEquals(List.of("FAILURE 7/5"), stage.unit.takeAnswers());
    }

    @Test
    void answersAnUnwantedGroupInvalid() {
        stage.unit.page(7, 3, 5, 0x1000, true);
        stage.step();

        assertEquals(List.of("INVALID 7/5"), stage.unit.takeAnswers());
        assertEquals(1, stage.counts().unhandled());
    }

    @Test
    void answersAtTheEndAsTheFirstFailureSuggests() {
        stage.handler("first", 3).says(Verdict.failed("busy", Response.SUCCESS));
        stage.handler("second", 2).says(Verdict.failed("never", Response.FAILURE));

        stage.unit.page(7, 3, 5, 0x1000, true);
        stage.step();

        assertEquals(List.of("SUCCESS 7/5"), stage.unit.takeAnswers());
        assertEquals(1, stage.counts().failed());
    }

    @Test
    void answersInvalidIfTheFirstFailureSuggestsNothing() {
        stage.handler("first", 3).says(Verdict.failed("busy"));
        stage.handler("second", 2).says(Verdict.failed("never", Response.FAILURE));

        stage.unit.page(7, 3, 5, 0x1000, true);
        stage.step();

        assertEquals(List.of("INVALID 7/5"), stage.unit.takeAnswers());
    }

    @Test
    void countsIllegalVerdictsAsFailures() {
        stage.handler("noResponse", 3).says(Verdict.HANDLED);
        stage.handler("noDefer", 2).says(Verdict.DEFERRED);
        FakeHandler last = stage.handler("last", 1).says(Verdict.handled(Response.SUCCESS));

        stage.unit.page(7, 3, 5, 0x1000, true);
        stage.step();

        assertEquals(
                List.of(
                        "noResponse: illegal verdict: HANDLED without a response for a page request"
                                + " group",
                        "noDefer: said DEFERRED without defer()"),
                last.failures);
        assertEquals(List.of("SUCCESS 7/5"), stage.unit.takeAnswers());
    }

    @Test
    void refusesAResponseToWhatExpectsNone() {
        stage.handler("eager", 3).says(Verdict.handled(Response.SUCCESS));

        stage.unit.unrecoverable(1, 0x1000);
        stage.step();

        assertEquals(1, stage.counts().failed());
        assertEquals(List.of(), stage.unit.takeAnswers());
    }

    @Test
    void cannotDeferAnUnrecoverableFault() {
        stage.handler("eager", 3).defers();
        FakeHandler last = stage.handler("last", 1).says(Verdict.HANDLED);

        stage.unit.unrecoverable(1, 0x1000);
        stage.step();

        assertTrue(last.failures.get(0).contains("cannot be deferred"), last.failures::toString);
    }

    @Test
    void offersOnlyTheKindsAHandlerNames() {
        FakeHandler hints = stage.handler("hints", FakeHandler.properties(1, "hint"));

        stage.unit.unrecoverable(1, 0x1000).say(FakeUnit.Say.HINT, 2);
        stage.step();

        assertEquals(1, hints.seen.size());
        assertEquals(2, hints.seen.get(0).requester());
    }

    @Test
    void narrowsByUnitRequesterAndPasid() {
        Map<String, Object> properties = FakeHandler.properties(1, Stage.ALL);
        properties.put(Handles.UNITS, new String[] {"unit0"});
        properties.put(Handles.REQUESTERS, new String[] {"01:00.0-01:00.7", "0x42"});
        properties.put(Handles.PASIDS, new String[] {"none", "7-9"});
        FakeHandler narrow =
                stage.handler("narrow", properties).says(Verdict.handled(Response.SUCCESS));
        properties.put(Handles.UNITS, new String[] {"other"});
        FakeHandler elsewhere = stage.handler("elsewhere", properties);

        for (int requester : new int[] {0xff, 0x100, 0x107, 0x108, 0x41, 0x42, 0x43}) {
            stage.unit.page(requester, 8, 1, 0x1000, true);
        }
        stage.unit.page(0x42, 10, 2, 0x1000, true).page(0x42, -1, 3, 0x1000, true);
        stage.step();

        assertEquals(
                List.of(0x100, 0x107, 0x42, 0x42),
                narrow.seen.stream().map(f -> f.requester()).toList());
        assertEquals(-1, narrow.seen.get(3).pasid());
        assertEquals(List.of(), elsewhere.seen);
    }

    @Test
    void refusesAHandlerWhoseRankingIsNoInteger() {
        Map<String, Object> properties = FakeHandler.properties(1, "hint");
        properties.put("service.ranking", "100");

        stage.handler("typo", properties);

        HandlerView view = stage.dispatcher.platform().handlers().get(0);
        assertTrue(view.state().startsWith("out: chain: handler typo is refused"), view::state);
        assertTrue(
                stage.messages.get(0).contains("typo")
                        && stage.messages.get(0).contains("service.ranking=100 is of type String"),
                stage.messages::toString);
        assertEquals(stage.messages, stage.dispatcher.platform().health());
    }

    @Test
    void refusesAHandlerWithoutKindsOrWithWrongOnes() {
        stage.handler("none", FakeHandler.properties(1));
        stage.handler("wrong", FakeHandler.properties(1, "everything"));
        stage.unit.unrecoverable(1, 1);
        stage.step();

        assertEquals(1, stage.counts().unhandled());
        assertTrue(stage.messages.get(0).contains("faultline.kinds is missing"));
        assertTrue(stage.messages.get(1).contains("everything is no kind of fault"));
    }

    @Test
    void movesAHandlerWhoseRankingChangesAndKeepsItsCounters() {
        FakeHandler a = stage.handler("a", 10);
        stage.handler("b", 5);
        stage.unit.unrecoverable(1, 0x1000);
        stage.step();

        stage.dispatcher.addHandler(
                a, Source.named("a", stage.id(a)), FakeHandler.properties(1, Stage.ALL));

        assertEquals(List.of("b", "a"), stage.chain());
        assertEquals(1, stage.dispatcher.platform().handlers().get(1).offered());
    }

    @Test
    void keepsTheOrderWhileAHundredHandlersAreReRankedByTenThreads() throws Exception {
        List<FakeHandler> handlers =
                IntStream.range(0, 100).mapToObj(i -> stage.handler("h" + i, i)).toList();
        CountDownLatch start = new CountDownLatch(1);
        List<Thread> threads =
                IntStream.range(0, 10)
                        .mapToObj(t -> new Thread(() -> reRank(handlers, t, start)))
                        .toList();
        threads.forEach(Thread::start);
        start.countDown();
        for (Thread thread : threads) {
            thread.join();
        }

        List<HandlerView> views = stage.dispatcher.platform().handlers();
        assertEquals(100, views.size());
        for (int i = 1; i < views.size(); i++) {
            HandlerView before = views.get(i - 1);
            HandlerView after = views.get(i);
            assertTrue(
                    before.ranking() > after.ranking()
                            || (before.ranking() == after.ranking()
                                    && before.serviceId() < after.serviceId()));
        }
        handlers.forEach(stage::remove);
        assertEquals(List.of(), stage.chain());
    }

    private void reRank(List<FakeHandler> handlers, int thread, CountDownLatch start) {
        try {
            start.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        for (int round = 0; round < 20; round++) {
            for (int i = thread; i < handlers.size(); i += 10) {
                FakeHandler handler = handlers.get(i);
                stage.dispatcher.addHandler(
                        handler,
                        Source.named(handler.name, stage.id(handler)),
                        FakeHandler.properties((i * 31 + round * 17) % 50, Stage.ALL));
            }
        }
    }

    @Test
    void tellsTheEndOfABatchOnceToThoseThatWereOfferedAFault() {
        FakeHandler asked = stage.handler("asked", 5);
        FakeHandler other = stage.handler("other", FakeHandler.properties(1, "hint"));
        stage.set("batch.limit", 4);

        for (int i = 0; i < 6; i++) {
            stage.unit.unrecoverable(1, i);
        }
        stage.step();

        assertEquals(List.of(4, 2), asked.batches);
        assertEquals(List.of(), other.batches);
    }

    @Test
    void addsUpWhatAHandlerWasOffered() {
        stage.handler("mixed", 5)
                .does(
                        (fault, context) ->
                                switch ((int) fault.iova()) {
                                    case 0 -> Verdict.HANDLED;
                                    case 1 -> Verdict.failed("odd");
                                    default -> Verdict.PASSED;
                                });

        for (int i = 0; i < 9; i++) {
            stage.unit.unrecoverable(1, i % 3);
        }
        stage.step();

        HandlerView view = stage.dispatcher.platform().handlers().get(0);
        assertEquals(9, view.offered());
        assertEquals(
                view.offered(), view.handled() + view.passed() + view.failed() + view.deferred());
        Sums.check(stage.counts());
    }
}
