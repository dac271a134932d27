package io.faultline.mm;

import io.faultline.fault.Unit;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Finds address spaces. Register it as a service; providers come and go at run time.
 *
 * <p><b>Threads.</b> Called on lanes and on io-pgfault's own threads, at once.
 */
@ConsumerType
public interface AddressSpaces {
    /**
     * The address space that a device's accesses go to.
     *
     * @param unit the IOMMU
     * @param requester the device
     * @param pasid the PASID, or {@link io.faultline.fault.Fault#NO_PASID}
     * @param stage 1 for IOVAs, 2 for intermediate physical addresses
     * @return the space, or null if this provider has none for it
     */
    AddressSpace find(Unit unit, int requester, int pasid, int stage);
}
