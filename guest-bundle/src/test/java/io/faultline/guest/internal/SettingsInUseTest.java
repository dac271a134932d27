package io.faultline.guest.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.faultline.fault.Access;
import io.faultline.fault.Response;
import io.faultline.fault.Unit;
import io.faultline.guest.internal.TestGuest.Got;
import io.faultline.testkit.RecordingQueue;
import io.faultline.testkit.RecordingUnit;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Each setting changed while a session is open: the session stays, and what comes next goes by the
 * new value. GuestIT does that with handover.ms, which the end of the bundle needs; socket is read
 * when the bundle starts.
 */
class SettingsInUseTest {
    private static final byte[] NONE = new byte[Frame.TOKEN_BYTES];
    private static final int ANY = 3;
    private static final int WANTS_FAILURE = 4;

    private Rig rig;
    private TestGuest guest;
    private int device;

    @BeforeEach
    void start() throws Exception {
        rig = new Rig();
        rig.units.add(
                new RecordingUnit(new Unit("smmuv3", Rig.UNIT), new RecordingQueue("priq", 16, 4)));
        guest = new TestGuest(rig.socket);
        guest.send(TestGuest.claim(1024, NONE, "0x100", 1, ANY | WANTS_FAILURE));
        device = guest.granted();
    }

    @AfterEach
    void stop() throws Exception {
        guest.close();
        rig.close();
    }

    /** Whatever was changed. */
    private void assertServes() throws Exception {
        int before = rig.lane.responses().size();
        rig.offer(rig.group(before));
        guest.answer(guest.await(Frame.FAULTS).word(9), 0);
        rig.until("answer", () -> rig.lane.responses().size() == before + 1);
    }

    @Test
    void usersAreThoseWhoComeNext() throws Exception {
        rig.configure(Map.of("users", "nobody-else"));
        try (TestGuest other = new TestGuest(rig.socket)) {
            assertEquals(ErrorCode.NOT_PERMITTED.number(), other.error());
            assertNull(other.read());
        }
        assertServes();
    }

    @Test
    void sessionsAreNoMoreThanTheNewLimit() throws Exception {
        try (TestGuest other = new TestGuest(rig.socket)) {
            rig.configure(Map.of("sessions.limit", 1));
            other.send(TestGuest.claim(16, NONE, "0x101", 1, ANY));
            assertEquals(ErrorCode.LIMIT.number(), other.error());
            rig.configure(Map.of("sessions.limit", 2));
            other.claim("0x101", 1);
        }
        assertServes();
    }

    @Test
    void claimsAreNoMoreThanTheNewLimit() throws Exception {
        rig.configure(Map.of("claims.limit", 1));
        guest.send(TestGuest.claim(16, NONE, "0x101", 2, ANY));
        assertEquals(ErrorCode.LIMIT.number(), guest.error());
        rig.configure(Map.of("claims.limit", 2));
        guest.claim("0x101", 2);
        assertServes();
    }

    @Test
    void groupsOfAnOpenSessionStayAsLargeAsWasGranted() throws Exception {
        rig.configure(Map.of("group.limit", 1));
        rig.offer(rig.fault().pasid(7).request(0x2000, Access.READ).pageRequests(9));
        Got got = guest.await(Frame.FAULTS);
        assertEquals(2, got.count());
        guest.answer(got.word(9), 0);
        rig.until("answer", () -> rig.lane.responses().size() == 1);
        try (TestGuest other = new TestGuest(rig.socket)) {
            other.send(TestGuest.claim(1, NONE, "0x101", 1, ANY));
            Got grant = other.await(Frame.GRANT);
            assertEquals(List.of(1, 1), List.of(grant.word(1), grant.word(2)), "of a new one");
        }
        assertServes();
    }

    /** No batch ends here: only the delay wakes the guest. */
    @Test
    void guestsAreWokenAfterTheNewDelay() throws Exception {
        rig.configure(Map.of("wake.ms", 1000));
        rig.configure(Map.of("wake.ms", 1));
        long begin = System.nanoTime();
        for (int i = 0; i < 30; i++) {
            rig.claims.get(0).handle(rig.group(i), new Waits());
            guest.await(Frame.FAULTS);
        }
        long took = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begin);
        assertTrue(took < 20, "30 delays of a second would be 30 s: " + took);
        assertServes();
    }

    @Test
    void pausesAreNoLongerThanTheNewLimit() throws Exception {
        rig.configure(Map.of("pause.limit.ms", 100));
        guest.pause(device, 5_000);
        assertEquals(100, guest.await(Frame.RESULT).word(2));
        guest.pause(device, 0);
        guest.await(Frame.RESULT);
        rig.configure(Map.of("pause.limit.ms", 0));
        guest.pause(device, 5_000);
        assertEquals(0, guest.await(Frame.RESULT).word(2));
        assertServes();
    }

    @Test
    void devicesWaitForTheirGuestAsLongAsTheNewTimeSays() throws Exception {
        try (TestGuest other = new TestGuest(rig.socket)) {
            other.claim("0x101", 1);
            rig.configure(Map.of("reconnect.ms", 100));
        }
        rig.until("its end", () -> rig.server.guests().size() == 1);
        assertServes();
    }

    @Test
    void failureIsForWhomTheNewListNames() throws Exception {
        rig.offer(rig.group(1));
        int cookie = guest.await(Frame.FAULTS).word(9);
        guest.answer(cookie, 2);
        assertEquals(ErrorCode.BAD_CODE.number(), guest.error());
        rig.configure(Map.of("failure.devices", "smmu0 0x100"));
        guest.answer(cookie, 2);
        rig.until("answer", () -> rig.lane.responses().equals(List.of(Response.FAILURE)));
        assertEquals("connected", rig.view().state());
    }
}
