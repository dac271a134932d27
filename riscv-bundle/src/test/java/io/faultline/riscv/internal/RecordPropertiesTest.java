package io.faultline.riscv.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.faultline.fault.Fault;
import io.faultline.hardware.RecordDecoder;
import io.faultline.testkit.Decoded;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** What holds for any bytes. {@link Decoded} counts the calls of the sink. */
class RecordPropertiesTest {
    private final FaultRecord faults = new FaultRecord();
    private final PageRequestRecord requests = new PageRequestRecord();

    @Property
    void onlyCauseZeroIsMalformed(
            @ForAll @IntRange(max = 0xfff) int cause, @ForAll @Size(4) long[] record) {
        record[0] = (record[0] & ~0xfffL) | cause;

        Decoded decoded = decode(faults, record);

        assertEquals(cause == 0 ? "cause_zero" : null, decoded.malformed());
        assertFalse(decoded.keys().isEmpty());
    }

    @Property
    void anyPageRequestIsARequestOrAStopMarker(@ForAll @Size(2) long[] record) {
        Decoded decoded = decode(requests, record);

        assertNotNull(decoded.fault());
        assertNull(decoded.malformed());
        assertFalse(decoded.keys().get("description").toString().isEmpty());
    }

    /** Doubleword 1, and the process fields without PV. */
    @Property
    void whatIsReservedOrNotValidDoesNotMatter(
            @ForAll @IntRange(min = 1, max = 300) int cause,
            @ForAll @Size(4) long[] record,
            @ForAll long noise) {
        record[0] = ((record[0] & ~0xfffL) | cause) & ~RiscvIommu.PV;
        long[] other = record.clone();
        other[0] ^= noise & (0xf_ffffL << 12 | RiscvIommu.PRIV);
        other[1] ^= noise;

        assertEquals(meaning(record), meaning(other));
    }

    @Property
    void aRecordWithoutATransactionNamesNobody(
            @ForAll @IntRange(min = 1, max = 0xfff) int cause, @ForAll @Size(4) long[] record) {
        record[0] = ((record[0] & ~0xfffL) | cause) & ~(0x3fL << 34);

        Fault fault = decode(faults, record).fault();

        assertFalse(fault.hasRequester());
        assertFalse(fault.hasIova());
        assertEquals(Fault.NO_PASID, fault.pasid());
    }

    private Map<String, Object> meaning(long[] record) {
        Map<String, Object> keys = new HashMap<>(decode(faults, record).keys());
        keys.remove("reserved_set");
        return keys;
    }

    private static Decoded decode(RecordDecoder decoder, long[] words) {
        ByteBuffer record = ByteBuffer.allocate(words.length * 8).order(ByteOrder.LITTLE_ENDIAN);
        record.asLongBuffer().put(words);
        return Decoded.of(decoder, record.array());
    }
}
