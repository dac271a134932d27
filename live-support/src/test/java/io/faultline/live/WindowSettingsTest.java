package io.faultline.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WindowSettingsTest {
    private static final String KEY = "log2size";

    private static WindowSettings settings(String key, String value) {
        return new WindowSettings(Map.of(key, value));
    }

    @Test
    void isThePresetWhereNothingIsSaid() {
        WindowSettings nothing = new WindowSettings(Map.of());

        assertEquals(9, nothing.number(KEY, 9, 8, 15));
        assertFalse(nothing.flag(KEY));
        assertEquals(200_000, nothing.pollNanos());
    }

    @ParameterizedTest
    @ValueSource(ints = {8, 12, 15})
    void takesANumberWithinItsRange(int number) {
        assertEquals(number, settings(KEY, "" + number).number(KEY, 9, 8, 15));
    }

    @ParameterizedTest
    @ValueSource(strings = {"7", "16", "-1", "", " 9", "9 ", "0x9", "9.0", "4294967305", "many"})
    void refusesWhatIsNoNumberWithinItsRange(String value) {
        WindowSettings settings = settings(KEY, value);

        Exception e =
                assertThrows(IllegalArgumentException.class, () -> settings.number(KEY, 9, 8, 15));

        assertEquals("log2size=" + value + " is out of range; allowed are 8 to 15", e.getMessage());
    }

    @Property
    void givesNoNumberOutOfItsRange(@ForAll String value) {
        WindowSettings settings = settings(KEY, value);
        try {
            int number = settings.number(KEY, 9, 8, 15);
            assertEquals(number, Integer.parseInt(value));
            assertTrue(number >= 8 && number <= 15, value);
        } catch (IllegalArgumentException e) {
            assertTrue(e.getMessage().startsWith("log2size=" + value + " is out"), e::getMessage);
        }
    }

    @Test
    void knowsTwoWordsForASwitch() {
        assertTrue(settings(KEY, "true").flag(KEY));
        assertFalse(settings(KEY, "false").flag(KEY));

        Exception e =
                assertThrows(IllegalArgumentException.class, () -> settings(KEY, "yes").flag(KEY));

        assertEquals("log2size=yes; allowed are true and false", e.getMessage());
    }

    @Test
    void readsHowOftenToPoll() {
        assertEquals(0, settings("poll.us", "0").pollNanos());
        assertEquals(1_000_000_000, settings("poll.us", "1000000").pollNanos());

        Exception e =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> settings("poll.us", "1000001").pollNanos());

        assertEquals("poll.us=1000001 is out of range; allowed are 0 to 1000000", e.getMessage());
    }
}
