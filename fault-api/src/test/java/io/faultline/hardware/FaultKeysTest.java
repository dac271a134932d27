package io.faultline.hardware;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.faultline.fault.Fault;
import io.faultline.fault.FaultBits;
import io.faultline.fault.Faults;
import io.faultline.fault.Origin;
import io.faultline.fault.Reason;
import io.faultline.fault.TimeBase;
import io.faultline.fault.Unit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class FaultKeysTest {
    private static final Origin ORIGIN =
            new Origin(new Unit("test", "test0"), "q", 0, TimeBase.BOOT, false);
    private static final int PRESENT = FaultBits.HAS_REQUESTER | FaultBits.HAS_IOVA;

    /** Keys by name, and their order. */
    private static final class Collected implements KeySink {
        final Map<String, Object> values = new HashMap<>();
        final List<String> order = new ArrayList<>();

        private void take(String key, Object value) {
            order.add(key);
            values.put(key, value);
        }

        @Override
        public void number(String key, long value) {
            take(key, value);
        }

        @Override
        public void hex(String key, long value) {
            take(key, Long.toHexString(value));
        }

        @Override
        public void text(String key, String value) {
            take(key, value);
        }

        @Override
        public void flag(String key, boolean value) {
            take(key, value);
        }

        @Override
        public void words(String key, List<String> words) {
            take(key, words);
        }

        @Override
        public void object(String key, Consumer<KeySink> members) {
            Collected object = new Collected();
            members.accept(object);
            take(key, object.values);
        }

        @Override
        public void none(String key) {
            take(key, null);
        }
    }

    private static Collected describe(Fault fault) {
        Collected keys = new Collected();
        FaultKeys.describe(fault, keys);
        return keys;
    }

    private static Fault unrecoverable(int attributes, String device) {
        return Faults.unrecoverable(
                ORIGIN,
                device,
                0,
                1,
                0,
                Reason.ACCESS_FLAG,
                6,
                attributes,
                -1,
                Fault.NO_PASID,
                -4096,
                0,
                0,
                0,
                0,
                0);
    }

    private static Fault group(int attributes, Reason reason, int index) {
        return Faults.group(
                ORIGIN, null, 0, 1, 0, reason, -1, attributes, 1, 5, index, 0, 0, 0, 0, 0, 0, null);
    }

    @Test
    void describesAnUnrecoverableFault() {
        Collected keys = describe(unrecoverable(PRESENT | FaultBits.WRITE, "01:00.0"));

        assertEquals(
                List.of(
                        "kind",
                        "arch",
                        "unit",
                        "device",
                        "stream",
                        "pasid",
                        "addr",
                        "perms",
                        "last",
                        "grpid",
                        "stall",
                        "response_expected",
                        "reason",
                        "reason_code"),
                keys.order);
        assertEquals(0xffff_ffffL, keys.values.get("stream"));
        assertNull(keys.values.get("pasid"));
        assertEquals("fffffffffffff000", keys.values.get("addr"));
        assertEquals(List.of("W"), keys.values.get("perms"));
        assertNull(keys.values.get("grpid"));
        assertEquals("ACCESS", keys.values.get("reason"));
        assertEquals(7L, keys.values.get("reason_code"));
        assertEquals(false, keys.values.get("response_expected"));
    }

    @Test
    void saysNullForWhatTheRecordLacks() {
        Collected keys = describe(unrecoverable(0, null));

        assertFalse(keys.order.contains("device"));
        assertTrue(keys.order.containsAll(List.of("stream", "addr")));
        assertNull(keys.values.get("stream"));
        assertNull(keys.values.get("addr"));
    }

    @Test
    void describesARequestWithoutAReason() {
        Collected keys = describe(group(PRESENT | FaultBits.LAST, Reason.UNKNOWN, -1));

        assertFalse(keys.order.contains("reason"));
        assertEquals(true, keys.values.get("last"));
        assertEquals(0xffff_ffffL, keys.values.get("grpid"), "iommufd has 32 bits");
        assertEquals(true, keys.values.get("response_expected"));
        assertEquals(5L, keys.values.get("pasid"));
    }

    @Test
    void describesAStallWithItsReason() {
        int attributes = PRESENT | FaultBits.LAST | FaultBits.STALLED;

        Collected keys = describe(group(attributes, Reason.NOT_PRESENT, 7));

        assertEquals(true, keys.values.get("stall"));
        assertEquals("PTE_FETCH", keys.values.get("reason"));
        assertEquals(7L, keys.values.get("grpid"));
    }

    @Test
    void describesHintsAndStopMarkers() {
        Collected hint =
                describe(
                        Faults.hint(
                                ORIGIN, null, 0, 1, 0, 36, PRESENT, 1, -1, 0, 4096, 0, 0, 0, 0));
        Collected marker =
                describe(
                        Faults.stopMarker(
                                ORIGIN, null, 0, 1, 0, FaultBits.LAST, 1, 5, 9, 0, 0, 0, 0));

        assertEquals("hint", hint.values.get("kind"));
        assertNull(hint.values.get("last"));
        assertFalse(hint.order.contains("reason"));
        assertEquals("page_request_stop", marker.values.get("kind"));
        assertEquals(true, marker.values.get("last"));
        assertEquals(9L, marker.values.get("grpid"));
        assertEquals(false, marker.values.get("response_expected"));
    }

    @Test
    void expectsAnAnswerForPrivateDataToo() {
        assertTrue(FaultKeys.expectsResponse(group(FaultBits.PRIVATE_DATA, Reason.UNKNOWN, 1)));
        assertFalse(FaultKeys.expectsResponse(group(FaultBits.READ, Reason.UNKNOWN, 1)));
        assertFalse(FaultKeys.expectsResponse(unrecoverable(FaultBits.LAST, null)));
    }
}
