package io.faultline.mm.internal;

import io.faultline.fault.Unit;
import io.faultline.mm.SpaceBinding;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Who uses which space; never changed. One device with one PASID is found by hashing, however many
 * there are; bindings of several are tried one after the other, the narrowest first.
 */
final class Bindings {
    static final Bindings NONE = new Bindings(List.of());

    private static final long MIX = 0x9E37_79B9_7F4A_7C15L;
    private static final int PASID_BITS = 21;

    private static final Comparator<BoundSpace> NARROWEST =
            Comparator.<BoundSpace>comparingLong(b -> requesters(b.binding()))
                    .thenComparingLong(b -> pasids(b.binding()))
                    .thenComparing(b -> b.binding().unit() == null);

    private final List<BoundSpace> all;

    /** Open addressing; a power of two, at most half full. Those of one key stand together. */
    private final BoundSpace[] single;

    private final BoundSpace[] several;

    private Bindings(List<BoundSpace> all) {
        this.all = List.copyOf(all);
        List<BoundSpace> sorted = new ArrayList<>(all);
        sorted.sort(NARROWEST);
        List<BoundSpace> one = sorted.stream().filter(b -> isSingle(b.binding())).toList();
        this.single = new BoundSpace[Integer.highestOneBit(Math.max(1, one.size())) * 4];
        one.forEach(this::insert);
        this.several =
                sorted.stream().filter(b -> !isSingle(b.binding())).toArray(BoundSpace[]::new);
    }

    private static boolean isSingle(SpaceBinding b) {
        return requesters(b) == 1 && pasids(b) == 1;
    }

    private static long requesters(SpaceBinding b) {
        return Integer.toUnsignedLong(b.lastRequester() - b.firstRequester()) + 1;
    }

    private static long pasids(SpaceBinding b) {
        return (long) b.lastPasid() - b.firstPasid() + 1;
    }

    private void insert(BoundSpace bound) {
        SpaceBinding b = bound.binding();
        int at = slot(b.firstRequester(), b.firstPasid(), b.stage());
        while (single[at] != null) {
            at = (at + 1) & (single.length - 1);
        }
        single[at] = bound;
    }

    private int slot(int requester, int pasid, int stage) {
        long key = ((long) requester << (PASID_BITS + 1)) ^ ((long) pasid << 1) ^ stage;
        return (int) ((key * MIX) >>> Integer.SIZE) & (single.length - 1);
    }

    /** The space that accesses go to, or null. Allocates nothing. */
    BoundSpace find(Unit unit, int requester, int pasid, int stage) {
        int at = slot(requester, pasid, stage);
        for (BoundSpace b = single[at]; b != null; b = single[at]) {
            if (b.binding().covers(unit, requester, pasid, stage)) {
                return b;
            }
            at = (at + 1) & (single.length - 1);
        }
        for (BoundSpace b : several) {
            if (b.binding().covers(unit, requester, pasid, stage)) {
                return b;
            }
        }
        return null;
    }

    /** The one with exactly this binding, or null. */
    BoundSpace exactly(SpaceBinding binding) {
        return all.stream().filter(b -> b.binding().equals(binding)).findFirst().orElse(null);
    }

    int size() {
        return all.size();
    }

    Bindings with(BoundSpace more) {
        List<BoundSpace> changed = new ArrayList<>(all);
        changed.add(more);
        return new Bindings(changed);
    }

    /** These without those of a space. */
    Bindings without(Space space) {
        return new Bindings(all.stream().filter(b -> b.space() != space).toList());
    }

    /** These without one; no two have the same binding. */
    Bindings without(BoundSpace less) {
        return new Bindings(all.stream().filter(b -> !b.binding().equals(less.binding())).toList());
    }
}
