package io.faultline.iommufd.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.faultline.fault.Fault;
import io.faultline.smmuv3.internal.EventDecoder;
import io.faultline.testkit.Decoded;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class VirtualEventTest {
    private final EventDecoder inner = new EventDecoder();
    private final VirtualEvent decoder = new VirtualEvent(inner);

    /** A stream of both kinds is read by what each header says. */
    @Test
    void isAsLongAsItsHeaderSays() {
        ByteBuffer stream = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
        stream.putLong(0, 5L << 32 | 1).putLong(8, 6L << 32);

        assertEquals(8, decoder.recordBytes(stream, 0));
        assertEquals(40, decoder.recordBytes(stream, 8));
        assertEquals(40, decoder.recordBytes());
    }

    @Test
    void isTheFaultThatIsInside() {
        long[] event = {0x100L << 32 | 0x10, 0, 0x1000, 0};

        Fault fault = decode(0, event).fault();

        assertEquals(0x100, fault.requester());
        assertEquals(0x1000, fault.iova());
        assertEquals(0x10, fault.code());
    }

    /** It says of the event no more and no less than the decoder of SMMUv3. */
    @Test
    void showsTheEventWithoutWhereItComesFrom() {
        Map<?, ?> event =
                (Map<?, ?>) decode(0, 0x100L << 32 | 0x10, 0, 0x1000, 0).keys().get("event");

        assertEquals("F_TRANSLATION", event.get("event"));
        assertTrue(!event.containsKey("arch") && !event.containsKey("unit"), event::toString);
    }

    @Test
    void explainsWhatIsLostAndWhatIsMalformed() {
        assertEquals(
                "events were lost, the last of them number 4",
                decoder.explain("lost_events", 4L << 32 | 1, 0, 0, 0));
        assertEquals(
                inner.explain("unknown_event", 0x7f, 0, 0, 0),
                decoder.explain("unknown_event", 0x7f, 0, 0, 0));
    }

    @Property
    void saysOfAnyEventWhatSmmuv3Says(@ForAll @Size(4) long[] event, @ForAll int sequence) {
        Decoded virtual = decode((long) sequence << 32, event);

        Decoded real = Decoded.of(inner, bytes(event));
        assertEquals(real.malformed(), virtual.malformed());
        assertEquals(Integer.toUnsignedLong(sequence), virtual.keys().get("sequence"));
        assertEquals(real.fault() != null, virtual.keys().get("kind").equals("vevent"));
        assertEquals(sequence + 1 & 0x7fff_ffffL, virtual.keys().get("next_sequence"));
    }

    private Decoded decode(long header, long... event) {
        long[] words = new long[5];
        words[0] = header;
        System.arraycopy(event, 0, words, 1, event.length);
        return Decoded.of(decoder, bytes(words));
    }

    private static byte[] bytes(long[] words) {
        ByteBuffer bytes = ByteBuffer.allocate(words.length * 8).order(ByteOrder.LITTLE_ENDIAN);
        Arrays.stream(words).forEach(bytes::putLong);
        return bytes.array();
    }
}
