package io.faultline.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.faultline.fault.Fault;
import io.faultline.fault.FaultBits;
import io.faultline.fault.FaultKind;
import io.faultline.fault.PageRequestGroup;
import io.faultline.fault.Reason;
import io.faultline.hardware.FaultSink;
import io.faultline.hardware.KeySink;
import io.faultline.hardware.RecordDecoder;
import java.nio.ByteBuffer;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DecodedTest {
    private static final byte[] RECORD = new byte[16];

    /** A decoder of 16 bytes that does what a test wants. */
    private record Scripted(Script script) implements RecordDecoder {
        interface Script {
            void decode(ByteBuffer queue, int at, FaultSink out);
        }

        @Override
        public int recordBytes() {
            return 16;
        }

        @Override
        public void decode(ByteBuffer queue, int at, FaultSink out) {
            script.decode(queue, at, out);
        }

        @Override
        public void describe(Fault fault, KeySink keys) {
            keys.text("event", "SCRIPTED");
        }
    }

    private static Decoded decode(Scripted.Script script) {
        return Decoded.of(new Scripted(script), RECORD);
    }

    @Test
    void givesTheFaultAndItsKeys() {
        Decoded decoded =
                decode(
                        (queue, at, out) ->
                                out.stall(
                                        Reason.PERMISSION,
                                        0x13,
                                        FaultBits.READ,
                                        5,
                                        -1,
                                        9,
                                        0,
                                        0,
                                        1,
                                        2,
                                        0,
                                        0));

        PageRequestGroup stall = (PageRequestGroup) decoded.fault();
        assertTrue(stall.stalled() && stall.complete());
        assertEquals(2, stall.rawWords());
        assertEquals(2, stall.raw(1));
        assertEquals("SCRIPTED", decoded.keys().get("event"));
        assertEquals("PERMISSION", decoded.keys().get("reason"));
    }

    @Test
    void givesAPageRequestAsAGroupOfOne() {
        Decoded last =
                decode((q, at, out) -> out.pageRequest(FaultBits.LAST, 1, 2, 3, 4, 0, 0, 0, 0));
        Decoded other = decode((q, at, out) -> out.pageRequest(0, 1, 2, 3, 4, 0, 0, 0, 0));

        assertTrue(((PageRequestGroup) last.fault()).complete());
        assertEquals(false, other.keys().get("response_expected"));
        assertEquals(FaultKind.PAGE_REQUEST, other.fault().kind());
    }

    @Test
    void givesWhyARecordIsMalformed() {
        Decoded plain = decode((q, at, out) -> out.malformed("unknown_event", 0, 0, 0, 0));
        Decoded request =
                decode(
                        (q, at, out) ->
                                out.malformedRequest(
                                        "reserved_bits", FaultBits.LAST, 7, -1, 3, 0, 0, 0, 0));

        assertEquals("unknown_event", plain.malformed());
        assertNull(plain.malformedRequest());
        assertEquals(
                Map.of(
                        "kind",
                        "malformed",
                        "malformed",
                        "unknown_event",
                        "response_expected",
                        false),
                plain.keys());
        assertEquals(3, request.malformedRequest().groupIndex());
        assertTrue(request.malformedRequest().complete());
    }

    @Test
    void givesTheKindOfWhatIsNoFault() {
        Decoded lost = decode((q, at, out) -> out.noFault("lost_events", 0, 0, 0, 0));

        assertEquals(Map.of("kind", "lost_events"), lost.keys());
        assertNull(lost.fault());
        assertNull(lost.malformed());
    }

    @Test
    void tellsAnEmptySlotFromOneThatIsNotWrittenYet() {
        Decoded empty = decode((q, at, out) -> out.empty());
        Decoded notWritten = decode((q, at, out) -> out.notWritten());

        assertTrue(empty.isEmpty());
        assertEquals("none", empty.keys().get("kind"));
        assertEquals("not_written", notWritten.malformed());
    }

    @Test
    void doesNotAskADecoderAboutAShortRecord() {
        Decoded decoded =
                Decoded.of(
                        new Scripted(
                                (q, at, out) -> {
                                    throw new AssertionError("asked");
                                }),
                        new byte[15]);

        assertEquals("short_record", decoded.malformed());
    }

    @Test
    void catchesADecoderThatSaysNothingOrTooMuch() {
        assertThrows(AssertionError.class, () -> decode((q, at, out) -> {}));
        assertThrows(
                AssertionError.class,
                () ->
                        decode(
                                (q, at, out) -> {
                                    out.empty();
                                    out.notWritten();
                                }));
    }

    @Test
    void catchesADecoderThatChangesTheQueue() {
        assertThrows(
                AssertionError.class,
                () ->
                        decode(
                                (queue, at, out) -> {
                                    queue.getLong();
                                    out.empty();
                                }));
        assertThrows(
                AssertionError.class,
                () ->
                        decode(
                                (queue, at, out) -> {
                                    queue.put(at, (byte) 1);
                                    out.empty();
                                }));
    }
}
