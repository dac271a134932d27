package io.faultline.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class VectorFileTest {
    private static final VectorFile FILE = VectorFile.read(VectorFileTest.class, "sample.jsonl");

    @Test
    void readsWhatALineSays() {
        Vector vector = FILE.all().findFirst().orElseThrow();

        assertEquals("x-1", vector.toString());
        assertArrayEquals(new byte[] {0, (byte) 0xff}, vector.bytes());
        assertEquals(Map.of("code", 2L, "wide", "0xffffffffff"), vector.fields());
        assertEquals(List.of("R", "W"), vector.expect().get("perms"));
        assertEquals("SUCCESS", vector.response().get("code"));
        assertEquals("why", vector.note());
    }

    @Test
    void joinsTheRecordsOfASequence() {
        Vector sequence = FILE.queue("sequence").findFirst().orElseThrow();

        assertEquals("000102ff", sequence.hex());
    }

    @Test
    void refusesAQueueWithoutVectors() {
        assertThrows(IllegalArgumentException.class, () -> FILE.queue("evtq"));
    }

    @Test
    void namesTheResourceThatIsMissingOrBroken() {
        Exception missing = assertThrows(IllegalArgumentException.class, () -> read("none.jsonl"));
        Exception broken = assertThrows(IllegalArgumentException.class, () -> read("broken.jsonl"));

        assertTrue(missing.getMessage().startsWith("none.jsonl"), missing::getMessage);
        assertTrue(broken.getMessage().startsWith("broken.jsonl: line 3"), broken::getMessage);
    }

    private static VectorFile read(String resource) {
        return VectorFile.read(VectorFileTest.class, resource);
    }

    @Test
    void acceptsWhatIsExpectedBesideOtherKeys() {
        Map<String, Object> actual = keys();
        actual.put("more", "of it");
        actual.put("description", "another sentence");
        actual.put("stream", 8);

        FILE.all().findFirst().orElseThrow().assertExpected(actual);
    }

    @Test
    void namesEachKeyThatDiffers() {
        Map<String, Object> actual = keys();
        actual.put("stream", 9L);
        actual.put("perms", List.of("W", "R"));
        actual.remove("pasid");

        AssertionError error =
                assertThrows(
                        AssertionError.class,
                        () -> FILE.all().findFirst().orElseThrow().assertExpected(actual));

        assertEquals(
                """
                x-1 test:one 00ff
                  stream: expected 8, actual 9
                  pasid: expected null, actual (no such key)
                  perms: expected [R, W], actual [W, R]""",
                error.getMessage());
    }

    @Test
    void comparesAnObjectLikeTheWhole() {
        Vector vector = FILE.queue("object").findFirst().orElseThrow();

        vector.assertExpected(Map.of("event", Map.of("stream", 8, "more", "of it")));

        Map<String, Object> wrong = Map.of("event", Map.of("stream", 9));
        String message =
                assertThrows(AssertionError.class, () -> vector.assertExpected(wrong)).getMessage();
        assertTrue(message.endsWith("\n  event.stream: expected 8, actual 9"), message);
    }

    private static Map<String, Object> keys() {
        Map<String, Object> keys = new HashMap<>();
        keys.put("kind", "page_request");
        keys.put("stream", 8L);
        keys.put("pasid", null);
        keys.put("perms", List.of("R", "W"));
        return keys;
    }
}
