package io.faultline.guest.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.faultline.guest.internal.TestGuest.Got;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The table "What is wrong with a frame" of docs/guest-protocol.md, row by row. */
class MalformedFramesTest {
    private static final byte[] NONE = new byte[Frame.TOKEN_BYTES];
    private static final int ANY = 3;

    private Rig rig;
    private TestGuest guest;

    @BeforeEach
    void start() throws Exception {
        rig = new Rig(Map.of("sessions.limit", 2));
        guest = new TestGuest(rig.socket);
    }

    @AfterEach
    void stop() throws Exception {
        guest.close();
        rig.close();
    }

    /** A hello of some version and kind, with so many bytes behind the session. */
    private static ByteBuffer hello(int version, int kind, int count, int bytes) {
        return Frame.begin(Frame.SESSION_BYTES + bytes, Frame.HELLO, count)
                .putShort((short) version)
                .putShort((short) kind)
                .putInt(16)
                .putLong(0)
                .put(NONE)
                .put(new byte[bytes])
                .flip();
    }

    private static ByteBuffer frame(int type, int count, int bytes) {
        return Frame.begin(bytes, type, count).put(new byte[bytes]).flip();
    }

    private static ByteBuffer claim(String device) {
        return TestGuest.claim(16, NONE, device, 1, ANY);
    }

    /** A claim whose byte at an offset is another. */
    private static ByteBuffer claim(int offset, int value) {
        int at = Frame.HEADER + Frame.SESSION_BYTES + offset;
        return claim("0x100").put(at, (byte) value);
    }

    private static ByteBuffer raw(String queue, String unit) {
        ByteBuffer hello = hello(1, 1, 1, Frame.RAW_CLAIM_BYTES);
        hello.position(Frame.HEADER + Frame.SESSION_BYTES);
        Frame.putText(hello, queue, 64);
        Frame.putText(hello, unit, 64);
        return hello.rewind();
    }

    private static ByteBuffer token(int first) {
        ByteBuffer hello = hello(1, 0, 0, 0);
        return hello.put(Frame.HEADER + 16, (byte) first);
    }

