package io.faultline.dispatcher.internal;

import io.faultline.fault.PageRequestGroup;
import io.faultline.platform.DeviceControl;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.function.Predicate;

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
    private int lastPlace;

    /**
     * Groups completed before a stop marker of their PASID: still to be answered, but their index
     * may be used again, in the PASID's new life (R9). Each with what waits with it, or null.
     */
    private final IdentityHashMap<PageRequestGroup, Waiting> formerLives = new IdentityHashMap<>();

    /** Whether a group still needs its answer; the very object. */
    boolean contains(PageRequestGroup group) {
        int i = slot(group);
        return (i >= 0 && groups[i] == group) || isFormer(group);
    }

    /** A stop marker ended this life of a PASID. */
    void endLife(int requester, int pasid) {
        if (size == 0) {
            return;
        }
        for (PageRequestGroup group : all(requester, pasid)) {
            int i = slot(group);
            if (!group.stalled() && i >= 0 && groups[i] == group) {
                Waiting waiting = waits[i];
                remove(group);
                formerLives.put(group, waiting);
            }
        }
    }

    /**
     * The groups of a device and PASID, those of former lives first; each as slow as the table is
     * large.
     *
     * @param pasid a PASID, none, or {@link DeviceControl#ALL_PASIDS}
     */
    List<PageRequestGroup> all(int requester, int pasid) {
        return all(group -> Ending.concerns(requester, pasid, group.requester(), group.pasid()));
    }

    /** All groups, those of former lives first. */
    List<PageRequestGroup> all() {
        return all(group -> true);
    }

    private List<PageRequestGroup> all(Predicate<PageRequestGroup> which) {
        List<PageRequestGroup> all = new ArrayList<>();
        formerLives.keySet().stream().filter(which).forEach(all::add);
        for (PageRequestGroup group : groups) {
            if (group != null && which.test(group)) {
                all.add(group);
            }
        }
        return all;
    }

    /** The outstanding group with the same key, or null. */
    PageRequestGroup find(PageRequestGroup like) {
        int i = slot(like);
        return i < 0 ? null : groups[i];
    }

    /** What waits with a group, or null; the very object. */
    Waiting waiting(PageRequestGroup group) {
        int i = slot(group);
        return i >= 0 && groups[i] == group ? waits[i] : formerLives.get(group);
    }

    /**
     * Adds a group that is complete now, which nothing waits for yet, unless another one with its
     * key is there.
     *
     * @return the other one; null if the group was added
     */
    PageRequestGroup enter(PageRequestGroup group) {
        if (2 * (size + 1) > groups.length) {
            grow();
        }
        long first = GroupKey.first(group);
        int second = GroupKey.second(group);
        int mask = groups.length - 1;
        int i = GroupKey.hash(first, second) & mask;
        for (PageRequestGroup other = groups[i]; other != null; other = groups[i]) {
            if (GroupKey.first(other) == first
                    && GroupKey.second(other) == second
                    && GroupKey.sameData(other, group)) {
                return other;
            }
            i = (i + 1) & mask;
        }
        groups[i] = group;
        lastPlace = i;
        size++;
        return null;
    }

    /** Where the last group that was entered is, as long as no other one is moved. */
    int lastPlace() {
        return lastPlace;
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

    /** Whether a group was completed before a stop marker of its PASID; the very object. */
    boolean isFormer(PageRequestGroup group) {
        return !formerLives.isEmpty() && formerLives.containsKey(group);
    }

    /** Puts a group back that was taken out: where it was, so that its index stays free. */
    void putBack(PageRequestGroup group, boolean former, Waiting waiting) {
        if (former) {
            formerLives.put(group, waiting);
        } else {
            add(group, waiting);
        }
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
        return remove(group, 0);
    }

    /** The same; it is quicker if the group is where it was when it was entered. */
    boolean remove(PageRequestGroup group, int place) {
        int i = groups[place] == group ? place : slot(group); // the table never shrinks
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
        boolean there = isFormer(group);
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
