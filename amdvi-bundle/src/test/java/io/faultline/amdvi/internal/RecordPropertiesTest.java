package io.faultline.amdvi.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.faultline.fault.Fault;
import io.faultline.fault.FaultKind;
import io.faultline.hardware.RecordDecoder;
import io.faultline.testkit.Decoded;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What holds for any bytes. {@link Decoded} counts the calls of the sink. */
class RecordPropertiesTest {
    private static final long CODE = 0xfL << 60;

    private final EventRecord events = new EventRecord();
    private final PprRecord requests = new PprRecord();

    @Property
    void anEventIsAFaultOrNotWrittenYet(
            @ForAll @IntRange(max = 15) int code, @ForAll @Size(2) long[] entry) {
        Decoded decoded = decode(events, (entry[0] & ~CODE) | (long) code << 60, entry[1]);

        assertEquals(code == 0 ? "not_written" : null, decoded.malformed());
        assertEquals(code == 0, decoded.fault() == null);
        assertFalse(decoded.keys().isEmpty());
    }

    @Property
    void anEventThatNamesADeviceNamesTheOneOfTheEntry(
            @ForAll @IntRange(min = 1, max = 15) int code, @ForAll @Size(2) long[] entry) {
        Fault fault = decode(events, (entry[0] & ~CODE) | (long) code << 60, entry[1]).fault();

        assertEquals(!List.of(5, 6, 10).contains(code), fault.hasRequester());
        assertEquals(fault.hasRequester() ? entry[0] & 0xffff : 0, fault.requester());
        assertEquals(FaultKind.UNRECOVERABLE, fault.kind());
    }

    /** Bits 31:20 of codes that know nothing there. */
    @Property
    void reservedBitsDoNotMatter(
            @ForAll @IntRange(min = 1, max = 8) int code,
            @ForAll @Size(2) long[] entry,
            @ForAll @IntRange(max = 0xfff) int noise) {
        long q0 = (entry[0] & ~CODE) | (long) code << 60;

        assertEquals(
                decode(events, q0, entry[1]).keys(),
                decode(events, q0 ^ (long) noise << 20, entry[1]).keys());
    }

    @Property
    void aPprEntryIsARequestOrAStopMarkerOrNone(
            @ForAll @IntRange(max = 15) int code, @ForAll @Size(2) long[] entry) {
        Decoded decoded = decode(requests, (entry[0] & ~CODE) | (long) code << 60, entry[1]);

        String why = code == 0 ? "not_written" : code == 1 ? null : "unknown_code";
        assertEquals(why, decoded.malformed());
        assertEquals(code == 1, decoded.fault() != null);
        assertNull(decoded.malformedRequest());
        assertFalse(decoded.keys().isEmpty());
    }

    /** Without GN, the PASID's bits and US. */
    @Property
    void whatCountsWithAPasidDoesNotMatterWithoutOne(
            @ForAll @Size(2) long[] entry, @ForAll long noise) {
        long q0 = ((entry[0] & ~CODE) | 1L << 60) & ~(1L << 56);
        long other = q0 ^ (noise & (0xffffL << 16 | 0xfL << 42 | 1L << 54));

        assertEquals(meaning(q0, entry[1]), meaning(other, entry[1]));
    }

    private Map<String, Object> meaning(long q0, long q1) {
        return new HashMap<>(decode(requests, q0, q1).keys());
    }

    @ParameterizedTest
    @CsvSource({
        "000400000d0020200010adfe00000000, I/O page fault of 04:00.0 domain 0xd at 0xfead1000 W"
                + " (flags 0x0020)",
        "01030a00cdab712000f0ffffff7f0000, I/O page fault of 03:00.1 pasid 0xaabcd at"
                + " 0x7ffffffff000 W+PRIV (flags 0x0071)",
        "08050000000000704012345600000000, invalidation time-out of 05:01.0" + " (flags 0x0000)",
        "010000000000008a200000f8fd000000, invalid request of 00:00.1 at 0xfdf8000020: posted write"
                + " to the interrupt or end-of-interrupt range where that is not allowed"
                + " (flags 0x0a00)",
        "100000000000003600100000000000ff, device table entry could not be read of 00:02.0 R: data"
                + " error (flags 0x0600)",
        "a9d900006a36eab1f32fb48a06c20000, event with the reserved code 0xb of d9:15.1 at"
                + " 0xc2068ab42ff3 (flags 0x01ea)"
    })
    void aSentenceSaysWhatTheEntryHas(String hex, String sentence) {
        Decoded decoded = Decoded.of(events, HexFormat.of().parseHex(hex));

        assertEquals(sentence, decoded.keys().get("description"));
    }

    @Test
    void anUnknownCodeOfThePprLogIsExplained() {
        String sentence = requests.explain(PprRecord.UNKNOWN_CODE, 0x2L << 60, 0, 0, 0);

        assertEquals(
                "PPR log record with code 0x2; 0x1 is the only one (AMD IOMMU specification, PPR"
                        + " log)",
                sentence);
    }

    private static Decoded decode(RecordDecoder decoder, long q0, long q1) {
        ByteBuffer entry = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
        return Decoded.of(decoder, entry.putLong(q0).putLong(q1).array());
    }
}
