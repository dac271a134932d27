package io.faultline.guest.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.faultline.fault.Response;
import io.faultline.handler.Verdict;
import java.lang.management.ManagementFactory;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * A guest that does not read costs what its queue holds, however long it is stormed at (R11).
 * GuestStorm in bench does that with 10 million requests, lanes and another guest.
 */
class StormTest {
    private static final int FIRST = 30_000;
    private static final int LAST = 300_000;
    private static final long MOST_GROWTH = 2_000_000;

    @Test
    void keepsNoMoreAfterTenTimesAsManyRequests() throws Exception {
        try (Rig rig = new Rig(Map.of());
                TestGuest stuck = new TestGuest(rig.socket)) {
            stuck.claim("0x100", 1);
            Claim claim = rig.claims.get(0);

            long first = storm(rig, claim, 0, FIRST);
            long last = storm(rig, claim, FIRST, LAST);

            assertTrue(last - first < MOST_GROWTH, first + " bytes, then " + last);
            assertEquals(LAST, rig.view().enqueued());
            assertTrue(rig.view().waiting() <= stuck.depth, () -> rig.view().toString());
            assertTrue(rig.view().dropped() > LAST / 2, () -> rig.view().toString());
        }
    }

    private static long storm(Rig rig, Claim claim, int from, int to) {
        for (int i = from; i < to; i++) {
            Verdict verdict = claim.handle(rig.group(i & 0x1ff), new Waits());
            if (verdict.kind() == Verdict.Kind.FAILED) {
                assertTrue(verdict.response() != Response.FAILURE, verdict::toString);
            }
        }
        claim.endOfBatch(null);
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
