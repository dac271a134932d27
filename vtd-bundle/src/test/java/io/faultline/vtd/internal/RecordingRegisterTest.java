package io.faultline.vtd.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.faultline.fault.Access;
import io.faultline.fault.Fault;
import io.faultline.fault.Reason;
import io.faultline.fault.UnrecoverableFault;
import io.faultline.testkit.Decoded;
import java.util.HexFormat;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class RecordingRegisterTest {
    private final RecordingRegister decoder = new RecordingRegister();

    @Test
    void decodesAReadWithoutPasid() {
        Fault fault = fault("0050ad70000000001000000007 0000c0");

        assertEquals("00:02.0", keys("0050ad70000000001000000007 0000c0").get("device"));
        assertEquals(Access.READ, fault.access());
        assertEquals(0x70ad5000L, fault.iova());
        assertEquals(Fault.NO_PASID, fault.pasid());
        assertEquals(Reason.WALK_FETCH, fault.reason());
    }

    @Test
    void decodesAWriteAtAddressZero() {
        Fault fault = fault("0000000000000000 9000000005000080");

        assertEquals(Access.WRITE, fault.access());
        assertTrue(fault.hasIova());
        assertEquals(0, fault.iova());
        assertEquals(0x90, fault.requester());
        assertEquals(5, fault.code());
    }

    @Test
    void decodesAReadWithPasid() {
        Fault fault = fault("0000100000000000 00030080712a00c0");

        assertEquals(0x2a, fault.pasid());
        assertEquals(0x300, fault.requester());
        assertEquals(0x100000, fault.iova());
        assertEquals(Reason.NOT_PRESENT, fault.reason());
    }

    @Test
    void decodesAnInterruptByItsIndex() {
        UnrecoverableFault fault = (UnrecoverableFault) fault("0000000000002300 f8f0000022000080");

        assertTrue(fault.hasInterruptIndex());
        assertEquals(0x23, fault.interruptIndex());
        assertFalse(fault.hasIova());
        assertEquals(Access.NONE, fault.access());
    }

    @Test
    void namesTheFetchOfPasidTablesApart() {
        Fault fault = fault("0000000000000000 0001000058000080");

        assertEquals(Reason.PASID_TABLE_FETCH, fault.reason());
        assertEquals("TABLE_FETCH", keys("0000000000000000 0001000058000080").get("detail"));
    }

    @Test
    void hasNoIndices() {
        assertNull(decoder.state(0, 0, 128));
    }

    @Property
    void givesAFaultOrNothingForAnyBytes(@ForAll @Size(16) byte[] record) {
        Decoded decoded = Decoded.of(decoder, record);

        assertEquals(record[15] >= 0, decoded.isEmpty());
        assertEquals(record[15] < 0, decoded.fault() != null);
        assertFalse(decoded.keys().isEmpty());
    }

    private Fault fault(String hex) {
        return Decoded.of(decoder, bytes(hex)).fault();
    }

    private Map<String, Object> keys(String hex) {
        return Decoded.of(decoder, bytes(hex)).keys();
    }

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }
}
