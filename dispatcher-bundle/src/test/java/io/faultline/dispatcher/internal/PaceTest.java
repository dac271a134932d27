package io.faultline.dispatcher.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class PaceTest {
    private static final int LIMIT = 256;

    private final Pace pace = new Pace();
    private long nanos;

    /** A step that takes on all it may, and lasts. */
    private int step(long lasts) {
        int most = pace.begin(nanos, LIMIT);
        pace.did(most);
        nanos += lasts;
        return most;
    }

    @Test
    void takesOnAFullBatchWhileStepsAreShort() {
        for (int i = 0; i < 100; i++) {
            assertEquals(LIMIT, step(Pace.STEP_NANOS));
        }
    }

    @Test
    void takesOnWhatFitsAfterALongStepAndTwiceAsMuchEachTimeAfterThat() {
        step(4 * Pace.STEP_NANOS);

        assertEquals(64, step(1));
        assertEquals(128, step(1));
        assertEquals(256, step(1));
        assertEquals(256, step(1));
    }

    @Test
    void staysAtWhatFitsWhileHandlersAreSlow() {
        step(LIMIT * 1_000); // a record takes a microsecond

        for (int i = 0; i < 10; i++) {
            assertEquals(64, step(64 * 1_000));
        }
    }

    @Test
    void takesOnSomeHoweverLongAStepLasted() {
        step(1_000_000_000);

        assertEquals(Pace.LEAST, step(1));
    }

    @Test
    void doesNotCountTheTimeThatALaneSlept() {
        pace.begin(nanos, LIMIT); // and finds nothing
        nanos += 1_000_000_000;

        assertEquals(LIMIT, step(1));
    }

    @Test
    void beginsWithLittleWhenOtherHandlersCome() {
        step(1);
        step(1);

        pace.other();

        assertEquals(Pace.LEAST, step(1));
        assertEquals(2 * Pace.LEAST, step(1));
        assertEquals(4 * Pace.LEAST, step(1));
    }
}
