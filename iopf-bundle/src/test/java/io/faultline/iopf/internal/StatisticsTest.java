package io.faultline.iopf.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.faultline.fault.Access;
import io.faultline.fault.PageRequestGroup;
import io.faultline.testkit.FaultBuilder;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

class StatisticsTest {
    /** As the documentation says. */
    private static final int MOST_ROWS = 4096;

    private final Statistics statistics = new Statistics();

    private static PageRequestGroup group(String unit, int requester, int pasid) {
        return new FaultBuilder()
                .unit("fake", unit)
                .requester(requester)
                .pasid(pasid)
                .iova(0x1000)
                .access(Access.READ)
                .pageRequests(1);
    }

    @Test
    void keepsARowForEachUnitDeviceAndPasid() {
        statistics.count(group("u0", 1, 1), 1, null);
        statistics.count(group("u1", 1, 1), 1, null);
        statistics.count(group("u0", 2, 1), 1, null);
        statistics.count(group("u0", 1, 2), 0, Cause.NO_AREA);
        statistics.count(group("u0", 1, 2), 1, null);

        assertEquals(
                List.of("u0 1 1: 1 0", "u0 1 2: 2 1", "u0 2 1: 1 0", "u1 1 1: 1 0"),
                statistics.rows().stream()
                        .map(
                                row ->
                                        "%s %d %d: %d %d"
                                                .formatted(
                                                        row.unit,
                                                        row.requester,
                                                        row.pasid,
                                                        row.groups(),
                                                        row.failed()))
                        .sorted()
                        .toList());
    }

    /** Whoever makes up devices and PASIDs takes no more memory, and nothing goes uncounted. */
    @Test
    void countsInOneRowWhatFindsNoPlace() {
        int devices = 200;
        int pasids = 100;
        for (int device = 0; device < devices; device++) {
            for (int pasid = 0; pasid < pasids; pasid++) {
                statistics.count(group("u0", device, pasid), 0, Cause.NO_SPACE);
            }
        }

        List<Statistics.Row> rows = statistics.rows();
        Statistics.Row others = rows.get(rows.size() - 1);
        assertTrue(rows.size() > MOST_ROWS / 2, () -> rows.size() + " rows");
        assertTrue(rows.size() <= MOST_ROWS + 1, () -> rows.size() + " rows");
        assertNull(others.unit);
        assertEquals(devices * pasids - (rows.size() - 1), others.groups());
        assertEquals((long) devices * pasids, statistics.totals().get("groups"));
        assertEquals((long) devices * pasids, statistics.totals().get("failed.no_space"));
    }

    @Test
    void keepsTimesInAHistogramThatGrowsOn() {
        for (int millis = 1; millis <= 1000; millis++) {
            statistics.time(TimeUnit.MILLISECONDS.toNanos(millis));
        }
        assertEquals(1000, statistics.times().getTotalCount());
        statistics.time(-1);
        statistics.time(Long.MAX_VALUE);

        Histogram times = statistics.times();

        assertEquals(1002, times.getTotalCount());
        assertEquals(500e6, (double) times.getValueAtPercentile(50), 10e6);
        assertEquals(990e6, (double) times.getValueAtPercentile(99), 20e6);
        assertEquals(0, times.getMinValue());
        assertEquals(600e9, (double) times.getMaxValue(), 10e9);
    }
}