    static Stream<Arguments> wrongFrames() {
        return Stream.of(
                arguments("another version", hello(2, 0, 0, 0), "BAD_VERSION", 1, false),
                arguments("type 0", frame(0, 0, 0), "BAD_TYPE", 0, true),
                arguments("a type of later", frame(99, 1, 4), "BAD_TYPE", 99, true),
                arguments("the platform's own type", frame(3, 1, 40), "BAD_TYPE", 3, true),
                arguments("half a session", frame(1, 0, 16), "BAD_FRAME", 16, true),
                arguments("claims missing", hello(1, 0, 2, 176), "BAD_FRAME", 176, true),
                arguments("bytes behind the claims", hello(1, 0, 0, 4), "BAD_FRAME", 4, true),
                arguments("a kind of later", hello(1, 2, 0, 0), "BAD_CLAIM", 0, true),
                arguments("half a raw claim", hello(1, 1, 1, 64), "BAD_FRAME", 64, true),
                arguments("two raw claims", hello(1, 1, 2, 128), "BAD_FRAME", 128, true),
                arguments("no unit", claim(0, 0), "BAD_CLAIM", 0, true),
                arguments("a unit that is no text", claim(1, 7), "BAD_CLAIM", 0, true),
                arguments("no device", claim(64, 0), "BAD_CLAIM", 0, true),
                arguments("a device of no form", claim("smmu"), "BAD_CLAIM", 0, true),
                arguments("an id of 33 bits", claim("0x100000000"), "BAD_CLAIM", 0, true),
                arguments("an id below 0", claim("-1"), "BAD_CLAIM", 0, true),
                arguments("a flag of later", claim(96, 8), "BAD_CLAIM", 0, true),
                arguments("no PASID at all", claim(96, 4), "BAD_CLAIM", 0, true),
                arguments("an event format of later", claim(104, 3), "BAD_CLAIM", 0, true),
                arguments("nine ranges", claim(108, 9), "BAD_CLAIM", 0, true),
                arguments("a token of nobody", token(1), "BAD_TOKEN", 0, true),
                arguments("answers before a hello", frame(6, 1, 8), "BAD_DEVICE", 0, true),
                arguments("half an answer", frame(6, 1, 4), "BAD_FRAME", 4, true),
                arguments("detach of two", frame(8, 2, 4), "BAD_FRAME", 4, true),
                arguments("detach of nobody", frame(8, 1, 4), "BAD_DEVICE", 0, true),
                arguments("half a pause", frame(9, 1, 4), "BAD_FRAME", 4, true),
                arguments("a pause of two", frame(9, 2, 8), "BAD_FRAME", 8, true),
                arguments("records before a hello", frame(11, 1, 32), "BAD_UNIT", 0, true),
                arguments("an unknown queue", raw("raw:smmuv3:cmdq", "m"), "BAD_UNIT", 0, true),
                arguments(
                        "a model without a name", raw("raw:smmuv3:evtq", ""), "BAD_UNIT", 0, true));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("wrongFrames")
    void haveADefinedResult(String what, ByteBuffer frame, String error, int value, boolean lives)
            throws Exception {
        guest.send(frame.duplicate());

        Got got = guest.await(Frame.ERROR);
        assertEquals(
                List.of(ErrorCode.valueOf(error).number(), value),
                List.of(got.word(0), got.word(1)),
                what);
        if (lives) {
            guest.claim("0x100", 1);
        } else {
            assertNull(guest.read(), "the end of the stream");
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 7, 65_537, 0xffff_ffffL})
    void endTheConnectionWhoseNextFrameCannotBeFound(long length) throws Exception {
        guest.send(Frame.buffer(8).putInt((int) length).putInt(0).flip());

        Got got = guest.await(Frame.ERROR);
        assertEquals(ErrorCode.BAD_FRAME.number(), got.word(0));
        assertEquals((int) length, got.word(1));
        assertNull(guest.read(), "the end of the stream");
    }

    @Test
    void areNoneWhereTheSmallestAndTheLargestLengthIs() throws Exception {
        guest.send(frame(99, 0, 0));
        assertEquals(ErrorCode.BAD_TYPE.number(), guest.error());
        guest.send(frame(99, 0, Frame.LONGEST - Frame.HEADER));
        assertEquals(ErrorCode.BAD_TYPE.number(), guest.error());
    }

    /** What is right in a frame counts; what is wrong is named, each by itself. */
    @Test
    void doNotTakeTheirRightAnswersWithThem() throws Exception {
        guest.claim("0x100", 1);
        rig.offer(rig.group(1));
        int cookie = guest.await(Frame.FAULTS).word(9);
        ByteBuffer answers = Frame.begin(24, Frame.ANSWERS, 3);
        answers.putInt(cookie + 5).putInt(0).putInt(cookie).putInt(0).putInt(cookie).putInt(0);
        guest.send(answers.flip());

        assertEquals(ErrorCode.BAD_COOKIE.number(), guest.error());
        assertEquals(ErrorCode.LATE.number(), guest.error());
        rig.until("answer", () -> rig.lane.responses().size() == 1);
        assertEquals(List.of(1L, 2L), List.of(rig.view().answered(), rig.view().errors()));
    }

    @Test
    void refuseAllClaimsOfAHelloForOneAndNameIt() throws Exception {
        ByteBuffer hello = hello(1, 0, 2, 2 * Frame.CLAIM_BYTES);
        int first = Frame.HEADER + Frame.SESSION_BYTES;
        ByteBuffer one = claim("0x100");
        hello.put(first, one, first, Frame.CLAIM_BYTES);
        hello.put(first + Frame.CLAIM_BYTES, one, first, Frame.CLAIM_BYTES);
        guest.send(hello);

        Got got = guest.await(Frame.ERROR);
        assertEquals(
                List.of(ErrorCode.OVERLAP.number(), 1),
                List.of(got.word(0), got.word(1)),
                "the second");
        guest.claim("0x100", 1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"256", "0x100", "0X100", "0400", "01:00.0", "0000:01:00.0"})
    void areNoneHoweverADeviceIsWritten(String device) throws Exception {
        guest.send(claim(device));

        assertEquals(0x100, guest.await(Frame.GRANT).word(23));
    }

    /** Depth is unsigned: whoever wishes for more than there can be gets what there is. */
    @Test
    void areNoneHoweverDeepAQueueIsWished() throws Exception {
        guest.send(TestGuest.claim(-1, NONE, "0x100", 1, ANY));
        guest.granted();
        assertEquals(rig.queueLimit, guest.depth);
        try (TestGuest other = new TestGuest(rig.socket)) {
            other.send(TestGuest.claim(0, NONE, "0x101", 1, ANY));
            other.granted();
            assertEquals(512, other.depth, "the largest group has to fit");
        }
    }

    @Test
    void areNoneWhereSomebodyClaimsNothing() throws Exception {
        guest.send(hello(1, 0, 0, 0));

        assertEquals(0, guest.await(Frame.GRANT).count());
        guest.claim("0x100", 1);
        assertEquals(1, rig.server.guests().size());
    }

    @Test
    void areRefusedASecondRawQueue() throws Exception {
        guest.send(raw("raw:smmuv3:evtq", "model"));
        guest.await(Frame.GRANT);
        guest.send(raw("raw:smmuv3:evtq", "other"));
        assertEquals(ErrorCode.LIMIT.number(), guest.error());
        guest.send(frame(Frame.RECORDS, 2, 63));
        assertEquals(ErrorCode.BAD_FRAME.number(), guest.error(), "not two records");
        guest.send(frame(Frame.RECORDS, 2, 64));
        assertEquals(2, guest.await(Frame.RESULT).word(1));
        try (TestGuest other = new TestGuest(rig.socket)) {
            other.send(raw("raw:smmuv3:evtq", "model"));
            assertEquals(ErrorCode.BAD_UNIT.number(), other.error(), "another's name");
        }
    }

    @Test
    void areNotWaitedForForEver() throws Exception {
        rig.server.helloNanos = 1;

        assertNull(guest.read(), "who says nothing is thrown out without a word");
    }

    @Test
    void areWaitedForWhereASessionIs() throws Exception {
        guest.claim("0x100", 1);
        rig.server.helloNanos = 1;
        try (TestGuest silent = new TestGuest(rig.socket)) {
            assertNull(silent.read());
        }
        rig.offer(rig.group(1));

        guest.await(Frame.FAULTS);
    }

    /**
     * Twice sessions.limit connections: each session's next one may come before its last has ended.
     */
    @Test
    void areNotReadOnMoreConnectionsThanThereMayBe() throws Exception {
        try (TestGuest second = new TestGuest(rig.socket);
                TestGuest third = new TestGuest(rig.socket);
                TestGuest fourth = new TestGuest(rig.socket);
                TestGuest fifth = new TestGuest(rig.socket)) {
            assertEquals(ErrorCode.LIMIT.number(), fifth.error());
            assertNull(fifth.read());
            guest.claim("0x100", 1);
            second.claim("0x101", 1);
            third.send(claim("0x102"));
            Got got = third.await(Frame.ERROR);
            assertEquals(
                    List.of(ErrorCode.LIMIT.number(), 2),
                    List.of(got.word(0), got.word(1)),
                    "sessions");
            fourth.send(frame(99, 0, 0));
            assertEquals(ErrorCode.BAD_TYPE.number(), fourth.error());
        }
    }
}
