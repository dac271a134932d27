package io.faultline.vtd.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.faultline.fault.Fault;
import io.faultline.fault.FaultBits;
import io.faultline.fault.Faults;
import io.faultline.fault.PageRequestGroup;
import io.faultline.fault.Reason;
import io.faultline.fault.Response;
import io.faultline.testkit.Decoded;
import io.faultline.testkit.FaultBuilder;
import io.faultline.testkit.Vector;
import io.faultline.testkit.VectorFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class PageGroupResponseTest {
    private final PageGroupResponse encoder = new PageGroupResponse();

    static Stream<Vector> vectors() {
        return VectorFile.read(PageGroupResponseTest.class, "vtd.jsonl").queue("qi");
    }

    static Stream<Vector> responses() {
        return vectors().filter(v -> v.response() != null);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("responses")
    void encodesEveryVector(Vector vector) {
        Response response = Response.valueOf((String) vector.response().get("code"));

        byte[] command = encode(group(vector.response()), response);

        assertEquals(vector.hex(), HexFormat.of().formatHex(command));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("vectors")
    void readsBackWhatEveryVectorSays(Vector vector) {
        vector.assertExpected(describe(vector.bytes()));
    }

    @Test
    void answersTheWorkedExample() {
        PageRequestGroup group =
                Faults.group(
                        Decoded.origin("vtd", "prq"),
                        null,
                        0,
                        1,
                        0,
                        Reason.UNKNOWN,
                        -1,
                        FaultBits.LAST | FaultBits.HAS_REQUESTER | FaultBits.ANSWER_WITH_PASID,
                        0x6a00,
                        0x1234,
                        1,
                        0,
                        0,
                        0,
                        0,
                        0,
                        0,
                        null);

        assertEquals(
                "1900006a341200000800000000000000" + "0".repeat(32),
                HexFormat.of().formatHex(encode(group, Response.SUCCESS)));
        assertEquals(
                "1910006a341200000800000000000000" + "0".repeat(32),
                HexFormat.of().formatHex(encode(group, Response.INVALID)));
    }

    @Test
    void cannotAnswerAStall() {
        PageRequestGroup stall = new FaultBuilder().unit("vtd", "dmar0").stall(Reason.UNKNOWN, 7);
        ByteBuffer to = buffer();

        assertFalse(encoder.encode(stall, Response.SUCCESS, to));
        assertEquals(0, to.position());
    }

    @ParameterizedTest
    @CsvSource({
        "feffffffffffffffffffffffffffffff, INVALID, 1900ffffffff0f0001000000ffffffff",
        "18000000000000000110000000000000, SUCCESS, 09000000000000000000000000000000",
        "6199e69ebfa17de4db3d03c351260000, FAILURE, 0a00009ebfa17de4df3d03c351260000"
    })
    void answersAnOldRequestInTheOldLayout(String request, Response response, String command) {
        PageRequestGroup group = old(request);

        assertEquals(command, HexFormat.of().formatHex(encode(group, response)));
    }

    @Property
    void givesBackWhatTheRequestNamed(@ForAll @Size(31) byte[] rest, @ForAll Response response) {
        byte[] record = new byte[32];
        record[0] = 1;
        System.arraycopy(rest, 0, record, 1, rest.length);
        Fault fault = Decoded.of(new PageRequestDescriptor(), record).fault();
        if (!(fault instanceof PageRequestGroup group)) {
            return;
        }

        byte[] command = encode(group, response);

        Map<String, Object> said = describe(command);
        assertEquals((long) group.requester(), said.get("stream"));
        assertEquals(
                group.pasid() == Fault.NO_PASID ? null : (long) group.pasid(), said.get("pasid"));
        assertEquals((long) group.groupIndex(), said.get("grpid"));
        assertEquals(response.name(), said.get("code_name"));
        byte[] echoed = group.token().hasPrivateData() ? record : new byte[32];
        assertArrayEquals(Arrays.copyOfRange(echoed, 16, 32), Arrays.copyOfRange(command, 16, 32));
    }

    private static PageRequestGroup old(String hex) {
        return (PageRequestGroup)
                Decoded.of(
                                new OldPageRequestDescriptor(),
                                Decoded.origin("vtd", "prq16"),
                                HexFormat.of().parseHex(hex))
                        .fault();
    }

    private byte[] encode(PageRequestGroup group, Response response) {
        ByteBuffer to = buffer();

        assertTrue(encoder.encode(group, response, to));

        byte[] command = new byte[to.position()];
        to.flip().get(command);
        return command;
    }

    private ByteBuffer buffer() {
        return ByteBuffer.allocate(encoder.commandBytes()).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static PageRequestGroup group(Map<String, Object> response) {
        int attributes = FaultBits.HAS_REQUESTER | FaultBits.READ;
        List<?> privateData = (List<?>) response.get("private_data");
        if (privateData != null) {
            attributes |= FaultBits.PRIVATE_DATA;
        }
        if (!Boolean.FALSE.equals(response.get("last"))) {
            attributes |= FaultBits.LAST;
        }
        Long pasid = (Long) response.get("pasid");
        if (pasid != null) {
            attributes |= FaultBits.ANSWER_WITH_PASID;
        }
        return Faults.group(
                Decoded.origin("vtd", "prq"),
                null,
                0,
                1,
                4,
                Reason.UNKNOWN,
                -1,
                attributes,
                ((Long) response.get("stream")).intValue(),
                pasid == null ? Fault.NO_PASID : pasid.intValue(),
                ((Long) response.get("grpid")).intValue(),
                0x1000,
                0,
                0,
                0,
                privateData == null ? 0 : word(privateData.get(0)),
                privateData == null ? 0 : word(privateData.get(1)),
                null);
    }

    private static long word(Object text) {
        return Long.parseUnsignedLong(((String) text).substring(2), 16);
    }

    /** The descriptor read back by the document's bit numbers, apart from what wrote it. */
    private static Map<String, Object> describe(byte[] command) {
        ByteBuffer words = ByteBuffer.wrap(command).order(ByteOrder.LITTLE_ENDIAN);
        long w0 = words.getLong();
        long w1 = words.getLong();
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("kind", "command");
        keys.put("op", bits(w0, 3, 0) == 9 && bits(w0, 11, 9) == 0 ? "page_grp_resp" : "other");
        keys.put("stream", bits(w0, 31, 16));
        keys.put("pasid", bits(w0, 4, 4) == 1 ? bits(w0, 51, 32) : null);
        keys.put("grpid", bits(w1, 11, 3));
        keys.put("last", bits(w1, 2, 2) == 1);
        long code = bits(w0, 15, 12);
        keys.put("code", code);
        keys.put(
                "code_name",
                code == 0 ? "SUCCESS" : code == 1 ? "INVALID" : code == 15 ? "FAILURE" : "UNUSED");
        if (bits(w0, 5, 5) == 1) {
            keys.put(
                    "private_data",
                    List.of(
                            "0x" + Long.toHexString(words.getLong()),
                            "0x" + Long.toHexString(words.getLong())));
        }
        assertEquals(0, w0 & 0xfff0_0000_0000_01c0L, "reserved bits of word 0");
        assertEquals(0, w1 & 0xffff_ffff_ffff_f003L, "reserved bits of word 1");
        return keys;
    }

    private static long bits(long word, int high, int low) {
        return word >>> low & ((2L << (high - low)) - 1);
    }
}
