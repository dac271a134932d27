package io.faultline.smmuv3.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.faultline.hardware.QueueState;
import io.faultline.hardware.RecordDecoder;
import io.faultline.testkit.Vector;
import io.faultline.testkit.VectorFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class QueueIndicesTest {
    static Stream<Vector> vectors() {
        return VectorFile.read(QueueIndicesTest.class, "smmuv3.jsonl").queue("index");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("vectors")
    void readsEveryVector(Vector vector) {
        ByteBuffer registers = ByteBuffer.wrap(vector.bytes()).order(ByteOrder.LITTLE_ENDIAN);
        long prod = Integer.toUnsignedLong(registers.getInt());
        long cons = Integer.toUnsignedLong(registers.getInt());
        int slots = 1 << (long) vector.fields().get("log2size");

        for (RecordDecoder decoder : List.of(new EventDecoder(), new PriDecoder())) {
            vector.assertExpected(keys(decoder.state(prod, cons, slots)));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 3, 48, 1 << 20, Integer.MIN_VALUE})
    void refusesWhatNoQueueHas(int slots) {
        Exception refused =
                assertThrows(IllegalArgumentException.class, () -> QueueIndices.state(0, 0, slots));

        assertEquals(
                "slots=" + slots + ": a queue has a power of two up to 524288",
                refused.getMessage());
    }

    private static Map<String, Object> keys(QueueState state) {
        Map<String, Object> keys = new HashMap<>();
        keys.put("kind", "queue_state");
        keys.put("inconsistent", state.inconsistent());
        keys.put("overflow", state.overflow());
        keys.put("empty", state.empty());
        keys.put("full", state.full());
        keys.put("count", state.count());
        keys.put("first_index", state.empty() ? null : state.first());
        keys.put("cons_after_drain_and_ack", "0x" + Long.toHexString(state.consAfterDrain()));
        return keys;
    }
}
