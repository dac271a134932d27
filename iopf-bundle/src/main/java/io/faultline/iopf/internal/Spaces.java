package io.faultline.iopf.internal;

import io.faultline.fault.Fault;
import io.faultline.mm.AddressSpace;
import io.faultline.mm.AddressSpaces;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
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
     * Enter     A thread makes its visitor's word odd (volatile), then reads the providers (volatile).
     * Leave     It makes the word even again (release), after its last call into a space.
     * Removal   Publishes the providers without the leaver, then reads the word of every visitor: one that is even entered
     *           before and has left, or will see the new providers; one that is odd is waited for until it has changed.
     * Visitors  Belong to threads, not to lane numbers: a lane whose call was given up (R14) goes on with a new thread
     *           while the old one is still inside. A lane's number only tells where to look for its thread's visitor. A
     *           new one is in the list before it enters. Threads know nothing of them, so a lane pins nothing of ours.
     */
    /** Felix SCR gives up an unbind after 5 s (R6). */
    private static final long LONGEST_WAIT_NANOS = TimeUnit.SECONDS.toNanos(4);

    private static final long POLL_NANOS = 20_000;

    /**
     * Lanes with numbers that are this far apart share a place; each finds its visitor then, too.
     */
    private static final int PLACES = 1024;

    private record Provider(long id, int ranking, AddressSpaces spaces) {}

    private final Map<Long, Visitor> visitors = new ConcurrentHashMap<>();

    /** By lane; as long as the highest of them asks for. */
    private volatile Visitor[] atLanes = {};

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
        long deadline = System.nanoTime() + LONGEST_WAIT_NANOS;
        for (Visitor visitor : visitors.values()) {
            long seen = visitor.visits();
            while (!visitor.isMe() && (seen & 1) != 0 && visitor.visits() == seen) {
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

    /**
     * The calling thread, which works for a lane.
     *
     * @param lane the lane's number
     */
    Visitor visitor(int lane) {
        Visitor[] present = atLanes;
        int place = lane & (PLACES - 1);
        Visitor visitor = place < present.length ? present[place] : null;
        return visitor != null && visitor.isMe() ? visitor : seat(place);
    }

    private synchronized Visitor seat(int place) {
        Visitor visitor = visitor();
        Visitor[] changed = Arrays.copyOf(atLanes, Math.max(atLanes.length, place + 1));
        changed[place] = visitor;
        atLanes = changed;
        return visitor;
    }

    /** The calling thread. */
    Visitor visitor() {
        return visitors.computeIfAbsent(Thread.currentThread().getId(), id -> new Visitor());
    }

    /** The calling thread ends. */
    void forgetVisitor() {
        visitors.remove(Thread.currentThread().getId());
    }

    /**
     * The space that a fault's accesses go to. While a visitor is inside.
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
