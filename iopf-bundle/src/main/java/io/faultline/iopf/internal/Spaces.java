package io.faultline.iopf.internal;

import io.faultline.fault.Fault;
import io.faultline.mm.AddressSpace;
import io.faultline.mm.AddressSpaces;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;

/**
 * The providers of address spaces, asked in the order of their ranking.
 *
 * <p>Once {@link #remove} has returned, no call into the provider or its spaces begins and none
 * runs (R6).
 */
final class Spaces {
    /*
     * Readers never wait; a removal waits for the readers that may have seen the leaver.
     *
     * Enter     A thread makes its own cell odd (volatile), then reads the providers (volatile).
     * Leave     It makes the cell even again (release), after its last call into a space.
     * Removal   Publishes the providers without the leaver, then reads every cell: one that is even entered before and
     *           has left, or will see the new providers; one that is odd is waited for until it has changed.
     * Cells     Belong to threads, not to lane numbers: a lane whose call was given up (R14) goes on with a new thread
     *           while the old one is still inside. They are JDK objects under a weak key, so a lane pins nothing of ours.
     */
    /** Felix SCR gives up an unbind after 5 s (R6). */
    private static final long LONGEST_WAIT_NANOS = TimeUnit.SECONDS.toNanos(4);

    private static final long POLL_NANOS = 20_000;

    /**
     * A cell's word, 128 bytes from either end of its array: each thread writes its own with a
     * fence at each call, and shall not meet another's in a cache line.
     */
    private static final int CELL = 16;

    private static final int CELL_WORDS = 32;

    private record Provider(long id, int ranking, AddressSpaces spaces) {}

    private final List<AtomicLongArray> cells = new CopyOnWriteArrayList<>();

    /** Not static: a cell is in the list of one object, and a bundle that has left has none. */
    @SuppressWarnings("ThreadLocalUsage")
    private final ThreadLocal<AtomicLongArray> own = new ThreadLocal<>();

    private volatile Provider[] providers = {};

    synchronized void add(long id, int ranking, AddressSpaces spaces) {
        Provider[] more = Arrays.copyOf(without(id), without(id).length + 1);
        more[more.length - 1] = new Provider(id, ranking, spaces);
        Arrays.sort(
                more,
                Comparator.comparingInt(Provider::ranking)
                        .reversed()
                        .thenComparingLong(Provider::id));
        providers = more;
    }

    /** Returns false if a call into a space was still running after 4 s: it is given up. */
    boolean remove(long id) {
        synchronized (this) {
            providers = without(id);
        }
        AtomicLongArray mine = own.get();
        long deadline = System.nanoTime() + LONGEST_WAIT_NANOS;
        for (AtomicLongArray cell : cells) {
            long seen = cell.get(CELL);
            while (cell != mine && (seen & 1) != 0 && cell.get(CELL) == seen) {
                if (System.nanoTime() - deadline > 0) {
                    return false;
                }
                LockSupport.parkNanos(POLL_NANOS);
            }
        }
        return true;
    }

    private Provider[] without(long id) {
        return Arrays.stream(providers).filter(p -> p.id() != id).toArray(Provider[]::new);
    }

    /** Begins a time in which spaces may be looked up and called, by this thread. */
    AtomicLongArray enter() {
        AtomicLongArray cell = own.get();
        if (cell == null) {
            cell = newCell();
        }
        cell.set(CELL, cell.getPlain(CELL) + 1);
        return cell;
    }

    /** Ends it. */
    static void leave(AtomicLongArray cell) {
        cell.setRelease(CELL, cell.getPlain(CELL) + 1);
    }

    private AtomicLongArray newCell() {
        AtomicLongArray cell = new AtomicLongArray(CELL_WORDS);
        cells.add(cell);
        own.set(cell);
        return cell;
    }

    /** The thread that calls ends: its cell is given back. */
    void forgetThread() {
        AtomicLongArray cell = own.get();
        if (cell != null) {
            cells.remove(cell);
            own.remove();
        }
    }

    /**
     * The space that a fault's accesses go to. Between {@link #enter} and {@link #leave} only.
     *
     * @return null if no provider has one
     */
    AddressSpace find(Fault fault, int stage) {
        // stage 2 belongs to the stream, whatever the PASID (Arm IHI 0070, 3.3.2)
        int pasid = stage == 2 ? Fault.NO_PASID : fault.pasid();
        for (Provider provider : providers) {
            AddressSpace space =
                    provider.spaces().find(fault.unit(), fault.requester(), pasid, stage);
            if (space != null) {
                return space;
            }
        }
        return null;
    }
}
