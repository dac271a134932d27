package io.faultline.riscv.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.faultline.fault.Fault;
import io.faultline.fault.FaultBits;
import io.faultline.fault.PageRequestGroup;
import io.faultline.fault.Reason;
import io.faultline.fault.Response;
import io.faultline.fault.StopMarker;
import io.faultline.testkit.Decoded;
import io.faultline.testkit.FaultBuilder;
import io.faultline.testkit.Vector;
import io.faultline.testkit.VectorFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.Map;
import java.util.stream.Stream;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class PageGroupResponseTest {
    private final PageGroupResponse encoder = new PageGroupResponse();
    private final ByteBuffer to = ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN);

    static Stream<Vector> vectors() {
        return VectorFile.read(PageGroupResponseTest.class, "riscv.jsonl")
                .queue("cmd")
                .filter(vector -> vector.response() != null);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("vectors")
    void encodesEveryVector(Vector vector) {
        Map<String, Object> response = vector.response();
        Object pasid = response.get("pasid");
        PageRequestGroup group =
                group(
                        number(response, "stream"),
                        pasid == null ? Fault.NO_PASID : ((Long) pasid).intValue(),
                        number(response, "grpid"));

        assertTrue(encoder.encode(group, Response.valueOf((String) response.get("code")), to));

        assertEquals(vector.hex(), written());
    }

    private static int number(Map<String, Object> response, String key) {
        return ((Long) response.get(key)).intValue();
    }

    private static PageRequestGroup group(int device, int pasid, int index) {
        return new FaultBuilder()
                .requester(device)
                .pasid(pasid)
                .with(FaultBits.ANSWER_WITH_PASID)
                .pageRequests(index);
    }

    @Test
    void leavesThePasidOutForADeviceThatDoesNotWantItBack() {
        PageRequestGroup group = new FaultBuilder().requester(8).pasid(42).pageRequests(7);

        encoder.encode(group, Response.SUCCESS, to);

        assertEquals("84000000000800000000000007000000", written());
    }

    @ParameterizedTest
    @CsvSource({"0x1000000, 1, 1", "-1, 1, 1", "8, 0x100000, 1", "8, 1, 512", "8, 1, -1"})
    void refusesWhatTheCommandHasNoRoomFor(int device, int pasid, int index) {
        assertFalse(encoder.encode(group(device, pasid, index), Response.INVALID, to));
        assertEquals(0, to.position());
    }

    @Test
    void refusesToAnswerAStall() {
        PageRequestGroup stall = new FaultBuilder().stall(Reason.PAGE_FAULT, 1);

        assertFalse(encoder.encode(stall, Response.SUCCESS, to));
        assertEquals(0, to.position());
    }

    /** What a device sent comes back to it: its id, its index, and its PASID if it had one. */
    @Property
    void givesBackWhatTheRecordHad(@ForAll @Size(16) byte[] record, @ForAll Response response) {
        Fault fault = Decoded.of(new PageRequestRecord(), record).fault();
        Assume.that(!(fault instanceof StopMarker));
        ByteBuffer request = ByteBuffer.wrap(record).order(ByteOrder.LITTLE_ENDIAN);
        ByteBuffer command = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);

        assertTrue(encoder.encode((PageRequestGroup) fault, response, command));

        long dw0 = command.getLong(0);
        boolean process = (request.getLong(0) & RiscvIommu.PV) != 0;
        assertEquals(request.getLong(0) >>> 40, dw0 >>> 40);
        assertEquals(process, (dw0 & RiscvIommu.PV) != 0);
        assertEquals(process ? request.getLong(0) >>> 12 & 0xfffff : 0, dw0 >>> 12 & 0xfffff);
        assertEquals(request.getLong(0) >>> 56 != 0, (dw0 & 1L << 33) != 0);
        assertEquals(request.getLong(8) >>> 3 & 0x1ff, command.getLong(8) >>> 32 & 0x1ff);
        assertEquals(0, dw0 & (0xfcL << 32 | 0xc00));
    }

    private String written() {
        return HexFormat.of().formatHex(to.array(), 0, to.position());
    }
}
