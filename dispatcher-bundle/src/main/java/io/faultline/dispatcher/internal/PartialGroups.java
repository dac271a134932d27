package io.faultline.dispatcher.internal;

import io.faultline.fault.FaultBits;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Page requests whose group is not complete. Only a group whose last request came is answered; what
 * stays here is dropped without an answer when hardware overflowed, when a stop marker ends its
 * PASID, or when its device leaves (R8, R9).
 */
final class PartialGroups {
    private final Map<Key, Partial> groups = new HashMap<>();

    /** Members of all groups. */
    private int members;

    boolean isEmpty() {
        return groups.isEmpty();
    }

    int members() {
        return members;
    }

    /** Adds a request that is not the last of its group. */
    void add(DeviceRow row, int attributes, int requester, int pasid, int index, long iova) {
        Key key = Key.of(requester, pasid, index, attributes);
        Partial partial = groups.computeIfAbsent(key, k -> new Partial(row, requester, pasid));
        partial.add(iova, attributes);
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

    /** Drops the groups of one PASID of a device; returns how many requests they had. */
    int discardPasid(DeviceRow row, int requester, int pasid) {
        int discarded = 0;
        for (Iterator<Partial> i = groups.values().iterator(); i.hasNext(); ) {
            Partial partial = i.next();
            if (partial.requester == requester && partial.pasid == pasid) {
                discarded += partial.size;
                forget(row, partial);
                i.remove();
            }
        }
        return discarded;
    }

    /** Drops all groups, telling each row how many of its requests went. */
    void discardAll(Consumer<Partial> to) {
        groups.values()
                .forEach(
                        partial -> {
                            forget(partial.row, partial);
                            to.accept(partial);
                        });
        groups.clear();
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
