package io.faultline.replay.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.math.BigInteger;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RateTest {
    @Test
    void hasThreeForms() {
        assertEquals(Optional.of(Rate.MAX), Rate.parse("max"));
        assertEquals(Optional.of(Rate.RECORDED), Rate.parse("recorded"));
        assertEquals(Optional.of(new Rate(100_000)), Rate.parse("100000"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "-1", "1000000001", "fast", "1e5", "9223372036854775807"})
    void refusesWhatIsNoRate(String text) {
        assertEquals(Optional.empty(), Rate.parse(text));
    }

    @Property
    void isExactHoweverLongItPlays(
            @ForAll @LongRange(min = 1, max = Rate.HIGHEST) long perSecond,
            @ForAll @LongRange(min = 0) long nanos) {
        long due = new Rate(perSecond).dueAfter(nanos);

        BigInteger exact =
                BigInteger.valueOf(nanos)
                        .multiply(BigInteger.valueOf(perSecond))
                        .divide(BigInteger.valueOf(1_000_000_000));
        assertEquals(exact.longValueExact(), due);
    }
}
