package io.faultline.dispatcher.internal;

import io.faultline.fault.Response;
import io.faultline.fault.Unit;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntSupplier;
import java.util.function.IntUnaryOperator;

/**
 * The device rows of one unit on one lane: an open-addressed table by requester, bounded, with one
 * row for all devices beyond the bound. The lane writes, anybody reads. Rows are never given back:
 * a device that is seen again goes on with its counters.
 */
final class DeviceRows {
    private static final VarHandle ELEMENT = MethodHandles.arrayElementVarHandle(DeviceRow[].class);
    private static final int OTHERS = -1;
    private static final int NO_REQUESTER = -2;

    final Unit unit;

    /** For devices beyond the bound. */
    final DeviceRow others;

    /** For records that name no requester, malformed and empty ones among them. */
    final DeviceRow unattributed;

    /** Its length is a power of two. Rows are put in with release, by the lane. */
    private volatile DeviceRow[] table = new DeviceRow[32];

    private int used;

    private final IntSupplier indices;

    private final IntUnaryOperator physicalFunction;

    /** By physical function; an allocation lives as long as the rows that share it. */
    private final Map<Integer, Allocation> allocations = new HashMap<>();

    /**
     * @param physicalFunction names the function whose page request allocation another one shares
     */
    DeviceRows(
            Unit unit,
            IntUnaryOperator physicalFunction,
            int retries,
            long nanos,
            IntSupplier indices) {
        this.unit = unit;
        this.physicalFunction = physicalFunction;
        this.indices = indices;
        this.unattributed = beyond(NO_REQUESTER, retries, nanos);
        this.others = beyond(OTHERS, retries, nanos);
    }

    private DeviceRow beyond(int what, int retries, long nanos) {
        return new DeviceRow(what, new Allocation(what), indices.getAsInt(), retries, nanos);
    }

    /** The row of a device. By the lane only. */
    DeviceRow row(int requester, Settings settings, long nanos) {
        long key = Integer.toUnsignedLong(requester);
        DeviceRow[] rows = table;
        DeviceRow row = rows[slot(key, rows.length - 1)];
        return row != null && row.requester == key
                ? row
                : find(key, settings, nanos, settings.devicesLimit());
    }

    /** The row of a device that somebody names: it gets one of its own beyond the bound, too. */
    DeviceRow ownRow(int requester, Settings settings, long nanos) {
        return find(Integer.toUnsignedLong(requester), settings, nanos, Integer.MAX_VALUE);
    }

    private DeviceRow find(long key, Settings settings, long nanos, int limit) {
        DeviceRow[] rows = table;
        int mask = rows.length - 1;
        int i = slot(key, mask);
        for (DeviceRow row = rows[i]; row != null; row = rows[i]) {
            if (row.requester == key) {
                return row;
            }
            i = (i + 1) & mask;
        }
        if (used >= limit) {
            return others;
        }
        int function = physicalFunction.applyAsInt((int) key);
        Allocation allocation = allocations.computeIfAbsent(function, Allocation::new);
        DeviceRow row =
                new DeviceRow(
                        key, allocation, indices.getAsInt(), settings.overloadRetries(), nanos);
        row.shut = allocation.failed ? Response.FAILURE : null;
        ELEMENT.setRelease(rows, i, row);
        used++;
        if (2 * used > rows.length) {
            grow(rows);
        }
        return row;
    }

    private void grow(DeviceRow[] rows) {
        DeviceRow[] larger = new DeviceRow[2 * rows.length];
        int mask = larger.length - 1;
        for (DeviceRow row : rows) {
            if (row != null) {
                int i = slot(row.requester, mask);
                while (larger[i] != null) {
                    i = (i + 1) & mask;
                }
                larger[i] = row;
            }
        }
        table = larger;
    }

    private static int slot(long key, int mask) {
        return (int) ((key * 0x9e37_79b9_7f4a_7c15L) >>> 40) & mask;
    }

    /** All rows: devices in no order, others, unattributed. From any thread. */
    List<DeviceRow> all() {
        List<DeviceRow> all = new ArrayList<>();
        DeviceRow[] rows = table;
        for (int i = 0; i < rows.length; i++) {
            DeviceRow row = (DeviceRow) ELEMENT.getAcquire(rows, i);
            if (row != null) {
                all.add(row);
            }
        }
        all.add(others);
        all.add(unattributed);
        return all;
    }
}
