package io.faultline.guest.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.faultline.fault.Response;
import io.faultline.fault.Unit;
import io.faultline.guest.internal.TestGuest.Got;
import io.faultline.hardware.CommandPort;
import io.faultline.hardware.HardwareUnit;
import io.faultline.hardware.RecordQueue;
import io.faultline.testkit.RecordingQueue;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.IntUnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is granted depends on the unit, the operator and the platform, and what becomes of it. */
class GrantTest {
    private static final byte[] NONE = new byte[Frame.TOKEN_BYTES];
    private static final int ALL = 3;
    private static final int WANTS_FAILURE = 4;
    private static final int PAGE_REQUESTS = 1;
    private static final int STALLS = 2;
    private static final int FAILURE_ALLOWED = 8;

    private Rig rig;

    private TestGuest start(Map<String, ?> config) throws Exception {
        rig = new Rig(config);
        return new TestGuest(rig.socket);
    }

    @AfterEach
    void stop() throws Exception {
        rig.close();
    }

    /** A unit that says what it is, and of whom a function is a part. */
    private record Described(Unit unit, List<RecordQueue> queues, IntUnaryOperator functions)
            implements HardwareUnit {
        @Override
        public CommandPort port() {
            return null;
        }

        @Override
        public int pasidBits() {
            return 16;
        }

        @Override
        public long pageSizes() {
            return 0x1_1000;
        }

        @Override
        public int pageRequestLimit(int requester) {
            return requester + 32;
        }

        @Override
        public int physicalFunction(int requester) {
            return functions.applyAsInt(requester);
        }
    }

    private void unit(String arch, String... kinds) {
        unit(arch, requester -> requester, kinds);
    }

    private void unit(String arch, IntUnaryOperator functions, String... kinds) {
        rig.units.add(
                new Described(
                        new Unit(arch, Rig.UNIT),
                        Stream.of(kinds)
                                .<RecordQueue>map(kind -> new RecordingQueue(kind, 32, 4))
                                .toList(),
                        functions));
    }

    private static Got granted(TestGuest guest, String device, int flags, int format)
            throws Exception {
        guest.send(TestGuest.claim(16, NONE, device, 1, flags, format));
        return guest.await(Frame.GRANT);
    }

    private static int flags(Got grant) {
        return grant.word(10);
    }

    @Test
    void letsAGuestFailAPhysicalFunctionThatTheOperatorHasNamed() throws Exception {
        try (TestGuest guest = start(Map.of("failure.devices", "smmu0 01:00.0"))) {
            unit("smmuv3", "priq");
            assertTrue(
                    (flags(granted(guest, "01:00.0", ALL | WANTS_FAILURE, 0)) & FAILURE_ALLOWED)
                            != 0);

            assertEquals(List.of(Response.FAILURE), answered(guest));
        }
    }

    @Test
    void neverLetsAGuestFailAVirtualFunction() throws Exception {
        try (TestGuest guest = start(Map.of("failure.devices", "smmu0 01:00.1"))) {
            unit("smmuv3", requester -> requester & ~7, "priq");
            assertEquals(
                    0, flags(granted(guest, "01:00.1", ALL | WANTS_FAILURE, 0)) & FAILURE_ALLOWED);

            rig.offer(rig.fault().pasid(7).requester(0x101).pageRequests(1));
            guest.answer(guest.await(Frame.FAULTS).word(9), 2);
            assertEquals(ErrorCode.BAD_CODE.number(), guest.error());
        }
    }

    /** It was one when it was granted. */
    @Test
    void looksAgainWhenFailureIsAnswered() throws Exception {
        try (TestGuest guest = start(Map.of("failure.devices", "smmu0 01:00.0"))) {
            unit("smmuv3", "priq");
            granted(guest, "01:00.0", ALL | WANTS_FAILURE, 0);
            rig.units.clear();

            rig.offer(rig.group(1));
            int cookie = guest.await(Frame.FAULTS).word(9);
            guest.answer(cookie, 2);
            assertEquals(ErrorCode.BAD_CODE.number(), guest.error());

            guest.answer(cookie, 1);
            rig.until("answer", () -> rig.lane.responses().equals(List.of(Response.INVALID)));
        }
    }

