package io.faultline.smmuv3.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.faultline.fault.Fault;
import io.faultline.fault.PageRequestGroup;
import io.faultline.fault.Response;
import io.faultline.fault.StopMarker;
import io.faultline.hardware.RecordDecoder;
import io.faultline.testkit.Decoded;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** What holds for any bytes. {@link Decoded} counts the calls of the sink. */
class RecordPropertiesTest {
    private final EventDecoder events = new EventDecoder();
    private final PriDecoder requests = new PriDecoder();
    private final ResponseCommands commands = new ResponseCommands();

    @Property
    void anyEventGivesExactlyOneReport(@ForAll @Size(32) byte[] record) {
        Decoded.of(events, record).keys();
    }

    @Property
    void anyPageRequestGivesExactlyOneReport(@ForAll @Size(16) byte[] record) {
        Decoded.of(requests, record).keys();
    }

    /** The first byte decides what the rest means, so each of its values gets its share. */
    @Property
    void onlyNumbersWithoutAMeaningAreMalformed(
            @ForAll @IntRange(max = 255) int number, @ForAll @Size(31) byte[] rest) {
        byte[] record = ByteBuffer.allocate(32).put((byte) number).put(rest).array();

        Decoded decoded = Decoded.of(events, record);

        boolean reserved = EventType.of(number) == EventType.RESERVED;
        assertEquals(reserved ? "unknown_event" : null, decoded.malformed());
    }

    @Property
    void reservedBitsOfAnEventDoNotMatter(
            @ForAll @IntRange(max = 255) int number,
            @ForAll @Size(4) long[] record,
            @ForAll @Size(4) long[] noise) {
        long[] one = record.clone();
        one[0] = (one[0] & ~0xffL) | number;
        long[] other = one.clone();
        long[] reserved = reservedBits(EventType.of(number), one);
        for (int word = 0; word < 4; word++) {
            other[word] ^= noise[word] & reserved[word];
        }

        assertEquals(meaning(events, one), meaning(events, other));
    }

    @Property
    void reservedBitsOfAPageRequestDoNotMatter(
            @ForAll @Size(2) long[] record, @ForAll @Size(2) long[] noise) {
        long[] other = {
            record[0] ^ (noise[0] & 0x03f0_0000_0000_0000L), record[1] ^ (noise[1] & 0xe00)
        };

        assertEquals(meaning(requests, record), meaning(requests, other));
    }

    @Property
    void theAnswerToAStallGivesStreamAndTagBack(
            @ForAll @IntRange(min = 0x10, max = 0x13) int number,
            @ForAll @Size(4) long[] record,
            @ForAll Response response) {
        record[0] = (record[0] & ~0xffL) | number;
        record[1] |= EventRecord.STALL;

        long[] command = answer((PageRequestGroup) decode(events, record).fault(), response);

        assertEquals(record[0] >>> 32, command[0] >>> 32);
        assertEquals(record[1] & 0xffff, command[1]);
        assertEquals(response == Response.SUCCESS ? 1 : 2, command[0] >>> 12 & 0xfffff);
    }

    @Property
    void theAnswerToAGroupGivesStreamPasidAndIndexBack(
            @ForAll @Size(2) long[] record, @ForAll Response response) {
        Fault request = decode(requests, record).fault();
        Assume.that(!(request instanceof StopMarker));

        long[] command = answer((PageRequestGroup) request, response);

        boolean substream = record[0] < 0;
        assertEquals(record[0] & 0xffff_ffffL, command[0] >>> 32);
        assertEquals(substream ? 1 : 0, command[0] >>> 11 & 1);
        assertEquals(substream ? record[0] >>> 32 & 0xfffff : 0, command[0] >>> 12 & 0xfffff);
        assertEquals(record[1] & 0x1ff, command[1] & 0xfff);
    }

    private long[] answer(PageRequestGroup group, Response response) {
        ByteBuffer to = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
        commands.encode(group, response, to);
        return new long[] {to.getLong(0), to.getLong(8)};
    }

    private static Decoded decode(RecordDecoder decoder, long[] words) {
        ByteBuffer record = ByteBuffer.allocate(words.length * 8).order(ByteOrder.LITTLE_ENDIAN);
        record.asLongBuffer().put(words);
        return Decoded.of(decoder, record.array());
    }

    private static Map<String, Object> meaning(RecordDecoder decoder, long[] words) {
        Map<String, Object> keys = new HashMap<>(decode(decoder, words).keys());
        // tells details of the raw words, too
        keys.remove("description");
        return keys;
    }

    /** The bits that the table of 7.3 draws as RES0, and what is UNKNOWN, for one event. */
    private static long[] reservedBits(EventType type, long[] words) {
        boolean substream = (words[0] & EventRecord.SSV) != 0;
        long[] used =
                switch (type) {
                    case RESERVED -> new long[] {0xff, 0, 0, 0};
                    case F_STREAM_DISABLED -> new long[] {0, 0, 0, 0};
                    case F_TRANSL_FORBIDDEN -> new long[] {0, 1L << 35, -1, 0};
                    case C_BAD_SUBSTREAMID -> new long[] {0xffff_f000L, 0, 0, 0};
                    case F_BAD_ATS_TREQ ->
                            new long[] {0x800, 0xf000_0000L, EventRecord.PAGE_MASK, 0};
                    case E_PAGE_REQUEST ->
                            new long[] {0x800, 0x000f_f0ee_0000_0000L, EventRecord.PAGE_MASK, 0};
                    case F_UUT -> new long[] {0x800, 0xe_0000_0000L, -1, 0};
                    case F_STE_FETCH, F_CD_FETCH, F_VMS_FETCH ->
                            new long[] {0x800, 0, 0, EventRecord.FETCH_MASK};
                    case F_WALK_EABT ->
                            new long[] {0x800, 0x38e_0000_0000L, -1, EventRecord.FETCH_MASK};
                    case F_TLB_CONFLICT -> new long[] {0x800, 0x8e_0000_0000L, -1, ipaMask(words)};
                    case F_TRANSLATION, F_ADDR_SIZE, F_ACCESS, F_PERMISSION ->
                            new long[] {0x800, 0x38e_8000_ffffL, -1, ipaMask(words)};
                    default -> new long[] {0x800, 0, 0, 0};
                };
        used[0] |= 0xffff_ffff_0000_00ffL;
        used[0] |= (used[0] & 0x800) != 0 && substream ? 0xffff_f000L : 0;
        boolean stalled = type.canStall() && (words[1] & EventRecord.STALL) != 0;
        used[1] &= type.canStall() && !stalled ? ~0xffffL : -1;
        return new long[] {~used[0], ~used[1], ~used[2], ~used[3]};
    }

    private static long ipaMask(long[] words) {
        return (words[1] & 1L << 39) != 0 ? EventRecord.IPA_MASK : 0;
    }
}
