package io.faultline.mm.internal;

import io.faultline.fault.Access;
import io.faultline.fault.FaultBits;
import io.faultline.mm.Area;
import io.faultline.mm.FaultInResult;
import io.faultline.mm.ManagedSpace;
import io.faultline.mm.PageIn;
import io.faultline.mm.SpaceBinding;
import io.faultline.mm.SpaceOptions;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * A space with its books: areas, page tables, counts and a log.
 *
 * <p><b>Threads.</b> Any thread for all of it. Areas are a snapshot behind a volatile reference,
 * replaced under this object's lock.
 */
abstract class Space implements ManagedSpace {
    private static final int RIGHTS = FaultBits.READ | FaultBits.WRITE | FaultBits.EXEC;
    private static final FaultInResult[] RESULTS = FaultInResult.values();

    private final String name;
    private final SpaceOptions options;
    private final int pageShift;
    private final boolean blocks;
    private final Budget tableBytes;
    private final Budget memoryPages;
    private final PageLog log;
    private final LongAdder broughtIn = new LongAdder();
    private final LongAdder madeWritable = new LongAdder();
    private final LongAdder discarded = new LongAdder();

    /** Has a counter for each result, and never changes. */
    private final Map<FaultInResult, LongAdder> failures = new EnumMap<>(FaultInResult.class);

    /** For those who hold the space itself, by no binding. */
    private final Gate own = new Gate();

    /** Changed by the {@link SpaceTable} only, under its lock. */
    private final List<BoundSpace> bound = new CopyOnWriteArrayList<>();

    /** Of those that are not in {@link #bound} any more. */
    private final AtomicLong earlierCalls = new AtomicLong();

    private volatile Areas areas = Areas.NONE;

    Space(String name, SpaceOptions options) {
        this.name = name;
        this.options = options;
        this.blocks = options.mayBlock();
        this.pageShift = Integer.numberOfTrailingZeros(options.pageBytes());
        this.tableBytes = new Budget(options.tableLimitBytes());
        this.memoryPages = new Budget(options.memoryLimitPages());
        this.log = new PageLog(options.logEntries());
        for (FaultInResult result : RESULTS) {
            failures.put(result, new LongAdder());
        }
    }

    @Override
    public final String name() {
        return name;
    }

    @Override
    public final int pageBytes() {
        return options.pageBytes();
    }

    @Override
    public final boolean mayBlock() {
        return blocks;
    }

    // --- faulting in

    @Override
    public final FaultInResult faultIn(long address, Access access) {
        return faultIn(own, address, access);
    }

    /**
     * Makes a page accessible for somebody.
     *
     * @param gate by which the caller comes in
     */
    final FaultInResult faultIn(Gate gate, long address, Access access) {
        if (!gate.enter()) {
            return counted(FaultInResult.GOING_AWAY);
        }
        try {
            FaultInResult disturbed = disturbance(gate, address);
            if (disturbed != null) {
                return counted(disturbed);
            }
            return faultInPage(address, access);
        } finally {
            gate.leave();
        }
    }

    private FaultInResult faultInPage(long address, Access access) {
        Areas.Place place = areas.find(address);
        FaultInResult obstacle = obstacle(place, access);
        if (obstacle == null) {
            obstacle = bringIn(place.area(), address, access);
        }
        if (obstacle != null) {
            return counted(obstacle);
        }
        int to = access.isWrite() ? PageTable.WRITABLE : PageTable.RESIDENT;
        long page = (address - place.area().start()) >>> pageShift;
        int state = place.table().state(page);
        if ((state & to) == to) {
            return FaultInResult.RESIDENT;
        }
        FaultInResult result = raise(place, page, state, to, access);
        return result == FaultInResult.RESIDENT ? result : counted(result);
    }

    @Override
    public final FaultInResult probe(long address, Access access) {
        return probe(own, address, access);
    }

