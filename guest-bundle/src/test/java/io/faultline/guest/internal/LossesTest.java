package io.faultline.guest.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** Each lost event is told of once. */
class LossesTest {
    private final Losses losses = new Losses();

    @Test
    void tellsOfABatchsLossesOnceItIsPublished() {
        losses.add(3);
        assertFalse(losses.hasPublished());
        assertEquals(0, losses.takePublished());

        losses.publish();
        losses.add(2);
        assertTrue(losses.hasPublished());
        assertEquals(3, losses.takePublished());
        assertEquals(0, losses.takePublished());
        assertEquals(2, losses.untold());
    }

    @Test
    void tellsWithAnEventOfAllBeforeIt() {
        losses.add(3);
        losses.publish();
        losses.add(2);

        assertEquals(5, losses.takeAll());
        assertFalse(losses.hasPublished());
        assertEquals(0, losses.takePublished());
        losses.publish();
        assertEquals(0, losses.takePublished(), "the event has told of them");
        assertEquals(0, losses.untold());
    }
}
