package io.faultline.guest.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.faultline.fault.Access;
import io.faultline.fault.PageRequestGroup;
import io.faultline.fault.Reason;
import io.faultline.fault.Response;
import io.faultline.guest.GuestView;
import io.faultline.guest.internal.TestGuest.Got;
import io.faultline.handler.Notice;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** The protocol of docs/guest-protocol.md, rule by rule. */
class GuestServerTest {
    private Rig rig;

    private TestGuest start(Map<String, ?> config) throws Exception {
        rig = new Rig(config);
        return new TestGuest(rig.socket);
    }

    @AfterEach
    void stop() throws Exception {
        rig.close();
    }

    private void assertAddsUp() {
        GuestView v = rig.view();
        assertTrue(addsUp(v), v::toString);
    }

    private static boolean addsUp(GuestView v) {
        return v.enqueued() == v.read() + v.dropped() + v.withdrawn() + v.waiting();
    }

    @Test
    void bringsAGroupThereAndItsAnswerBack() throws Exception {
        try (TestGuest guest = start(Map.of())) {
            int device = guest.claim("01:00.0", 5);
            rig.offer(rig.fault().pasid(7).request(0x2000, Access.READ).pageRequests(3));

            Got got = guest.await(Frame.FAULTS);
            assertEquals(2, got.count());
            assertEquals(List.of(1, 3), List.of(got.word(0), got.word(10)), "flags");
            assertEquals(List.of(device, 7, 3), List.of(got.word(1), got.word(2), got.word(3)));
            assertEquals(0x2000, got.payload().getLong(24));
            assertEquals(got.word(9), got.word(19), "one cookie");

            guest.answer(got.word(9), 0);
            rig.until("answer", () -> rig.lane.responses().size() == 1);
            assertEquals(List.of(Response.SUCCESS), rig.lane.responses());
            rig.until("read", () -> rig.view().read() == 2);
            assertAddsUp();
        }
    }

    /** From the moment at which it can read its token: the reader may not be through its hello. */
    @RepeatedTest(50)
    void tellsAGuestThatHasATokenOfARestart() throws Exception {
        try (TestGuest guest = start(Map.of())) {
            guest.claim("0x100", 1);
            rig.restart();

            assertEquals(ErrorCode.RESTART.number(), guest.error());
        }
    }

    @Test
    void makesASocketThatOnlyItsOwnerCanUse() throws Exception {
        try (TestGuest guest = start(Map.of())) {
            assertTrue(guest.channel.isConnected());
            assertEquals(
                    "rw-------",
                    PosixFilePermissions.toString(Files.getPosixFilePermissions(rig.socket)));
        }
    }

    @Test
    void refusesUsersThatAreNotConfigured() throws Exception {
        try (TestGuest guest = start(Map.of("users", new String[] {"nobody-else"}))) {
            assertEquals(ErrorCode.NOT_PERMITTED.number(), guest.error());
            assertNull(guest.read());
        }
    }

    @Test
    void refusesWhatAnotherHasClaimed() throws Exception {
        try (TestGuest guest = start(Map.of());
                TestGuest other = new TestGuest(rig.socket)) {
            guest.claim("0x100", 1);

            other.send(TestGuest.claim(16, new byte[16], "0x100", 1, 3));
            assertEquals(ErrorCode.OVERLAP.number(), other.error());
            other.claim("0x101", 1);
        }
    }

    @Test
    void namesWhatIsWrongWithAnAnswer() throws Exception {
        try (TestGuest guest = start(Map.of());
                TestGuest other = new TestGuest(rig.socket)) {
            guest.claim("0x100", 1);
            other.claim("0x101", 1);
            rig.offer(rig.group(1));
            int cookie = guest.await(Frame.FAULTS).word(9);

            other.answer(cookie, 0);
            assertEquals(ErrorCode.BAD_COOKIE.number(), other.error(), "another's");
            guest.answer(cookie, 2);
            assertEquals(ErrorCode.BAD_CODE.number(), guest.error(), "FAILURE is not granted");
            guest.answer(cookie, 1);
            guest.answer(cookie, 0);
            assertEquals(ErrorCode.LATE.number(), guest.error(), "twice");
            guest.answer(cookie + 77, 0);
            assertEquals(ErrorCode.BAD_COOKIE.number(), guest.error());
            rig.until("answer", () -> rig.lane.responses().size() == 1);
            assertEquals(List.of(Response.INVALID), rig.lane.responses());
        }
    }

