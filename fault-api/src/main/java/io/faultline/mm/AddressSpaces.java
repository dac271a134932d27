package io.faultline.mm;

import io.faultline.fault.Unit;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Finds address spaces. Register it as a service; providers come and go at run time, and are asked
 * by {@code service.ranking}, higher first.
 *
 * <p><b>Threads.</b> Called on lanes and on io-pgfault's own threads, at once; it must not block.
 *
 * @see SpaceControl for spaces that need no provider of their own
 */
@ConsumerType
public interface AddressSpaces {
    /**
     * The address space that a device's accesses go to.
     *
     * @param unit the IOMMU
     * @param requester the device
     * @param pasid the PASID, or {@link io.faultline.fault.Fault#NO_PASID}; at stage 2 always the
     *     latter, since stage 2 belongs to the device
     * @param stage 1 for IOVAs, 2 for intermediate physical addresses
     * @return the space, or null if this provider has none for it; used for the request at hand
     *     only, never kept
     */
    AddressSpace find(Unit unit, int requester, int pasid, int stage);
}