    /** What {@link #faultIn} would say to somebody. Counts nothing. */
    final FaultInResult probe(Gate gate, long address, Access access) {
        if (gate.isClosed()) {
            return FaultInResult.GOING_AWAY;
        }
        FaultInResult disturbed = expectedDisturbance(address);
        if (disturbed != null) {
            return disturbed;
        }
        Areas.Place place = areas.find(address);
        FaultInResult obstacle = obstacle(place, access);
        if (obstacle == null) {
            obstacle = expectedObstacle(place.area(), address);
        }
        return obstacle == null ? FaultInResult.RESIDENT : obstacle;
    }

    private static FaultInResult obstacle(Areas.Place place, Access access) {
        if (place == null) {
            return FaultInResult.NO_AREA;
        }
        Area area = place.area();
        Access rights = area.rights();
        boolean refused =
                (access.bits() & RIGHTS & ~rights.bits()) != 0
                        || area.isGuard()
                        || (rights.isPrivileged()
                                && !access.isPrivileged()
                                && access != Access.NONE);
        return refused ? FaultInResult.REFUSED : null;
    }

    private FaultInResult counted(FaultInResult failure) {
        failures.get(failure).increment();
        return failure;
    }

    private FaultInResult raise(Areas.Place place, long page, int before, int to, Access access) {
        Area.Backing backing = place.area().backing();
        int reserved = cost(backing, before | to) - cost(backing, before);
        if (!memoryPages.take(reserved)) {
            return FaultInResult.OUT_OF_MEMORY;
        }
        int was = place.table().raise(page, to);
        if (was == PageTable.NO_MEMORY) {
            memoryPages.giveBack(reserved);
            return FaultInResult.OUT_OF_MEMORY;
        }
        // another thread may have been here, or a discard, since the state was read
        memoryPages.giveBack(reserved - (cost(backing, was | to) - cost(backing, was)));
        writeDown(place.area(), page, was, to, access);
        if (place.table().isRetired()) {
            place.table().lower(page, page, letGo(place.area()));
            return FaultInResult.NO_AREA;
        }
        return FaultInResult.RESIDENT;
    }

    private void writeDown(Area area, long page, int was, int to, Access access) {
        if ((was | to) == was) {
            return;
        }
        PageIn.Kind kind = PageIn.Kind.MADE_WRITABLE;
        if (was == PageTable.ABSENT) {
            broughtIn.increment();
            kind =
                    to == PageTable.WRITABLE
                            ? PageIn.Kind.BROUGHT_IN_WRITABLE
                            : PageIn.Kind.BROUGHT_IN;
        } else {
            madeWritable.increment();
        }
        log.add(area.start() + (page << pageShift), access, kind);
    }

    /** Pages of memory that a page takes. */
    private static int cost(Area.Backing backing, int state) {
        boolean resident = state != PageTable.ABSENT;
        boolean writable = state == PageTable.WRITABLE;
        return switch (backing) {
            case DEMAND_ZERO -> writable ? 1 : 0; // what was only read is the one page of zeros
            case COPY_ON_WRITE -> (resident ? 1 : 0) + (writable ? 1 : 0);
            case SHARED -> resident ? 1 : 0;
        };
    }

    // --- what kinds of spaces differ in

    /**
     * What a script makes of a call; may wait.
     *
     * @return null to go on
     */
    FaultInResult disturbance(Gate gate, long address) {
        return null;
    }

    /** The same for a probe, which neither waits nor counts. */
    FaultInResult expectedDisturbance(long address) {
        return null;
    }

    /**
     * Makes sure that the contents of a page are there.
     *
     * @return null if they are
     */
    FaultInResult bringIn(Area area, long address, Access access) {
        return null;
    }

    /** The same for a probe. */
    FaultInResult expectedObstacle(Area area, long address) {
        return null;
    }

    /** The gates are closed: calls that wait shall end. */
    void wake() {}

    /** Nobody is inside any more, or those who are have been given up. */
    void release() {}

    // --- areas

    @Override
    public final List<Area> areas() {
        return areas.stream().map(Areas.Place::area).toList();
    }

    final synchronized void addAreas(List<Area> more) {
        more.forEach(this::checkAligned);
        areas =
                areas.with(
                        more.stream()
                                .map(
                                        area ->
                                                new Areas.Place(
                                                        area,
                                                        new PageTable(pages(area), tableBytes)))
                                .toList());
    }