    @Test
    void doesNotGrantFailureThatNobodyWishesOrNamed() throws Exception {
        try (TestGuest guest = start(Map.of("failure.devices", new String[] {"smmu0 0x100"}));
                TestGuest other = new TestGuest(rig.socket)) {
            unit("smmuv3", "priq");
            assertEquals(0, flags(granted(guest, "0x100", ALL, 0)) & FAILURE_ALLOWED);
            assertEquals(
                    0, flags(granted(other, "0x101", ALL | WANTS_FAILURE, 0)) & FAILURE_ALLOWED);
        }
    }

    private List<Response> answered(TestGuest guest) throws Exception {
        rig.offer(rig.group(1));
        guest.answer(guest.await(Frame.FAULTS).word(9), 2);
        rig.until("answer", () -> rig.lane.responses().size() == 1);
        return rig.lane.responses();
    }

    @ParameterizedTest
    @CsvSource({
        "smmuv3, 1, 1, 32",
        "smmuv3, 2, 2, 32",
        "vtd, 1, 0, 0",
        "vtd, 2, 2, 16",
        "riscv, 1, 0, 0",
        "amdvi, 2, 2, 16",
        "virtio, 2, 2, 24",
        "smmuv3, 0, 0, 0",
        "unheard, 2, 0, 0"
    })
    void namesTheFormatThatEventsWillHave(String arch, int wished, int format, int bytes)
            throws Exception {
        try (TestGuest guest = start(Map.of())) {
            unit(arch, "evtq");
            Got grant = granted(guest, "0x100", ALL, wished);

            assertEquals(format, grant.word(15));
            assertEquals(bytes, grant.word(22));
        }
    }

    @Test
    void tellsWhatTheUnitKnowsOfPasidsPagesAndOutstandingRequests() throws Exception {
        try (TestGuest guest = start(Map.of("wake.ms", 7))) {
            rig.lane.configure(Map.of("response.deadline.ms", 1234, "stall.deadline.ms", 567));
            unit("smmuv3", requester -> requester & ~7, "priq");
            Got grant = granted(guest, "0x103", ALL, 0);

            assertEquals(16, grant.word(11), "PASID width");
            assertEquals(0x100 + 32, grant.word(12), "the physical function's allocation");
            assertEquals(0x1_1000, grant.payload().getLong(32 + 32), "page sizes");
            assertEquals(List.of(1234, 567), List.of(grant.word(13), grant.word(14)));
            assertEquals(7_000, grant.word(3), "longest delay until it is woken, us");
            assertEquals(0x103, grant.word(23), "requester");
        }
    }

    @Test
    void grantsWhatIsWishedOfAUnitThatIsNotThereYet() throws Exception {
        try (TestGuest guest = start(Map.of())) {
            Got grant = granted(guest, "0x100", ALL, ClaimRequest.RAW);

            assertEquals(20, grant.word(11), "PCIe's width");
            assertEquals(0, grant.word(12), "nobody knows how many it has outstanding");
            assertEquals(4096, grant.payload().getLong(32 + 32), "PCIe's pages");

            assertEquals(ClaimRequest.RAW, grant.word(15));
            assertEquals(PAGE_REQUESTS | STALLS, flags(grant));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "smmuv3, evtq, 2",
        "smmuv3, priq, 1",
        "vtd, prq, 1",
        "vtd, prq16, 1",
        "amdvi, ppr, 1",
        "riscv, pq, 1",
        "riscv, fq, 0"
    })
    void saysWhetherPageRequestsOrStallsWillCome(String arch, String queue, int expected)
            throws Exception {
        try (TestGuest guest = start(Map.of())) {
            unit(arch, queue);
            assertEquals(
                    expected, flags(granted(guest, "0x100", ALL, 0)) & (PAGE_REQUESTS | STALLS));
        }
    }

    @ParameterizedTest
    @CsvSource({"vtd, 65535, true", "vtd, 65536, false", "riscv, -1, false", "smmuv3, -1, true"})
    void refusesAVirtualIdThatAnEventHasNoRoomFor(String arch, int id, boolean fits)
            throws Exception {
        try (TestGuest guest = start(Map.of())) {
            unit(arch, "evtq");
            guest.send(TestGuest.claim(16, NONE, "0x100", id, ALL, ClaimRequest.RAW));
            if (fits) {
                assertEquals(id, guest.await(Frame.GRANT).word(9));
            } else {
                assertEquals(ErrorCode.BAD_CLAIM.number(), guest.error());
            }
        }
    }

