package io.faultline.vtd.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.faultline.testkit.Keys;
import io.faultline.testkit.Vector;
import io.faultline.testkit.VectorFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class FaultStatusTest {
    static Stream<Vector> vectors() {
        return VectorFile.read(FaultStatusTest.class, "vtd.jsonl").queue("fsts");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("vectors")
    void decodesEveryVector(Vector vector) {
        int value = ByteBuffer.wrap(vector.bytes()).order(ByteOrder.LITTLE_ENDIAN).getInt();
        Keys keys = new Keys();
        keys.text("kind", "status");

        new FaultStatus(value).describe(keys);

        vector.assertExpected(keys.values());
    }

    @Test
    void takesAllOnesForAUnitThatIsGone() {
        FaultStatus status = new FaultStatus(-1);

        assertTrue(status.gone());
        assertFalse(status.pending() || status.overflow());
    }

    @ParameterizedTest
    @CsvSource({
        "0x2, 'fault status 0x2: fault recorded, first in register 0'",
        "0x303, 'fault status 0x303: fault recorded, first in register 3, at least one fault was"
                + " lost'",
        "0x40, 'fault status 0x40: invalidation time-out'",
        "0x0, 'fault status 0x0: nothing pending'",
        "-1, 'fault status 0xffffffff: the unit does not answer (removed or powered off)'"
    })
    void saysItInASentence(int value, String sentence) {
        assertEquals(sentence, new FaultStatus(value).sentence());
    }
}
