package io.faultline.dispatcher.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.faultline.fault.Response;
import io.faultline.handler.Handles;
import io.faultline.handler.Verdict;
import io.faultline.platform.HandlerControl;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A shadow is shown what its handler is offered, and decides nothing. */
class ShadowTest {
    private static final Verdict SUCCESS = Verdict.handled(Response.SUCCESS);
    private static final Verdict INVALID = Verdict.handled(Response.INVALID);

    private final Stage stage = new Stage();
    private final HandlerControl control = stage.dispatcher.handlerControl();
    private final FakeHandler pager =
            stage.handler("pager", FakeHandler.properties(5, "page_request")).says(SUCCESS);
    private final FakeHandler next = shadow();

    private FakeHandler shadow() {
        Map<String, Object> properties = FakeHandler.properties(50, "page_request");
        properties.put(Handles.SHADOW, "pager");
        return stage.handler("next", properties);
    }

    private void pages(int count) {
        for (int i = 0; i < count; i++) {
            stage.unit.page(7, 1, i, 0x1000L * i, true);
        }
        stage.step();
    }

    private HandlerControl.ShadowView view() {
        return control.shadows().get(0);
    }

    @Test
    void isShownTheSameFaultsAndNeverActs() {
        next.says(Verdict.handled(Response.FAILURE));

        pages(3);

        assertEquals(3, next.seen.size());
        for (int i = 0; i < 3; i++) {
            assertSame(pager.seen.get(i), next.seen.get(i));
        }
        assertEquals(
                List.of("SUCCESS 7/0", "SUCCESS 7/1", "SUCCESS 7/2"), stage.unit.takeAnswers());
        assertEquals(3, view().shown());
        assertEquals(3, view().disagreed());
        assertEquals(3, view().examples().size());
        assertTrue(view().examples().get(0).contains("FAILURE"), view()::toString);
        assertEquals(List.of("pager", "next"), stage.chain());
        assertEquals("shadow of pager", stage.dispatcher.platform().handlers().get(1).state());
        Sums.check(stage.counts());
    }

    @Test
    void agreesWhenVerdictAndResponseAreTheSame() {
        next.does(
                (fault, context) -> {
                    assertTrue(context.shadow());
                    return fault.iova() == 0x1000 ? INVALID : SUCCESS;
                });

        pages(5);

        assertEquals(4, view().agreed());
        assertEquals(1, view().disagreed());
        assertEquals(0, view().open());
    }

    @Test
    void comparesConclusionsInWhicheverOrderTheyCome() {
        pager.defers();
        next.defers();
        pages(3);
        assertEquals(3, view().open());

        assertTrue(next.deferrals.get(0).conclude(SUCCESS));
        assertFalse(next.deferrals.get(0).conclude(SUCCESS));
        pager.deferrals.get(0).conclude(SUCCESS);
        pager.deferrals.get(1).conclude(INVALID);
        stage.step();
        next.deferrals.get(1).conclude(SUCCESS);
        stage.step();

        assertEquals(List.of("SUCCESS 7/0", "INVALID 7/1"), stage.unit.takeAnswers());
        assertEquals(1, view().agreed());
        assertEquals(1, view().disagreed());
        assertEquals(1, view().open());
        assertEquals(1, stage.counts().pending());
    }

    @Test
    void countsWhatItIsTooSlowFor() {
        for (int i = 0; i < Shadow.CAPACITY + 10; i += 1000) {
            int some = Math.min(1000, Shadow.CAPACITY + 10 - i);
            for (int k = 0; k < some; k++) {
                stage.unit.page(7, 1, k, 0x1000, true);
            }
            stage.dispatcher.lanes().forEach(lane -> stepToTheEnd(lane));
        }

        stage.step();

        assertEquals(10, view().lost());
        assertEquals(Shadow.CAPACITY, view().shown());
    }

    private static void stepToTheEnd(Lane lane) {
        while (lane.stepByHand() > 0) {}
    }

    @Test
    void isTakenOutWhenItKeepsThrowing() {
        stage.set("handler.failures", 2);
        next.does(
                (fault, context) -> {
                    throw new IllegalStateException("broken");
                });

        pages(5);

        assertEquals(2, next.seen.size());
        assertEquals("out: failed 2 times in a row", view().state());
        assertEquals(5, pager.seen.size());
    }

    @Test
    void isPromotedToThePlaceOfItsHandler() {
        FakeHandler last = stage.handler("last", FakeHandler.properties(0, "page_request"));
        next.says(INVALID);
        pager.says(Verdict.PASSED);
        pages(1);

        control.promote("next");
        pages(1);

        assertEquals(List.of("INVALID 7/0", "INVALID 7/0"), stage.unit.takeAnswers());
        assertEquals(1, pager.seen.size());
        assertEquals(2, next.seen.size());
        assertEquals(1, last.seen.size());
        assertEquals(List.of(), control.shadows());
        assertEquals(List.of("next", "last", "pager"), stage.chain());
        assertEquals("replaced by its shadow next", control.out().get(0).why());

        stage.remove(next);
        pages(1);
        assertEquals(2, pager.seen.size());
        assertEquals(List.of("pager", "last"), stage.chain());
    }

    @Test
    void letsTheHandlerBackInThatAShadowHasReplaced() {
        next.says(Verdict.PASSED);
        control.promote("next");

        assertTrue(control.readmit("pager"));
        pages(1);

        assertEquals(1, pager.seen.size());
        assertEquals(List.of("SUCCESS 7/0"), stage.unit.takeAnswers());
    }

    @Test
    void saysWhoIsNotThere() {
        assertThrows(IllegalArgumentException.class, () -> control.promote("nobody"));
        stage.remove(pager);
        assertEquals("there is no handler pager", view().state());
        assertThrows(IllegalStateException.class, () -> control.promote("next"));
        assertEquals(1, control.shadows().size());
        stage.remove(next);
        assertEquals(List.of(), control.shadows());
    }
}