    @Test
    void grantsWhatThePlatformHasIfThatIsLessThanTheLargestGroup() throws Exception {
        try (TestGuest guest = start(Map.of("group.limit", 64))) {
            rig.queueLimit = 8;
            Got grant = granted(guest, "0x100", ALL, 0);

            assertEquals(List.of(8, 8), List.of(grant.word(1), grant.word(2)), "depth, largest");
        }
    }

    /** A queue that a later claim gets is shorter than its session's places. */
    @Test
    void dropsWhatDoesNotFitWhenThePlatformsLimitIsLowered() throws Exception {
        try (TestGuest guest = start(Map.of("group.limit", 2))) {
            granted(guest, "0x1ff", ALL, 0);
            rig.queueLimit = 2;
            guest.send(TestGuest.claim(16, NONE, "0x100", 2, ALL));
            int device = guest.await(Frame.GRANT).word(8);
            guest.pause(device, 10_000);
            guest.await(Frame.RESULT);
            for (int i = 0; i < 3; i++) {
                rig.offer(rig.group(i));
            }

            assertEquals(List.of(Response.SUCCESS), rig.lane.responses(), "ask again (R8)");
            assertEquals(1, rig.view().dropped());
        }
    }

    /** Between a lane's reservation and its element in the queue another lane may come. */
    @Test
    void givesNoPlaceToTwoLanesWhenThePlatformsLimitIsLowered() throws Exception {
        try (TestGuest guest = start(Map.of("group.limit", 2))) {
            granted(guest, "0x1ff", ALL, 0);
            rig.queueLimit = 2;
            guest.send(TestGuest.claim(16, NONE, "0x100", 2, ALL));
            guest.await(Frame.GRANT);
            Claim claim = rig.claims.get(1);
            long now = System.nanoTime();

            assertEquals(1, claim.session.reserve(claim, 1, now));
            assertEquals(2, claim.session.reserve(claim, 1, now));
            assertEquals(0, claim.session.reserve(claim, 1, now), "there are 2");
            claim.session.release(2);
            claim.releasePlaces(2);
            assertEquals(2, claim.session.reserve(claim, 2, now), "what is released can be had");
        }
    }

