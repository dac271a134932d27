package io.faultline.dispatcher.internal;

import io.faultline.fault.PageRequestGroup;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;

/**
 * The groups of one queue that hardware waits for, from their completion until just before their
 * command enters the ring. Open addressing by {@link GroupKey}; only its lane uses it, so that a
 * tag or index that comes back at once finds its place free.
 */
final class Outstanding {
    private PageRequestGroup[] groups = new PageRequestGroup[1024];

    /**
     * Beside its group: what waits for a handler or for room; null for one decided in this batch.
     */
    private Waiting[] waits = new Waiting[1024];

    private int size;

    /**
     * Groups completed before a stop marker of their PASID: still to be answered, but their index
     * may be used again, in the PASID's new life (R9). Each with what waits with it, or null.
     */
    private final IdentityHashMap<PageRequestGroup, Waiting> formerLives = new IdentityHashMap<>();

    /** Whether a group still needs its answer; the very object. */
    boolean contains(PageRequestGroup group) {
        int i = slot(group);
        return (i >= 0 && groups[i] == group) || formerLives.containsKey(group);
    }

    /** A stop marker ended this life of a PASID. */
    void endLife(int requester, int pasid) {
        if (size == 0) {
            return;
        }
        List<PageRequestGroup> ended = new ArrayList<>();
        for (PageRequestGroup group : groups) {
            if (group != null
                    && !group.stalled()
                    && group.requester() == requester
                    && group.pasid() == pasid) {
                ended.add(group);
            }
        }
        for (PageRequestGroup group : ended) {
            Waiting waiting = waits[slot(group)];
            remove(group);
            formerLives.put(group, waiting);
        }
    }

    /** The outstanding group with the same key, or null. */
    PageRequestGroup find(PageRequestGroup like) {
        int i = slot(like);
        return i < 0 ? null : groups[i];
    }

    /** What waits with the group of the same key, or null. */
    Waiting waiting(PageRequestGroup like) {
        int i = slot(like);
        return i < 0 ? null : waits[i];
    }

    /** Adds a group; one whose key a newer one has taken meanwhile belongs to a former life. */
    void add(PageRequestGroup group, Waiting waiting) {
        if (slot(group) >= 0) {
            formerLives.put(group, waiting);
            return;
        }
        if (2 * ++size > groups.length) {
            grow();
        }
        put(group, waiting);
    }

    /** Says what waits with a group that is there. */
    void waits(PageRequestGroup group, Waiting waiting) {
        int i = slot(group);
        if (i >= 0 && groups[i] == group) {
            waits[i] = waiting;
        } else {
            formerLives.replace(group, waiting);
        }
    }

    /** Takes a group out; the very object. Returns false if it is not there. */
    boolean remove(PageRequestGroup group) {
        int i = slot(group);
        if (i < 0 || groups[i] != group) {
            return leaveFormerLife(group);
        }
        size--;
        int mask = groups.length - 1;
        int hole = i;
        for (int j = (i + 1) & mask; groups[j] != null; j = (j + 1) & mask) {
            int home = home(groups[j], mask);
            if (((j - home) & mask) >= ((j - hole) & mask)) {
                groups[hole] = groups[j];
                waits[hole] = waits[j];
                hole = j;
            }
        }
        groups[hole] = null;
        waits[hole] = null;
        return true;
    }

    private boolean leaveFormerLife(PageRequestGroup group) {
        boolean there = formerLives.containsKey(group);
        formerLives.remove(group);
        return there;
    }

    private int slot(PageRequestGroup like) {
        int mask = groups.length - 1;
        long first = GroupKey.first(like);
        int second = GroupKey.second(like);
        for (int i = GroupKey.hash(first, second) & mask; groups[i] != null; i = (i + 1) & mask) {
            PageRequestGroup group = groups[i];
            if (GroupKey.first(group) == first
                    && GroupKey.second(group) == second
                    && GroupKey.sameData(group, like)) {
                return i;
            }
        }
        return -1;
    }

    private static int home(PageRequestGroup group, int mask) {
        return GroupKey.hash(GroupKey.first(group), GroupKey.second(group)) & mask;
    }

    private void put(PageRequestGroup group, Waiting waiting) {
        int mask = groups.length - 1;
        int i = home(group, mask);
        while (groups[i] != null) {
            i = (i + 1) & mask;
        }
        groups[i] = group;
        waits[i] = waiting;
    }

    private void grow() {
        PageRequestGroup[] oldGroups = groups;
        Waiting[] oldWaits = waits;
        groups = new PageRequestGroup[2 * oldGroups.length];
        waits = new Waiting[groups.length];
        for (int i = 0; i < oldGroups.length; i++) {
            if (oldGroups[i] != null) {
                put(oldGroups[i], oldWaits[i]);
            }
        }
    }
}
