package io.faultline.amdvi.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.faultline.fault.Fault;
import io.faultline.fault.FaultBits;
import io.faultline.fault.PageRequestGroup;
import io.faultline.fault.Reason;
import io.faultline.fault.Response;
import io.faultline.testkit.Decoded;
import io.faultline.testkit.FaultBuilder;
import io.faultline.testkit.Vector;
import io.faultline.testkit.VectorFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
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

class CompletePprRequestTest {
    private final CompletePprRequest encoder = new CompletePprRequest();
    private final ByteBuffer to = ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN);

    static Stream<Vector> vectors() {
        return VectorFile.read(CompletePprRequestTest.class, "amdvi.jsonl").queue("cmd");
    }

    static Stream<Vector> responses() {
        return vectors().filter(vector -> vector.response() != null);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("responses")
    void encodesEveryVector(Vector vector) {
        Map<String, Object> response = vector.response();
        Object pasid = response.get("pasid");
        PageRequestGroup group =
                group(
                        ((Long) response.get("stream")).intValue(),
                        pasid == null ? Fault.NO_PASID : ((Long) pasid).intValue(),
                        ((Long) response.get("grpid")).intValue());

        assertTrue(encoder.encode(group, Response.valueOf((String) response.get("code")), to));

        assertEquals(vector.hex(), written());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("vectors")
    void isReadBackAsEveryVectorSays(Vector vector) {
        vector.assertExpected(readBack(vector.bytes()));
    }

    @Test
    void answersTheWorkedExample() {
        Fault request =
                Decoded.of(
                                new PprRecord(),
                                HexFormat.of().parseHex("000334120516641100f0debc9a780000"))
                        .fault();

        assertTrue(encoder.encode((PageRequestGroup) request, Response.SUCCESS, to));

        assertEquals("00030000341205700400000005000000", written());
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

        assertTrue(encoder.encode(group, Response.INVALID, to));

        assertEquals("08000000000000700000000007100000", written());
    }

    @ParameterizedTest
    @CsvSource({"0x10000, 1, 1", "-1, 1, 1", "8, 0x100000, 1", "8, 1, 512", "8, 1, -1"})
    void refusesWhatTheCommandHasNoRoomFor(int device, int pasid, int index) {
        assertFalse(encoder.encode(group(device, pasid, index), Response.INVALID, to));
        assertEquals(0, to.position());
    }

    @Test
    void refusesToAnswerAStall() {
        PageRequestGroup stall = new FaultBuilder().stall(Reason.NOT_PRESENT, 1);

        assertFalse(encoder.encode(stall, Response.SUCCESS, to));
        assertEquals(0, to.position());
    }

    /** What a device sent comes back to it: its id, its index, and its PASID if it had one. */
    @Property
    void givesBackWhatTheRecordHad(@ForAll @Size(16) byte[] record, @ForAll Response response) {
        record[7] = (byte) ((record[7] & 0x0f) | 0x10);
        Fault fault = Decoded.of(new PprRecord(), record).fault();
        Assume.that(fault instanceof PageRequestGroup);
        ByteBuffer command = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);

        assertTrue(encoder.encode((PageRequestGroup) fault, response, command));

        Map<String, Object> said = readBack(command.array());
        ByteBuffer request = ByteBuffer.wrap(record).order(ByteOrder.LITTLE_ENDIAN);
        long q0 = request.getLong();
        Object pasid = bits(q0, 56, 56) == 1 ? bits(q0, 45, 42) << 16 | bits(q0, 31, 16) : null;
        assertEquals(bits(q0, 15, 0), said.get("stream"));
        assertEquals(pasid, said.get("pasid"));
        assertEquals(bits(q0, 40, 32), said.get("grpid"));
        assertEquals(response.name(), said.get("code_name"));
    }

    /** The command read back by the document's bit numbers, apart from what wrote it. */
    private static Map<String, Object> readBack(byte[] command) {
        ByteBuffer words = ByteBuffer.wrap(command).order(ByteOrder.LITTLE_ENDIAN);
        long q0 = words.getLong();
        long q1 = words.getLong();
        Map<String, Object> keys = new HashMap<>();
        keys.put("kind", "command");
        keys.put("op", bits(q0, 63, 60) == 7 ? "COMPLETE_PPR_REQUEST" : "other");
        keys.put("stream", bits(q0, 15, 0));
        keys.put("pasid", bits(q1, 2, 2) == 1 ? bits(q0, 51, 32) : null);
        keys.put("grpid", bits(q1, 40, 32));
        long code = bits(q1, 47, 44);
        keys.put("code", code);
        keys.put(
                "code_name",
                code == 0 ? "SUCCESS" : code == 1 ? "INVALID" : code == 15 ? "FAILURE" : "UNUSED");
        assertEquals(0, bits(q0, 31, 16) | bits(q0, 59, 52));
        assertEquals(0, bits(q1, 1, 0) | bits(q1, 31, 3) | bits(q1, 43, 41) | bits(q1, 63, 48));
        return keys;
    }

    private static long bits(long word, int high, int low) {
        return word >>> low & ((2L << (high - low)) - 1);
    }

    private String written() {
        return HexFormat.of().formatHex(to.array(), 0, to.position());
    }
}