    /** The writer, whose client does not read any more, interrupts the reader in its hello. */
    @Test
    void takesARawUnitBackWhenItsConnectionEndsBeforeTheGrant() throws Exception {
        ByteBuffer claim = ByteBuffer.allocate(Frame.RAW_CLAIM_BYTES);
        Frame.putText(claim, "raw:smmuv3:evtq", 64);
        Frame.putText(claim, "model0", 64);
        start(Map.of()).close();
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            Connection ended = new Connection(rig.server, channel, "model", 1);
            Thread.currentThread().interrupt();

            assertThrows(InterruptedException.class, () -> rig.server.raw(ended, 16, claim.flip()));
        }
        assertEquals(List.of(), rig.units, "its name is free again");
    }

    @Test
    void tellsOfEventsThatWereLostWhileTheGuestWasAway() throws Exception {
        byte[] token;
        try (TestGuest guest = start(Map.of("group.limit", 4, "reconnect.ms", 600_000))) {
            guest.send(TestGuest.claim(4, NONE, "0x100", 9, ALL));
            guest.granted();
            token = guest.token;
        }
        rig.until("away", () -> rig.view().state().equals("away"));
        for (int i = 0; i < 7; i++) {
            rig.offer(rig.event(0));
        }
        try (TestGuest again = new TestGuest(rig.socket)) {
            again.resume(token);
            again.granted();
            Got events = again.await(Frame.EVENTS);
            assertEquals(List.of(4, 0), List.of(events.count(), events.word(1)));
            Got lost = again.await(Frame.EVENTS);
            assertEquals(List.of(1, 6), List.of(lost.word(0), lost.word(1)), "4, 5, 6 are lost");
        }
    }

    @Test
    void boundsPausesHoweverOftenTheyAreAskedFor() throws Exception {
        try (TestGuest guest = start(Map.of("pause.limit.ms", 600_000))) {
            int device = guest.claim("0x100", 1);
            guest.pause(device, 600_000);
            assertEquals(600_000, guest.await(Frame.RESULT).word(2));
            guest.pause(device, 600_000);
            assertTrue(guest.await(Frame.RESULT).word(2) <= 600_000, "it does not begin anew");
        }
    }

    @Test
    void refusesAPauseThatFollowsOneAtOnce() throws Exception {
        try (TestGuest guest = start(Map.of("pause.limit.ms", 600_000))) {
            int device = guest.claim("0x100", 1);
            long tenMinutes = TimeUnit.MINUTES.toNanos(10);
            // as if it had been paused for so long until now
            rig.claims.get(0).pauses.pause(System.nanoTime() - tenMinutes, tenMinutes, tenMinutes);
            guest.pause(device, 1000);

            Got error = guest.await(Frame.ERROR);
            assertEquals(ErrorCode.LIMIT.number(), error.word(0));
            assertTrue(error.word(1) > 0 && error.word(1) <= 600_001, "for so many ms more");
        }
    }

    @Test
    void namesUsersWhomTheSocketsModeKeepsOut() throws Exception {
        String owner = System.getProperty("user.name");
        start(Map.of("users", List.of(owner, "root", "user-outside"))).close();
        String message =
                "guest: users=user-outside cannot open the socket (mode 0600); only %s and root can"
                        .formatted(owner);
        assertEquals(1, rig.messages.stream().filter(message::equals).count());

        rig.server.configure(
                rig.server
                        .settings()
                        .with(
                                Map.of("wake.ms", 5, "users", rig.server.settings().users()),
                                new ArrayList<>()));
        assertEquals(1, rig.messages.stream().filter(message::equals).count(), "told once");
        rig.server.configure(Settings.DEFAULTS);
        rig.server.configure(
                Settings.DEFAULTS.with(Map.of("users", "user-outside"), new ArrayList<>()));
        assertEquals(2, rig.messages.stream().filter(message::equals).count());
    }

    @Test
    void refusesATokenWhereASessionIs() throws Exception {
        try (TestGuest guest = start(Map.of())) {
            guest.claim("0x100", 1);
            guest.resume(guest.token);
            assertEquals(ErrorCode.BAD_TOKEN.number(), guest.error());

            rig.offer(rig.group(1));
            guest.await(Frame.FAULTS);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "failure.devices, smmu0",
        "failure.devices, smmu0 here",
        "failure.devices, smmu0 0x1 0x2"
    })
    void refusesDevicesThatAreNone(String key, String value) throws Exception {
        rig = new Rig();
        List<String> problems = new ArrayList<>();
        Settings present = Settings.DEFAULTS.with(Map.of(key, "smmu0 0x100"), problems);

        assertEquals(present, present.with(Map.of(key, value), problems));
        assertEquals(1, problems.size());
        assertTrue(problems.get(0).contains(value), problems::toString);
    }

    @Test
    void takesADefaultBackWhenItsKeyIsGone() throws Exception {
        rig = new Rig();
        Map<String, Object> all =
                Map.of(
                        "users", "a",
                        "sessions.limit", 1,
                        "claims.limit", 2,
                        "group.limit", 3,
                        "wake.ms", 4,
                        "pause.limit.ms", 5,
                        "reconnect.ms", 600,
                        "handover.ms", 7,
                        "failure.devices", "smmu0 0x100");
        List<String> none = new ArrayList<>();
        Settings changed = Settings.DEFAULTS.with(all, none);

        for (String key : all.keySet()) {
            Map<String, Object> without = new HashMap<>(all);
            without.remove(key);
            assertNotEquals(changed, changed.with(without, none), key);
        }
        assertEquals(Settings.DEFAULTS, changed.with(Map.of(), none));
        assertEquals(List.of(), none);
    }

    @Test
    void refusesUsersThatAreNoStrings() throws Exception {
        rig = new Rig();
        List<String> problems = new ArrayList<>();
        Settings settings = Settings.DEFAULTS.with(Map.of("users", List.of("a", "b")), problems);

        assertEquals(List.of("a", "b"), settings.users());
        assertEquals(settings, settings.with(Map.of("users", 7), problems));
        assertEquals(1, problems.size(), problems::toString);
    }
}