    @Test
    void tellsOfAGroupThatMetItsDeadlineAndRefusesTheLateAnswer() throws Exception {
        try (TestGuest guest = start(Map.of())) {
            guest.claim("0x100", 1);
            rig.offer(rig.group(1));
            int cookie = guest.await(Frame.FAULTS).word(9);

            rig.advance(Duration.ofSeconds(11));
            Got gone = guest.await(Frame.WITHDRAWN);
            assertEquals(List.of(cookie, Session.EXPIRED), List.of(gone.word(0), gone.word(1)));
            guest.answer(cookie, 0);
            assertEquals(ErrorCode.LATE.number(), guest.error());
            assertEquals(List.of(Response.INVALID), rig.lane.responses());
        }
    }

    /** R9: a reset, a device that is gone. The dispatcher's own tests hold when it says so. */
    @Test
    void tellsOfAGroupThatNeedsNoAnswerAnyMore() throws Exception {
        try (TestGuest guest = start(Map.of())) {
            guest.claim("0x100", 1);
            PageRequestGroup group = rig.group(1);
            Claim claim = rig.claims.get(0);
            claim.handle(group, new Waits());
            claim.endOfBatch(null);
            int cookie = guest.await(Frame.FAULTS).word(9);

            claim.notice(
                    new Notice(
                            Notice.Kind.GROUP_WITHDRAWN, null, group, 0, -1, "the unit was reset"));
            Got gone = guest.await(Frame.WITHDRAWN);
            assertEquals(List.of(cookie, Session.WITHDRAWN), List.of(gone.word(0), gone.word(1)));
            guest.answer(cookie, 0);
            assertEquals(ErrorCode.LATE.number(), guest.error());
            assertAddsUp();
        }
    }

    @Test
    void saysHowManyEventsDidNotFit() throws Exception {
        try (TestGuest guest = start(Map.of("group.limit", 4))) {
            guest.send(TestGuest.claim(4, new byte[16], "0x100", 9, 3));
            int device = guest.granted();
            assertEquals(4, guest.depth);
            guest.pause(device, 5_000);
            guest.await(Frame.RESULT);
            for (int i = 0; i < 7; i++) {
                rig.offer(rig.event(0x1000L * i));
            }
            guest.pause(device, 0);
            guest.await(Frame.RESULT);

            Got events = guest.await(Frame.EVENTS);
            assertEquals(4, events.count());
            assertEquals(9, (int) (events.payload().getLong(8) >>> 32), "virtual id");
            assertEquals(0, events.payload().getLong(8 + 24), "no address of the host");
            Got lost = guest.await(Frame.EVENTS);
            assertEquals(List.of(1, 6), List.of(lost.word(0), lost.word(1)), "4, 5, 6 are lost");
            rig.offer(rig.event(0x9000));
            assertEquals(7, guest.await(Frame.EVENTS).word(1), "no reconnect is needed");
            rig.until("read", () -> rig.view().read() == 5);
            assertEquals(3, rig.view().dropped());
            assertAddsUp();
        }
    }

    @Test
    void answersByTheOverloadPolicyWhatDoesNotFit() throws Exception {
        try (TestGuest guest = start(Map.of("group.limit", 2))) {
            guest.send(TestGuest.claim(2, new byte[16], "0x100", 1, 3));
            int device = guest.granted();
            guest.pause(device, 10_000);
            guest.await(Frame.RESULT);
            rig.offer(rig.group(1));
            rig.offer(rig.group(2));
            rig.offer(rig.group(3));

            assertEquals(List.of(Response.SUCCESS), rig.lane.responses(), "ask again (R8)");
            assertEquals(1, rig.view().dropped());
        }
    }