    private long pages(Area area) {
        return area.lengthBytes() >>> pageShift;
    }

    private void checkAligned(Area area) {
        long within = options.pageBytes() - 1L;
        if (((area.start() | area.lengthBytes()) & within) != 0) {
            throw new IllegalArgumentException(
                    "area 0x%x, 0x%x bytes: must begin and end at a multiple of %d bytes"
                            .formatted(area.start(), area.lengthBytes(), options.pageBytes()));
        }
    }

    final boolean removeArea(long start) {
        Areas.Place place;
        synchronized (this) {
            place = areas.startingAt(start);
            if (place == null) {
                return false;
            }
            areas = areas.without(place);
        }
        place.table().retire(letGo(place.area()));
        return true;
    }

    private PageTable.Visitor letGo(Area area) {
        return (page, state) -> {
            memoryPages.giveBack(cost(area.backing(), state));
            discarded.increment();
            log.add(area.start() + (page << pageShift), Access.NONE, PageIn.Kind.DISCARDED);
        };
    }

    @Override
    public final long discard(long start, long lengthBytes) {
        if (lengthBytes <= 0) {
            throw new IllegalArgumentException("lengthBytes=" + lengthBytes + ": must be positive");
        }
        long end = start + lengthBytes - 1;
        long last = Long.compareUnsigned(end, start) < 0 ? -1 : end;
        AtomicLong count = new AtomicLong();
        areas.stream().forEach(place -> discard(place, start, last, count));
        return count.get();
    }

    private void discard(Areas.Place place, long start, long last, AtomicLong count) {
        Area area = place.area();
        boolean apart =
                Long.compareUnsigned(area.last(), start) < 0
                        || Long.compareUnsigned(area.start(), last) > 0;
        if (apart) {
            return;
        }
        // a page belongs to the range if it begins in it
        long from =
                Long.compareUnsigned(start, area.start()) <= 0
                        ? 0
                        : (start - area.start() + options.pageBytes() - 1) >>> pageShift;
        long to =
                Long.compareUnsigned(last, area.last()) >= 0
                        ? pages(area) - 1
                        : (last - area.start()) >>> pageShift;
        PageTable.Visitor letGo = letGo(area);
        place.table()
                .lower(
                        from,
                        to,
                        (page, state) -> {
                            letGo.visit(page, state);
                            count.incrementAndGet();
                        });
    }

    // --- who uses it

    @Override
    public final List<SpaceBinding> bindings() {
        return bound.stream().map(BoundSpace::binding).toList();
    }

    final void bound(BoundSpace more) {
        bound.add(more);
    }

    final void unbound(BoundSpace less) {
        bound.removeIf(b -> b.binding().equals(less.binding()));
        earlierCalls.addAndGet(less.gate().calls());
    }

    /** Its bindings' gates and its own: nobody is let in any more, and those who wait shall end. */
    final List<Gate> close() {
        List<Gate> gates = new CopyOnWriteArrayList<>(List.of(own));
        bound.forEach(b -> gates.add(b.gate()));
        gates.forEach(Gate::close);
        wake();
        return gates;
    }

    final boolean isClosed() {
        return own.isClosed();
    }

    // --- books

    @Override
    public final Counts counts() {
        long calls = earlierCalls.get() + own.calls();
        for (BoundSpace b : bound) {
            calls += b.gate().calls();
        }
        Map<FaultInResult, Long> failed = new EnumMap<>(FaultInResult.class);
        for (FaultInResult result : RESULTS) {
            long n = failures.get(result).sum();
            if (n != 0) {
                failed.put(result, n);
            }
        }
        long out = discarded.sum();
        long in = broughtIn.sum();
        return new Counts(
                calls,
                in,
                madeWritable.sum(),
                out,
                in - out,
                memoryPages.used(),
                tableBytes.used(),
                log.written(),
                Map.copyOf(failed));
    }

    @Override
    public final List<PageIn> log(int limit) {
        if (limit < 0) {
            throw new IllegalArgumentException("limit=" + limit + ": must not be negative");
        }
        return log.last(limit);
    }

    @Override
    public final String toString() {
        return name;
    }
}
