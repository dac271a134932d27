package io.faultline.itest;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.faultline.platform.Counts;
import io.faultline.platform.DeviceView;
import io.faultline.platform.HandlerView;
import java.util.List;
import java.util.function.ToLongFunction;

/** What counters come to once the lanes are quiet. */
final class Sums {
    private Sums() {}

    /** The three sums of {@link Counts}. */
    static void assertAddUp(Counts c) {
        assertAll(
                c.toString(),
                () -> assertEquals(c.records(), kinds(c)),
                () -> assertEquals(c.completed(), ended(c)),
                () -> assertEquals(c.pageRequests(), requests(c)));
    }

    /** Whether they hold: not while a lane is in the middle of something. */
    static boolean addUp(Counts c) {
        return c.records() == kinds(c)
                && c.completed() == ended(c)
                && c.pageRequests() == requests(c);
    }

    private static long kinds(Counts c) {
        long none = c.malformed() + c.empty();
        return none + c.hints() + c.stopMarkers() + c.pageRequests() + c.unrecoverable();
    }

    private static long requests(Counts c) {
        return c.groupMembers() + c.partial() + c.discarded() + c.dropped();
    }

    /** What has become of those that are complete. */
    static long ended(Counts c) {
        long byChain = c.handled() + c.failed() + c.unhandled() + c.pending();
        return byChain + c.expired() + c.drained() + c.withdrawn() + c.shed();
    }

    static void assertAddUp(HandlerView h) {
        assertEquals(
                h.offered(), h.handled() + h.passed() + h.failed() + h.deferred(), h::toString);
    }

    /** What the devices of a unit come to together is what the unit has. */
    static void assertAddUp(List<DeviceView> devices, Counts unit) {
        List<ToLongFunction<Counts>> counters =
                List.of(
                        Counts::records,
                        Counts::pageRequests,
                        Counts::completed,
                        Counts::handled,
                        Counts::undeliverable);
        for (ToLongFunction<Counts> counter : counters) {
            assertEquals(
                    counter.applyAsLong(unit),
                    devices.stream().map(DeviceView::counts).mapToLong(counter).sum());
        }
    }
}
