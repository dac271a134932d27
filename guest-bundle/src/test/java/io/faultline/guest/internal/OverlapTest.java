package io.faultline.guest.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.faultline.fault.Fault;
import io.faultline.guest.internal.TestGuest.Got;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** No fault can belong to two claims, and no event can be two devices'. */
class OverlapTest {
    private static final int NONE = 1;
    private static final int ANY = 2;
    private static final int LAST_PASID = 0xf_ffff;

    @Provide
    Arbitrary<ClaimRequest> requests() {
        Arbitrary<int[]> range =
                Combinators.combine(
                                Arbitraries.integers().between(0, 12),
                                Arbitraries.integers().between(0, 4),
                                Arbitraries.of(0, LAST_PASID - 16))
                        .as((first, more, base) -> new int[] {base + first, base + first + more});
        return Combinators.combine(
                        Arbitraries.of("smmu0", "smmu1"),
                        Arbitraries.of(0x100, 0x101),
                        Arbitraries.integers().between(0, 3),
                        range.list().ofMaxSize(3))
                .as((unit, device, flags, ranges) -> request(unit, device, flags, ranges));
    }

    private static ClaimRequest request(String unit, int device, int flags, List<int[]> ranges) {
        return new ClaimRequest(
                unit,
                device,
                (flags & NONE) != 0,
                (flags & ANY) != 0,
                ranges,
                false,
                1,
                ClaimRequest.NO_EVENTS);
    }

    /** The definition itself: a fault that both have. */
    @Property
    void areFoundIfAndOnlyIfAFaultCouldBelongToBoth(
            @ForAll("requests") ClaimRequest one, @ForAll("requests") ClaimRequest other) {
        boolean sameDevice =
                one.unit().equals(other.unit()) && one.requester() == other.requester();
        boolean common =
                IntStream.concat(
                                IntStream.of(Fault.NO_PASID),
                                IntStream.concat(
                                        IntStream.rangeClosed(0, 20),
                                        IntStream.rangeClosed(LAST_PASID - 20, LAST_PASID)))
                        .anyMatch(pasid -> one.has(pasid) && other.has(pasid));

        assertEquals(sameDevice && common, one.overlaps(other));
        assertEquals(one.overlaps(other), other.overlaps(one));
    }

    /** What sessions say to each other's claims. */
    @Nested
    class OnTheSocket {
        private Rig rig;

        @BeforeEach
        void start() throws Exception {
            rig = new Rig();
        }

        @AfterEach
        void stop() throws Exception {
            rig.close();
        }

        /** Flags and ranges of two claims of one device. */
        @ParameterizedTest
        @CsvSource({
            "0, 1-7,   0, 8-9,   false", // touching
            "0, 1-7,   0, 7-9,   true",
            "0, 1-9,   0, 3-4,   true", // inside
            "0, 3-4,   0, 1-9,   true",
            "0, 1-7,   0, 1-7,   true",
            "0, 1-2 8-9, 0, 3-7, false", // between
            "0, 1-2 8-9, 0, 3-8, true",
            "2, '',    0, 0-0,   true", // any, and one
            "0, 1048575-1048575, 2, '', true",
            "2, '',    1, '',    false", // any, and none
            "1, '',    0, 0-1048575, false",
            "1, '',    1, '',    true",
            "3, '',    1, '',    true",
            "1, 5-5,   1, 6-6,   true",
            "3, '',    3, '',    true"
        })
        void betweenTwoSessions(
                int flags, String ranges, int otherFlags, String otherRanges, boolean overlaps)
                throws Exception {
            try (TestGuest guest = new TestGuest(rig.socket);
                    TestGuest other = new TestGuest(rig.socket)) {
                guest.send(hello(claim("0x100", 1, flags, ranges)));
                guest.granted();
                other.send(
                        hello(claim("0x100", 1, otherFlags, otherRanges))); // ids are a session's
                expect(other, overlaps ? ErrorCode.OVERLAP : null, 0);
            }
        }

        @Test
        void withinOneHelloOfWhichNothingStandsThen() throws Exception {
            try (TestGuest guest = new TestGuest(rig.socket);
                    TestGuest other = new TestGuest(rig.socket)) {
                guest.send(
                        hello(
                                claim("0x100", 1, 0, "1-7"),
                                claim("0x101", 2, 3, ""),
                                claim("01:00.0", 3, 0, "7-7")));
                expect(guest, ErrorCode.OVERLAP, 2);

                other.send(hello(claim("0x100", 1, 3, ""), claim("0x101", 2, 3, "")));
                expect(other, null, 0);
            }
        }

        @Test
        void withinOneSession() throws Exception {
            try (TestGuest guest = new TestGuest(rig.socket)) {
                guest.send(hello(claim("0x100", 1, 0, "1-7")));
                guest.granted();
                guest.send(hello(claim("0x101", 2, 3, ""), claim("0x100", 3, 0, "7-9")));
                expect(guest, ErrorCode.OVERLAP, 1);
                guest.send(hello(claim("0x100", 3, 0, "8-9")));
                expect(guest, null, 0);
            }
        }

        @Test
        void ofVirtualIdsInOneQueueOnly() throws Exception {
            try (TestGuest guest = new TestGuest(rig.socket);
                    TestGuest other = new TestGuest(rig.socket)) {
                guest.send(hello(claim("0x100", 1, 3, ""), claim("0x101", 1, 3, "")));
                expect(guest, ErrorCode.BAD_CLAIM, 1);
                guest.send(hello(claim("0x100", 1, 3, "")));
                expect(guest, null, 0);
                guest.send(hello(claim("0x101", 2, 3, ""), claim("0x102", 1, 3, "")));
                expect(guest, ErrorCode.BAD_CLAIM, 1);

                other.send(hello(claim("0x103", 1, 3, "")));
                expect(other, null, 0);
            }
        }

        private void expect(TestGuest guest, ErrorCode error, int value) throws Exception {
            if (error == null) {
                guest.await(Frame.GRANT);
                return;
            }
            Got got = guest.await(Frame.ERROR);
            assertEquals(List.of(error.number(), value), List.of(got.word(0), got.word(1)));
        }

        private static ByteBuffer hello(ByteBuffer... claims) {
            ByteBuffer to =
                    Frame.begin(
                            Frame.SESSION_BYTES + claims.length * Frame.CLAIM_BYTES,
                            Frame.HELLO,
                            claims.length);
            TestGuest.session(to, 16, new byte[Frame.TOKEN_BYTES]);
            for (ByteBuffer claim : claims) {
                to.put(claim);
            }
            return to.flip();
        }

        private static ByteBuffer claim(String device, int id, int flags, String ranges) {
            ByteBuffer to = Frame.buffer(Frame.CLAIM_BYTES);
            Frame.putText(to, Rig.UNIT, 64);
            Frame.putText(to, device, 32);
            List<Integer> words = new ArrayList<>();
            for (String range : ranges.isEmpty() ? new String[0] : ranges.split(" ", -1)) {
                for (String word : range.split("-", -1)) {
                    words.add(Integer.parseInt(word));
                }
            }
            to.putInt(flags).putInt(id).putInt(ClaimRequest.NO_EVENTS).putInt(words.size() / 2);
            words.forEach(to::putInt);
            return to.rewind();
        }
    }
}
