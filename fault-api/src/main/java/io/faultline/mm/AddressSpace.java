package io.faultline.mm;

import io.faultline.fault.Access;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * One address space: a process, a guest's physical memory, or a model of one.
 *
 * <p><b>Threads.</b> Called from any thread, at once for different pages.
 */
@ConsumerType
public interface AddressSpace {
    /**
     * Its name in messages.
     *
     * @return for example {@code pid 4711}
     */
    String name();

    /**
     * Makes a page accessible.
     *
     * @param address an address in the page
     * @param access what is wanted; {@link Access#NONE} passes the check of rights
     * @return whether the page is there now, or why not
     */
    FaultInResult faultIn(long address, Access access);

    /**
     * What {@link #faultIn} would say, without changing anything.
     *
     * @param address an address in the page
     * @param access what would be wanted
     * @return what would happen
     */
    FaultInResult probe(long address, Access access);

    /**
     * Whether {@link #faultIn} may have to wait, for a disk or a lock: then it is not called on a
     * lane.
     *
     * @return true if it may block
     */
    boolean mayBlock();
}
