package io.faultline.guest.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A guest that takes nothing more: the log says why, and what was under way is withdrawn. */
class CannotBeWrittenToTest {
    private static final String WORDS = ": cannot be written to: ";
    private static final int STUCK_STEPS = 500;

    private Rig rig;

    @BeforeEach
    void start() throws Exception {
        rig = new Rig(Map.of("group.limit", 64));
    }

    @AfterEach
    void stop() throws Exception {
        rig.close();
    }

    private List<String> reasons() {
        return rig.messages.stream()
                .filter(message -> message.contains(WORDS))
                .map(message -> message.substring(message.indexOf(WORDS) + WORDS.length()))
                .toList();
    }

    private void assertSaidWhyOnce() throws InterruptedException {
        rig.until("message", () -> !reasons().isEmpty());
        rig.until("end", () -> rig.view().state().equals("away"));
        List<String> reasons = reasons();
        assertEquals(1, reasons.size(), reasons::toString);
        assertFalse(reasons.get(0).isBlank() || reasons.get(0).equals("null"), reasons::toString);
    }

    @Test
    void saysWhyWhenAGuestHasShutItsSideDown() throws Exception {
        try (TestGuest guest = new TestGuest(rig.socket)) {
            guest.claim("0x100", 1);
            guest.channel.shutdownInput();

            rig.offer(rig.group(1));

            assertSaidWhyOnce();
            rig.until("count", () -> rig.view().withdrawn() == 1);
            assertEquals(0, rig.view().read());
        }
    }

    @Test
    void saysWhyWhenAGuestGoesWhileAWriteIsUnderWay() throws Exception {
        try (TestGuest guest = new TestGuest(rig.socket)) {
            guest.send(TestGuest.claim(64, new byte[Frame.TOKEN_BYTES], "0x100", 1, 3));
            guest.granted();
            Claim claim = rig.claims.get(0);
            stormUntilAWriteIsStuck(claim);
        }
        assertSaidWhyOnce();
        rig.until("withdrawn", () -> rig.view().withdrawn() > 0);
        assertTrue(rig.view().read() > 0, () -> rig.view().toString());
        rig.until(
                "sum",
                () ->
                        rig.view().enqueued()
                                == rig.view().read()
                                        + rig.view().dropped()
                                        + rig.view().withdrawn());
    }

    /** The kernel's buffer is full, and the queue behind it: nothing moves any more. */
    private void stormUntilAWriteIsStuck(Claim claim) throws InterruptedException {
        long[] last = {-1, 0};
        int[] index = {0};
        rig.until(
                "a write that is stuck",
                () -> {
                    for (int i = 0; i < 100; i++) {
                        claim.handle(rig.group(index[0]++ & 0x1ff), new Waits());
                    }
                    claim.endOfBatch(null);
                    long accepted = rig.view().enqueued() - rig.view().dropped();
                    last[1] = accepted == last[0] && writes() ? last[1] + 1 : 0;
                    last[0] = accepted;
                    return last[1] > STUCK_STEPS;
                });
    }

    private static boolean writes() {
        return Thread.getAllStackTraces().entrySet().stream()
                .filter(thread -> thread.getKey().getName().matches("guest-\\d+-writer"))
                .flatMap(thread -> Arrays.stream(thread.getValue()))
                .anyMatch(frame -> frame.getClassName().equals("sun.nio.ch.SocketChannelImpl"));
    }
}
