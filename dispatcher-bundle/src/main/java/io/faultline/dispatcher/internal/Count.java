package io.faultline.dispatcher.internal;

import io.faultline.platform.Counts;
import java.util.Collection;

/**
 * The counters of a device row, by their place in a {@link Tally}. Each is counted where it
 * happens, none is derived, so that the sums of {@link Counts} can go wrong, and tests see whether
 * they do.
 */
final class Count {
    static final int RECORDS = 0;
    static final int MALFORMED = 1;
    static final int EMPTY = 2;
    static final int HINTS = 3;
    static final int STOP_MARKERS = 4;
    static final int PAGE_REQUESTS = 5;
    static final int UNRECOVERABLE = 6;
    static final int COMPLETED = 7;
    static final int HANDLED = 8;
    static final int FAILED = 9;
    static final int UNHANDLED = 10;
    static final int PENDING = 11;
    static final int EXPIRED = 12;
    static final int DRAINED = 13;
    static final int WITHDRAWN = 14;
    static final int SHED = 15;
    static final int GROUP_MEMBERS = 16;
    static final int PARTIAL = 17;
    static final int DISCARDED = 18;
    static final int DROPPED = 19;
    static final int UNDELIVERABLE = 20;
    static final int LOST = 21;

    /** Time of the first and of the last fault; set, not counted. */
    static final int FIRST_TIME = 22;

    static final int LAST_TIME = 23;

    static final int SIZE = 24;

    private Count() {}

    /** The sum of some rows. */
    static Counts sum(Collection<Tally> rows) {
        long[] sums = new long[FIRST_TIME];
        for (Tally row : rows) {
            for (int i = 0; i < sums.length; i++) {
                sums[i] += row.get(i);
            }
        }
        return counts(sums);
    }

    /** The sum of two counts. */
    static Counts sum(Counts a, Counts b) {
        long[] sums = cells(a);
        long[] more = cells(b);
        for (int i = 0; i < sums.length; i++) {
            sums[i] += more[i];
        }
        return counts(sums);
    }

    private static Counts counts(long[] sums) {
        return new Counts(
                sums[RECORDS],
                sums[MALFORMED],
                sums[EMPTY],
                sums[HINTS],
                sums[STOP_MARKERS],
                sums[PAGE_REQUESTS],
                sums[UNRECOVERABLE],
                sums[COMPLETED],
                sums[HANDLED],
                sums[FAILED],
                sums[UNHANDLED],
                sums[PENDING],
                sums[EXPIRED],
                sums[DRAINED],
                sums[WITHDRAWN],
                sums[SHED],
                sums[GROUP_MEMBERS],
                sums[PARTIAL],
                sums[DISCARDED],
                sums[DROPPED],
                sums[UNDELIVERABLE],
                sums[LOST]);
    }

    private static long[] cells(Counts counts) {
        return new long[] {
            counts.records(),
            counts.malformed(),
            counts.empty(),
            counts.hints(),
            counts.stopMarkers(),
            counts.pageRequests(),
            counts.unrecoverable(),
            counts.completed(),
            counts.handled(),
            counts.failed(),
            counts.unhandled(),
            counts.pending(),
            counts.expired(),
            counts.drained(),
            counts.withdrawn(),
            counts.shed(),
            counts.groupMembers(),
            counts.partial(),
            counts.discarded(),
            counts.dropped(),
            counts.undeliverable(),
            counts.lost()
        };
    }
}
