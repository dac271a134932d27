package io.faultline.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QueueGrantTest {
    @ParameterizedTest
    @CsvSource({
        "0, 1, 64, 1",
        "-5, 1, 64, 1",
        "1, 1, 64, 1",
        "2, 1, 64, 2",
        "3, 1, 64, 4",
        "64, 1, 64, 64",
        "65, 1, 64, 64",
        "2147483647, 1, 1073741824, 1073741824",
        "1073741823, 1, 1073741824, 1073741824",
        "536870913, 1, 1073741824, 1073741824",
        "4, 33, 64, 64",
        "4, 32, 64, 32",
        "5, 0, 1, 1"
    })
    void grantsThePowerOfTwoThatHoldsWhatIsAsked(int requested, int least, int limit, int granted) {
        assertEquals(
                new QueueGrant(requested, granted, limit),
                QueueGrant.negotiate(requested, least, limit));
    }

    @ParameterizedTest
    @CsvSource({"8, 1, 0", "8, 1, -8", "8, 1, 12", "8, 65, 64", "8, 1, -2147483648"})
    void refusesALimitThatCannotBe(int requested, int least, int limit) {
        Exception refusal =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> QueueGrant.negotiate(requested, least, limit));

        assertTrue(refusal.getMessage().contains("limit=" + limit), refusal::getMessage);
    }

    @Property
    void alwaysGrantsAPowerOfTwoWithinItsBounds(
            @ForAll int requested, @ForAll int wanted, @ForAll @IntRange(max = 30) int log2) {
        int limit = 1 << log2;
        int least = Math.min(wanted, limit);

        int granted = QueueGrant.negotiate(requested, least, limit).granted();

        assertEquals(1, Integer.bitCount(granted));
        assertTrue(granted >= least && granted <= limit);
        assertTrue(granted >= Math.min(requested, limit));
    }
}
