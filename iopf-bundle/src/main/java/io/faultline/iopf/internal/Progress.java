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

    /** What a way holds, one beside the other: a set is two cache lines. */
    private static final int PAGE = 0;

    private static final int DEVICE = 1;
    private static final int SINCE = 2;
    private static final int COUNT = 3;
    private static final int WORDS = 4;

    private final long[] ways = new long[SETS * WAYS * WORDS];

    /** Looked at only where page and device are the same. */
    private final Object[] units = new Object[SETS * WAYS];

    /**
     * A request is about to be answered SUCCESS.
     *
     * @return false if it was so often already
     */
    boolean advances(Fault fault, long address, int access, long now, Settings settings) {
        // the low bits of the address are free for the access; 0 marks an empty way
        long page = ((address >>> PAGE_SHIFT) << PAGE_SHIFT) | (access << 1) | 1;
        long device = ((long) fault.requester() << Integer.SIZE) | (fault.pasid() & 0xffff_ffffL);
        int first = (int) (((page ^ (device * MIX)) * MIX) >>> 56) * WAYS * WORDS;
        int oldest = first;
        for (int way = first; way < first + WAYS * WORDS; way += WORDS) {
            long present = ways[way + PAGE];
            if (present == page
                    && ways[way + DEVICE] == device
                    && fault.unit().equals(units[way / WORDS])) {
                return again(way, now, settings);
            }
            if (present == 0) {
                oldest = way;
                break;
            }
            if (ways[way + SINCE] - ways[oldest + SINCE] < 0) {
                oldest = way;
            }
        }
        ways[oldest + PAGE] = page;
        ways[oldest + DEVICE] = device;
        ways[oldest + SINCE] = now;
        ways[oldest + COUNT] = 1;
        if (units[oldest / WORDS] != fault.unit()) {
            units[oldest / WORDS] = fault.unit();
        }
        return true;
    }

    private boolean again(int way, long now, Settings settings) {
        if (now - ways[way + SINCE] > settings.progressNanos()) {
            ways[way + SINCE] = now;
            ways[way + COUNT] = 1;
            return true;
        }
        if (ways[way + COUNT] >= settings.progressAnswers()) {
            return false;
        }
        ways[way + COUNT]++;
        return true;
    }
}