    /** R8: at once it would come back at once, and INVALID would be the device's last word. */
    @Test
    void holdsAStallBackThatDoesNotFitThenLetsItTryAgain() throws Exception {
        try (TestGuest guest = start(Map.of("group.limit", 2))) {
            guest.send(TestGuest.claim(2, new byte[16], "0x100", 1, 3));
            int device = guest.granted();
            guest.pause(device, 10_000);
            guest.await(Frame.RESULT);
            rig.offer(rig.group(1));
            rig.offer(rig.group(2));
            rig.offer(rig.fault().pasid(7).stall(Reason.NOT_PRESENT, 9));

            rig.until("retry", () -> rig.lane.responses().size() == 1);
            assertEquals(
                    0,
                    rig.lane.platform().units().get(0).counts().failed(),
                    "it waited; a group that is refused at once has failed");
            assertEquals(List.of(Response.SUCCESS), rig.lane.responses());
            assertEquals(1, rig.view().dropped());
            assertAddsUp();
        }
    }

    @Test
    void letsAStallThatIsHeldBackGoOnWhenTheGuestDies() throws Exception {
        try (TestGuest guest = start(Map.of("group.limit", 1))) {
            guest.send(TestGuest.claim(1, new byte[16], "0x100", 1, 3));
            int device = guest.granted();
            guest.pause(device, 10_000);
            guest.await(Frame.RESULT);
            rig.offer(rig.group(1));
            rig.offer(rig.fault().pasid(7).stall(Reason.NOT_PRESENT, 9));
        }
        rig.until("end of both", () -> rig.lane.responses().size() == 2);
        assertAddsUp();
    }

    @Test
    void letsGroupsGoOnWhenTheGuestDiesAndTakesItBack() throws Exception {
        byte[] token;
        try (TestGuest guest = start(Map.of())) {
            guest.claim("0x100", 1);
            token = guest.token;
            rig.offer(rig.group(1));
            guest.await(Frame.FAULTS);
        }
        rig.until("end of the group", () -> rig.lane.responses().size() == 1);
        assertEquals(List.of(Response.INVALID), rig.lane.responses());
        assertEquals("away", rig.view().state());

        try (TestGuest again = new TestGuest(rig.socket)) {
            again.resume(token);
            again.granted();
            rig.offer(rig.group(2));
            again.answer(again.await(Frame.FAULTS).word(9), 0);
            rig.until("answer", () -> rig.lane.responses().size() == 2);
            assertEquals(Response.SUCCESS, rig.lane.responses().get(1));
        }
    }

    @Test
    void givesADeviceBackWhenItIsDetached() throws Exception {
        try (TestGuest guest = start(Map.of())) {
            int device = guest.claim("0x100", 1);
            guest.detach(device);
            guest.await(Frame.RESULT);
            rig.until("the chain without it", () -> rig.lane.platform().handlers().isEmpty());

            // the last lane has left it, and in a moment it may be claimed
            Got got = claimAgain(guest);
            while (got.type() == Frame.ERROR && got.word(0) == ErrorCode.OVERLAP.number()) {
                got = claimAgain(guest);
            }
            assertEquals(Frame.GRANT, got.type());
            assertNotEquals(device, got.word(8), "a number is not used again");
        }
    }

    private static Got claimAgain(TestGuest guest) throws Exception {
        guest.send(TestGuest.claim(1024, new byte[16], "0x100", 1, 3));
        return guest.read();
    }

    @Test
    void takesAClaimOutOfTheChainOnceThoughTheHouseAndTheEndBothDo() throws Exception {
        try (TestGuest guest = start(Map.of())) {
            guest.claim("0x100", 1);
            Claim claim = rig.claims.get(0);
            Thread house = new Thread(claim::unregister);
            house.start();
            claim.unregister(); // the lane would say that it was not added
            house.join();

            rig.offer(rig.group(1));
            assertEquals(0, rig.view().enqueued());
        }
    }

