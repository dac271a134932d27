package io.faultline.replay.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReplayedTest {
    @Test
    void hasDefaultsForAllButTheFile() {
        Replayed replayed = Replayed.of(Map.of("file", "a.bin", "service.pid", "x~1"));

        assertEquals(new Replayed("a.bin", Rate.MAX, false, null, null, null), replayed);
    }

    @Test
    void readsTextsAndTypedValues() {
        Map<String, Object> properties =
                Map.of(
                        "file",
                        "a.bin",
                        "rate",
                        100_000,
                        "loop",
                        true,
                        "queue",
                        "smmuv3:priq",
                        "responses",
                        "out.jsonl",
                        "unit",
                        "smmu0");

        Replayed replayed = Replayed.of(properties);

        assertEquals(
                new Replayed(
                        "a.bin",
                        new Rate(100_000),
                        true,
                        new QueueName("smmuv3", "priq"),
                        "out.jsonl",
                        "smmu0"),
                replayed);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "rate | fast | rate=fast: allowed are max, recorded, or records a second from 1 to 1000000000",
                "rate | 0 | rate=0: allowed are max",
                "loop | yes | loop=yes: allowed are true and false",
                "queue | smmuv3 | queue=smmuv3: allowed is arch:queue",
                "file | '' | file=: needed is the path",
                "rat | 7 | rat=7: no such key; there are file, loop, queue, rate, responses, unit"
            })
    void refusesABadValueWithWhatIsAllowed(String key, String value, String message) {
        Map<String, Object> properties = new HashMap<>(Map.of("file", "a.bin"));
        properties.put(key, value);

        var refused = assertThrows(IllegalArgumentException.class, () -> Replayed.of(properties));

        assertTrue(
                refused.getMessage().startsWith("io.faultline.replay: " + message),
                refused::getMessage);
    }

    @Test
    void playsTheSameAtAnotherRate() {
        Replayed slow = Replayed.of(Map.of("file", "a.bin", "rate", "10"));

        assertTrue(slow.playsTheSameAs(Replayed.of(Map.of("file", "a.bin", "loop", "true"))));
        assertFalse(slow.playsTheSameAs(Replayed.of(Map.of("file", "b.bin", "rate", "10"))));
        assertFalse(slow.playsTheSameAs(Replayed.of(Map.of("file", "a.bin", "unit", "u"))));
    }
}
