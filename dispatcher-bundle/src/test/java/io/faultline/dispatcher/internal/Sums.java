package io.faultline.dispatcher.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.faultline.platform.Counts;

/** The sums that counters must come to, once the lanes are quiet. */
final class Sums {
    private Sums() {}

    static void check(Counts c) {
        assertEquals(
                c.malformed()
                        + c.empty()
                        + c.hints()
                        + c.stopMarkers()
                        + c.pageRequests()
                        + c.unrecoverable(),
                c.records(),
                () -> "records of " + c);
        assertEquals(
                c.handled()
                        + c.failed()
                        + c.unhandled()
                        + c.pending()
                        + c.expired()
                        + c.drained()
                        + c.withdrawn()
                        + c.shed(),
                c.completed(),
                () -> "completed of " + c);
        assertEquals(
                c.groupMembers() + c.partial() + c.discarded() + c.dropped(),
                c.pageRequests(),
                () -> "page requests of " + c);
    }
}