    @Test
    void endsAConnectionThatSendsNoFrames() throws Exception {
        try (TestGuest guest = start(Map.of())) {
            guest.send(Frame.buffer(8).putInt(3).putInt(0).flip());
            assertEquals(ErrorCode.BAD_FRAME.number(), guest.error());
            assertNull(guest.read());
        }
    }

    @Test
    void tellsGuestsWhenItEnds() throws Exception {
        try (TestGuest guest = start(Map.of())) {
            guest.claim("0x100", 1);
            rig.server.close(0);
            assertEquals(ErrorCode.SHUTDOWN.number(), guest.error());
            assertNull(guest.read());
        }
    }

    @Test
    void takesRecordsFromAClientThatIsTheHardware() throws Exception {
        try (TestGuest guest = start(Map.of())) {
            var hello = Frame.begin(32 + 128, Frame.HELLO, 1);
            hello.putShort((short) 1).putShort((short) 1).putInt(4).putLong(0).put(new byte[16]);
            Frame.putText(hello, "raw:smmuv3:evtq", 64);
            Frame.putText(hello, "model0", 64);
            guest.send(hello.flip());
            Got grant = guest.await(Frame.GRANT);
            assertEquals(32, grant.payload().getInt(32 + 56));

            guest.send(Frame.begin(6 * 32, Frame.RECORDS, 6).put(new byte[6 * 32]).flip());
            Got result = guest.await(Frame.RESULT);
            assertEquals(List.of(4, 2), List.of(result.word(1), result.word(2)), "taken, lost");
            RawUnit unit = (RawUnit) rig.units.get(0);
            assertTrue(unit.overflowed());
            assertEquals(4, unit.available());

            unit.submit(Frame.buffer(16).putLong(1).putLong(2).flip());
            Got command = guest.await(Frame.COMMANDS);
            assertEquals(1, command.payload().getLong(0));
        }
        rig.until("the unit gone", () -> rig.units.isEmpty());
    }

    /** Clients that stall, die, answer late, twice and wrongly; every group ends exactly once. */
    @Test
    void endsEveryGroupOnceWhateverItsGuestsDo() throws Exception {
        rig = new Rig(Map.of("group.limit", 8));
        Random random = new Random(42);
        List<TestGuest> guests = new ArrayList<>();
        try {
            int offered = 0;
            for (int round = 0; round < 40; round++) {
                TestGuest guest = new TestGuest(rig.socket);
                guests.add(guest);
                guest.claim("0x" + Integer.toHexString(0x200 + round), 1);
                int groups = 1 + random.nextInt(6);
                for (int i = 0; i < groups; i++) {
                    rig.offer(rig.fault().requester(0x200 + round).pasid(1).pageRequests(i));
                    offered++;
                }
                misbehave(guest, groups, random);
                if (random.nextInt(3) == 0) {
                    guest.close();
                }
            }
            int all = offered;
            long begin = System.nanoTime();
            rig.until(
                    "end of every group",
                    () -> {
                        if (System.nanoTime() - begin > 300_000_000L) {
                            rig.advance(Duration.ofSeconds(1));
                        }
                        return rig.lane.responses().size() >= all;
                    });
            assertEquals(all, rig.lane.responses().size(), "each once (R7)");
            rig.until("sums", () -> rig.server.guests().stream().allMatch(GuestServerTest::addsUp));
        } finally {
            for (TestGuest guest : guests) {
                guest.close();
            }
        }
    }

    private static void misbehave(TestGuest guest, int groups, Random random) throws Exception {
        int seen = 0;
        while (seen < groups) {
            if (random.nextInt(10) == 0) {
                return; // stalls
            }
            Got got = guest.read();
            if (got.type() != Frame.FAULTS) {
                continue;
            }
            for (int cookie : got.cookies()) {
                seen++;
                switch (random.nextInt(5)) {
                    case 0 -> guest.answer(cookie, 9);
                    case 1 -> guest.answer(cookie ^ 0x4000_0000, 0);
                    case 2 -> {
                        guest.answer(cookie, 0);
                        guest.answer(cookie, 1);
                    }
                    case 3 -> guest.answer(cookie, 1);
                    default -> {} // never
                }
            }
        }
    }
}
