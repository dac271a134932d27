package io.faultline.iopf.internal;

import io.faultline.fault.Fault;
import io.faultline.fault.PageRequestGroup;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;

/**
 * What io-pgfault did, in all and for each device and PASID. Rows are bounded: what finds no place
 * is counted in one row for all others.
 *
 * <p><b>Threads.</b> Safe for any thread.
 */
public final class Statistics {
    private static final int ROWS = 4096;
    private static final int PROBES = 8;
    private static final long MIX = 0x9E37_79B9_7F4A_7C15L;
    private static final long LONGEST_NANOS = 600_000_000_000L;

    private final AtomicReferenceArray<Row> rows = new AtomicReferenceArray<>(ROWS);
    private final Row others = new Row(null, 0, Fault.NO_PASID);
    private final ConcurrentHashMap<Cause, LongAdder> failures = new ConcurrentHashMap<>();
    private final LongAdder hints = new LongAdder();
    private final LongAdder hintsDropped = new LongAdder();
    private final Recorder times = new Recorder(LONGEST_NANOS, 2);
    private final Histogram total = new Histogram(LONGEST_NANOS, 2);

    /**
     * One device and PASID. A group of one whose page was brought in, by far the most of them,
     * costs one addition: what else is shown is derived from what such a group does not have.
     */
    static final class Row {
        final String unit;
        final int requester;
        final int pasid;
        private final OwnedCounter groups = new OwnedCounter();

        /** Requests beyond the first of their group. */
        private final LongAdder more = new LongAdder();

        /** Requests whose pages were not brought in. */
        private final LongAdder missing = new LongAdder();

        private final LongAdder failed = new LongAdder();

        Row(String unit, int requester, int pasid) {
            this.unit = unit;
            this.requester = requester;
            this.pasid = pasid;
        }

        long groups() {
            return groups.sum();
        }

        long requests() {
            return groups.sum() + more.sum();
        }

        long pages() {
            return requests() - missing.sum();
        }

        long failed() {
            return failed.sum();
        }

        boolean isOf(Fault fault) {
            return requester == fault.requester()
                    && pasid == fault.pasid()
                    && unit.equals(fault.unit().name());
        }
    }

    /**
     * A group has been decided.
     *
     * @param pages how many were brought in; all of them if it did not fail
     * @param cause why it failed, or null
     */
    void count(PageRequestGroup group, int pages, Cause cause) {
        Row row = row(group);
        int size = group.size();
        row.groups.increment();
        if (size > 1) {
            row.more.add(size - 1L);
        }
        if (cause != null) {
            row.missing.add(size - (long) pages);
            row.failed.increment();
            failures.computeIfAbsent(cause, c -> new LongAdder()).increment();
        }
    }

    private Row row(Fault fault) {
        long key = ((long) fault.requester() << Integer.SIZE) ^ fault.pasid();
        int first = (int) ((key * MIX) >>> 52);
        for (int i = 0; i < PROBES; i++) {
            int at = (first + i) & (ROWS - 1);
            Row row = rows.getAcquire(at);
            if (row == null) {
                Row fresh = new Row(fault.unit().name(), fault.requester(), fault.pasid());
                Row present = rows.compareAndExchange(at, null, fresh);
                row = present == null ? fresh : present;
            }
            if (row.isOf(fault)) {
                return row;
            }
        }
        return others;
    }

    /** A hint has come, whatever becomes of it. */
    void countHint() {
        hints.increment();
    }

    /** One of those found no room, or lost it to groups. */
    void countDroppedHint() {
        hintsDropped.increment();
    }

    /** Time from the call of the handler to its decision. */
    void time(long nanos) {
        times.recordValue(Math.min(Math.max(nanos, 0), LONGEST_NANOS));
    }

    /** Rows that have been counted in, the one for others last. */
    List<Row> rows() {
        List<Row> list = new ArrayList<>();
        for (int i = 0; i < ROWS; i++) {
            Row row = rows.getAcquire(i);
            if (row != null) {
                list.add(row);
            }
        }
        if (others.groups() > 0) {
            list.add(others);
        }
        return list;
    }

    /** Counts by name, in all. */
    SortedMap<String, Long> totals() {
        SortedMap<String, Long> totals = new TreeMap<>();
        long groups = 0;
        long requests = 0;
        long pages = 0;
        long failed = 0;
        for (Row row : rows()) {
            groups += row.groups();
            requests += row.requests();
            pages += row.pages();
            failed += row.failed();
        }
        totals.put("groups", groups);
        totals.put("requests", requests);
        totals.put("pages", pages);
        totals.put("response.SUCCESS", groups - failed);
        totals.put("passed on", failed);
        totals.put("hints", hints.sum());
        totals.put("hints dropped", hintsDropped.sum());
        failures.forEach((cause, n) -> totals.put("failed." + cause.word(), n.sum()));
        return totals;
    }

    /** The times recorded so far. */
    synchronized Histogram times() {
        total.add(times.getIntervalHistogram());
        return total.copy();
    }
}
