package io.faultline.mm.internal;

import io.faultline.mm.Area;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The areas of a space with their page tables: sorted, none overlaps another, never changed. */
final class Areas {
    /** As many as Linux allows a process, and a few. */
    static final int MOST = 65_536;

    static final Areas NONE = new Areas(new Place[0]);

    /** An area and which of its pages are resident. */
    record Place(Area area, PageTable table) {}

    private static final Comparator<Place> BY_ADDRESS =
            (a, b) -> Long.compareUnsigned(a.area().start(), b.area().start());

    private final Place[] places;
    private final long[] starts;

    private Areas(Place[] places) {
        this.places = places;
        this.starts = Arrays.stream(places).mapToLong(p -> key(p.area().start())).toArray();
    }

    /** Orders unsigned addresses as signed numbers. */
    private static long key(long address) {
        return address ^ Long.MIN_VALUE;
    }

    /** The area that contains an address, or null. */
    Place find(long address) {
        int at = Arrays.binarySearch(starts, key(address));
        Place place = at >= 0 ? places[at] : at < -1 ? places[-at - 2] : null;
        return place != null && place.area().contains(address) ? place : null;
    }

    /**
     * These and more.
     *
     * @throws IllegalArgumentException if two overlap, or there are too many
     */
    Areas with(List<Place> more) {
        Place[] all = Stream.concat(Arrays.stream(places), more.stream()).toArray(Place[]::new);
        if (all.length > MOST) {
            throw new IllegalArgumentException(
                    all.length + " areas: at most " + MOST + " are allowed");
        }
        Arrays.sort(all, BY_ADDRESS);
        for (int i = 1; i < all.length; i++) {
            Area before = all[i - 1].area();
            Area area = all[i].area();
            if (Long.compareUnsigned(before.last(), area.start()) >= 0) {
                throw new IllegalArgumentException(
                        "area 0x%x-0x%x overlaps 0x%x-0x%x"
                                .formatted(
                                        area.start(), area.last(), before.start(), before.last()));
            }
        }
        return new Areas(all);
    }

    /** These without one. */
    Areas without(Place place) {
        return new Areas(
                Arrays.stream(places)
                        .filter(other -> other.area().start() != place.area().start())
                        .toArray(Place[]::new));
    }

    /** The area that begins at an address, or null. */
    Place startingAt(long start) {
        Place place = find(start);
        return place != null && place.area().start() == start ? place : null;
    }

    Stream<Place> stream() {
        return Arrays.stream(places);
    }
}
