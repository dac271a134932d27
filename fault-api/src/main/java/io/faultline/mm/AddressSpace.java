package io.faultline.mm;

import io.faultline.fault.Access;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * One address space: a process, a guest's physical memory, or a model of one.
 *
 * <p>A provider may hand out several objects for one space, for example one for each device that
 * uses it. They are {@link Object#equals equal} then: what concerns one space is kept in order.
 *
 * <p><b>Threads.</b> Called from any thread, at once for different pages and for the same one.
 *
 * <p><b>Errors.</b> All are results; an exception counts as a defect of the space, and io-pgfault
 * tells the next handler {@code space_error}.
 *
 * <p><b>Going away.</b> A space that its provider takes down says {@link FaultInResult#GOING_AWAY}
 * from then on. A call that waits must end soon: who takes it down waits for calls that are inside,
 * at most 4 s (R6).
 */
@ConsumerType
public interface AddressSpace {
    /** What a page has unless a space says otherwise. */
    int DEFAULT_PAGE_BYTES = 4096;

    /**
     * Its name in messages.
     *
     * @return for example {@code pid 4711}
     */
    String name();

    /**
     * The size of the pages that {@link #faultIn} brings in.
     *
     * @return a power of two, at least 4096; always the same
     */
    default int pageBytes() {
        return DEFAULT_PAGE_BYTES;
    }

    /**
     * Makes a page accessible.
     *
     * @param address an address in the page; all 64 bits count, unsigned
     * @param access what is wanted; {@link Access#NONE} asks for no right
     * @return whether the page is there now, or why not
     */
    FaultInResult faultIn(long address, Access access);

    /**
     * What {@link #faultIn} would say, without changing anything. Never blocks.
     *
     * @param address an address in the page
     * @param access what would be wanted
     * @return what would happen as far as it can be known: a medium that fails when it is read may
     *     not have failed yet
     */
    FaultInResult probe(long address, Access access);

    /**
     * Whether {@link #faultIn} may have to wait, for a disk or a lock: then it is not called on a
     * lane.
     *
     * @return true if it may block; always the same
     */
    boolean mayBlock();
}
