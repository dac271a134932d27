package io.faultline.iopf.internal;

import io.faultline.fault.Fault;

/**
 * Notices requests that come again and again although each was answered SUCCESS: the device's
 * translation and the address space disagree, and asking again will never help.
 *
 * <p>Bounded: a small set-associative table, in which an older request makes room for a new one.
 * That can only make it forget, never blame a request that came less often.
 *
 * <p><b>Threads.</b> For one thread: each lane and each worker has its own.
 */
final class Progress {
    private static final int SETS = 256;
    private static final int WAYS = 4;
    private static final int PAGE_SHIFT = 12;
    private static final long MIX = 0x9E37_79B9_7F4A_7C15L;

    private final long[] pages = new long[SETS * WAYS];
    private final long[] devices = new long[SETS * WAYS];
    private final Object[] units = new Object[SETS * WAYS];
    private final long[] since = new long[SETS * WAYS];
    private final int[] counts = new int[SETS * WAYS];

    /**
     * A request is about to be answered SUCCESS.
     *
     * @return false if it was so often already
     */
    boolean advances(Fault fault, long address, int access, long now, Settings settings) {
        // the low bits of the address are free for the access; 0 marks an empty way
        long page = ((address >>> PAGE_SHIFT) << PAGE_SHIFT) | (access << 1) | 1;
        long device = ((long) fault.requester() << Integer.SIZE) | (fault.pasid() & 0xffff_ffffL);
        int first = (int) (((page ^ (device * MIX)) * MIX) >>> 56) * WAYS;
        int oldest = first;
        for (int way = first; way < first + WAYS; way++) {
            if (pages[way] == page && devices[way] == device && fault.unit().equals(units[way])) {
                return again(way, now, settings);
            }
            if (pages[way] == 0 || since[way] - since[oldest] < 0) {
                oldest = way;
                if (pages[way] == 0) {
                    break;
                }
            }
        }
        pages[oldest] = page;
        devices[oldest] = device;
        units[oldest] = fault.unit();
        since[oldest] = now;
        counts[oldest] = 1;
        return true;
    }

    private boolean again(int way, long now, Settings settings) {
        if (now - since[way] > settings.progressNanos()) {
            since[way] = now;
            counts[way] = 1;
            return true;
        }
        if (counts[way] >= settings.progressAnswers()) {
            return false;
        }
        counts[way]++;
        return true;
    }
}
