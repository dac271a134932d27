package io.faultline.guest.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.faultline.fault.Response;
import io.faultline.guest.internal.TestGuest.Got;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What a guest has, and what it gets, while the dispatcher is away and from the next one. GuestIT
 * has dispatchers that really end.
 */
class DispatcherAwayTest {
    private static final byte[] NONE = new byte[Frame.TOKEN_BYTES];
    private static final int ANY = 3;
    private static final int DEADLINE_WORD = 13;

    private Rig rig;
    private TestGuest guest;
    private Got grant;
    private int device;

    @BeforeEach
    void start() throws Exception {
        rig = new Rig();
        guest = new TestGuest(rig.socket);
        guest.send(TestGuest.claim(1024, NONE, "0x100", 1, ANY));
        grant = guest.await(Frame.GRANT);
        grant.payload().get(16, guest.token);
        device = grant.word(8);
    }

    @AfterEach
    void stop() throws Exception {
        guest.close();
        rig.close();
    }

    private void assertServes(TestGuest by) throws Exception {
        int before = rig.lane.responses().size();
        rig.offer(rig.group(before));
        by.answer(by.await(Frame.FAULTS).word(9), 0);
        rig.until("answer", () -> rig.lane.responses().size() == before + 1);
        assertEquals(Response.SUCCESS, rig.lane.responses().get(before));
    }

    @Test
    void keepsItsClaimsInTheRegistry() throws Exception {
        rig.dispatcherLeaves();
        rig.dispatcherComes();

        assertEquals(1, rig.claims.size(), "registered once");
        assertServes(guest);
    }

    @Test
    void isRefusedANewClaimUntilThereIsADispatcher() throws Exception {
        rig.dispatcherLeaves();
        guest.send(TestGuest.claim(16, NONE, "0x101", 2, ANY));
        Got error = guest.await(Frame.ERROR);
        assertEquals(
                List.of(ErrorCode.NOT_READY.number(), 0), List.of(error.word(0), error.word(1)));

        rig.dispatcherComes();
        guest.claim("0x101", 2);
        assertServes(guest);
    }

    @Test
    void isRefusedANewSessionUntilThereIsADispatcher() throws Exception {
        rig.dispatcherLeaves();
        try (TestGuest other = new TestGuest(rig.socket)) {
            other.send(TestGuest.claim(16, NONE, "0x101", 1, ANY));
            assertEquals(ErrorCode.NOT_READY.number(), other.error());
            assertEquals(1, rig.server.guests().size());

            rig.dispatcherComes();
            other.claim("0x101", 1);
        }
    }

    @Test
    void isRefusedARawQueueUntilThereIsADispatcher() throws Exception {
        rig.dispatcherLeaves();
        try (TestGuest model = new TestGuest(rig.socket)) {
            model.send(raw());
            assertEquals(ErrorCode.NOT_READY.number(), model.error());
            IllegalStateException refused =
                    assertThrows(
                            IllegalStateException.class,
                            () -> rig.server.open("raw:smmuv3:evtq", "m1", 16, c -> true));
            assertTrue(refused.getMessage().contains("dispatcher"), refused.getMessage());
            assertEquals(List.of(), rig.units);

            rig.dispatcherComes();
            model.send(raw());
            model.await(Frame.GRANT);
        }
    }

    private static ByteBuffer raw() {
        ByteBuffer hello = Frame.begin(Frame.SESSION_BYTES + Frame.RAW_CLAIM_BYTES, Frame.HELLO, 1);
        hello.putShort((short) 1).putShort((short) 1).putInt(16).putLong(0).put(NONE);
        Frame.putText(hello, "raw:smmuv3:evtq", 64);
        Frame.putText(hello, "model0", 64);
        return hello.flip();
    }

    /** What it was granted is granted still: depth, largest group and deadlines. */
    @Test
    void takesItsSessionBack() throws Exception {
        rig.dispatcherLeaves();
        guest.close();
        rig.until("away", () -> rig.view().state().equals("away"));
        try (TestGuest again = new TestGuest(rig.socket)) {
            again.resume(guest.token);
            assertSameGrant(again.await(Frame.GRANT));

            rig.dispatcherComes();
            assertServes(again);
        }
    }

    @Test
    void takesItsSessionBackFromTheNextVersionOfTheBundle() throws Exception {
        rig.dispatcherLeaves();
        rig.restart();
        assertEquals(ErrorCode.RESTART.number(), guest.error());
        try (TestGuest again = new TestGuest(rig.socket)) {
            again.resume(guest.token);
            assertSameGrant(again.await(Frame.GRANT));

            rig.dispatcherComes();
            assertServes(again);
        }
    }

    private void assertSameGrant(Got again) {
        assertTrue(again.word(DEADLINE_WORD) > 0);
        for (int word : List.of(1, 2, 8, DEADLINE_WORD, DEADLINE_WORD + 1)) {
            assertEquals(grant.word(word), again.word(word), "word " + word);
        }
    }

    /** Its lane was stuck and did not end them: nobody else will. */
    @Test
    void isToldOfGroupsThatTheFormerDispatcherLeftBehind() throws Exception {
        Claim claim = rig.claims.get(0);
        claim.handle(rig.group(1), new Waits());
        claim.endOfBatch(null);
        int cookie = guest.await(Frame.FAULTS).word(9);
        guest.pause(device, 600_000);
        guest.await(Frame.RESULT);
        claim.handle(rig.group(2), new Waits());

        rig.dispatcherLeaves();
        rig.dispatcherComes();

        Got withdrawn = guest.await(Frame.WITHDRAWN);
        assertEquals(
                List.of(1, cookie, Session.WITHDRAWN),
                List.of(withdrawn.count(), withdrawn.word(0), withdrawn.word(1)));
        guest.answer(cookie, 0);
        assertEquals(ErrorCode.LATE.number(), guest.error());
        assertEquals(
                List.of(0L, 0L, 1L),
                List.of(rig.view().outstanding(), rig.view().waiting(), rig.view().withdrawn()));
    }

    /** Its lanes run before its services are there. */
    @Test
    void keepsWhatTheNextDispatcherHasOfferedAlready() throws Exception {
        rig.dispatcherLeaves();
        rig.offer(rig.group(1));
        int cookie = guest.await(Frame.FAULTS).word(9);
        rig.dispatcherComes();

        guest.answer(cookie, 0);
        rig.until("answer", () -> rig.lane.responses().equals(List.of(Response.SUCCESS)));
    }
}
