package io.faultline.smmuv3.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.faultline.fault.Fault;
import io.faultline.fault.FaultBits;
import io.faultline.fault.PageRequestGroup;
import io.faultline.fault.Reason;
import io.faultline.fault.Response;
import io.faultline.testkit.FaultBuilder;
import io.faultline.testkit.Vector;
import io.faultline.testkit.VectorFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ResponseCommandsTest {
    private final ResponseCommands encoder = new ResponseCommands();
    private final ByteBuffer to = ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN);

    static Stream<Vector> vectors() {
        return VectorFile.read(ResponseCommandsTest.class, "smmuv3.jsonl").queue("cmdq");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("vectors")
    void encodesEveryVector(Vector vector) {
        Map<String, Object> response = vector.response();

        boolean encoded =
                response.get("to").equals("stream")
                        ? encoder.endStalls(number(response, "stream"), to)
                        : encoder.encode(
                                group(response),
                                Response.valueOf((String) response.get("code")),
                                to);

        assertTrue(encoded);
        assertEquals(vector.hex(), written());
    }

    @Test
    void leavesThePasidOutForADeviceThatDoesNotWantItBack() {
        PageRequestGroup group = new FaultBuilder().pasid(42).pageRequests(7);

        encoder.encode(group, Response.SUCCESS, to);

        assertEquals("41000000000100000720000000000000", written());
    }

    @Test
    void writesAtThePositionAndStopsBehindTheCommand() {
        to.position(8);

        encoder.encode(new FaultBuilder().stall(Reason.NOT_PRESENT, 1), Response.SUCCESS, to);

        assertEquals(8 + encoder.commandBytes(), to.position());
        assertEquals(0x0000010000001044L, to.getLong(8));
    }

    @ParameterizedTest
    @CsvSource({"512, 1", "-1, 1", "0, 0x100000"})
    void refusesAPageResponseThatTheCommandHasNoRoomFor(int index, int pasid) {
        PageRequestGroup group =
                new FaultBuilder()
                        .pasid(pasid)
                        .with(FaultBits.ANSWER_WITH_PASID)
                        .pageRequests(index);

        assertFalse(encoder.encode(group, Response.INVALID, to));
        assertEquals(0, to.position());
    }

    @Test
    void refusesATagThatTheCommandHasNoRoomFor() {
        PageRequestGroup stall = new FaultBuilder().stall(Reason.NOT_PRESENT, 0x10000);

        assertFalse(encoder.encode(stall, Response.SUCCESS, to));
        assertEquals(0, to.position());
    }

    private static PageRequestGroup group(Map<String, Object> response) {
        FaultBuilder builder = new FaultBuilder().requester(number(response, "stream"));
        int index = number(response, "grpid");
        if (response.get("to").equals("stall")) {
            return builder.stall(Reason.NOT_PRESENT, index);
        }
        Object pasid = response.get("pasid");
        builder.pasid(pasid == null ? Fault.NO_PASID : ((Long) pasid).intValue());
        return builder.with(FaultBits.ANSWER_WITH_PASID).pageRequests(index);
    }

    private static int number(Map<String, Object> response, String key) {
        return ((Long) response.get(key)).intValue();
    }

    private String written() {
        return HexFormat.of().formatHex(to.array(), 0, to.position());
    }
}
