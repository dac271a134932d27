package io.faultline.dispatcher.internal;

import io.faultline.fault.FaultBits;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Page requests whose group is not complete. Only a group whose last request came is answered; what
 * stays here is dropped without an answer when it is too old, when hardware overflowed, when a stop
 * marker ends its PASID, or when its device leaves (R8, R9).
 */
final class PartialGroups {
    /** In the order in which their latest requests came: the first is the first to be too old. */
    private final LinkedHashMap<Key, Partial> groups = new LinkedHashMap<>(16, 0.75f, true);

    /** Members of all groups. */
    private int members;

    boolean isEmpty() {
        return groups.isEmpty();
    }

    int members() {
        return members;
    }

    /** Adds a request that is not the last of its group. */
    void add(
            DeviceRow row,
            int attributes,
            int requester,
            int pasid,
            int index,
            long iova,
            long nanos) {
        Key key = Key.of(requester, pasid, index, attributes);
        Partial partial = groups.computeIfAbsent(key, k -> new Partial(row, requester, pasid));
        partial.add(iova, attributes);
        partial.latestNanos = nanos;
        members++;
        row.partial++;
    }

    /**
     * Ends a group: its requests so far, with room for the last one.
     *
     * @return IOVA and access of each request, the last one's to be filled in; or null if the last
     *     request is the only one
     */
    long[] complete(DeviceRow row, int attributes, int requester, int pasid, int index) {
        Partial partial = groups.remove(Key.of(requester, pasid, index, attributes));
        if (partial == null) {
            return null;
        }
        forget(row, partial);
        return Arrays.copyOf(partial.requests, 2 * partial.size + 2);
    }

    /** Drops one group; returns how many requests it had. */
    int discard(DeviceRow row, int attributes, int requester, int pasid, int index) {
        Partial partial = groups.remove(Key.of(requester, pasid, index, attributes));
        if (partial == null) {
            return 0;
        }
        forget(row, partial);
        return partial.size;
    }

    /** Drops the groups that match, and shows each. */
    void discard(Predicate<Partial> which, Consumer<Partial> to) {
        for (Iterator<Partial> i = groups.values().iterator(); i.hasNext(); ) {
            Partial partial = i.next();
            if (which.test(partial)) {
                i.remove();
                forget(partial.row, partial);
                to.accept(partial);
            }
        }
    }

    /** Drops the groups whose latest request came so long ago or longer, and shows each. */
    void age(long latestNanos, Consumer<Partial> to) {
        for (Iterator<Partial> i = groups.values().iterator(); i.hasNext(); ) {
            Partial oldest = i.next();
            if (oldest.latestNanos - latestNanos > 0) {
                return;
            }
            i.remove();
            forget(oldest.row, oldest);
            to.accept(oldest);
        }
    }

    /** When the latest request came of the group whose is the longest ago. There must be one. */
    long oldestNanos() {
        return groups.values().iterator().next().latestNanos;
    }

    private void forget(DeviceRow row, Partial partial) {
        members -= partial.size;
        row.partial -= partial.size;
    }

    private record Key(long first, int second) {
        static Key of(int requester, int pasid, int index, int attributes) {
            return new Key(
                    GroupKey.first(requester, index, attributes & ~FaultBits.STALLED),
                    GroupKey.second(pasid, attributes & ~FaultBits.STALLED));
        }
    }

    /** The requests of one group so far. */
    static final class Partial {
        final DeviceRow row;
        final int requester;
        final int pasid;
        long[] requests = new long[8];
        int size;

        /** When its latest request came, in ticker time. */
        long latestNanos;

        Partial(DeviceRow row, int requester, int pasid) {
            this.row = row;
            this.requester = requester;
            this.pasid = pasid;
        }

        void add(long iova, int attributes) {
            if (2 * size == requests.length) {
                requests = Arrays.copyOf(requests, 2 * requests.length);
            }
            requests[2 * size] = iova;
            requests[2 * size + 1] = attributes & FaultBits.ACCESS_MASK;
            size++;
        }
    }
}
