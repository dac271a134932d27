package io.faultline.hardware;

import io.faultline.fault.TimeBase;
import io.faultline.fault.Unit;
import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * One IOMMU instance with its queues. Register it as a service: each queue gets a lane. When it is
 * unregistered, its outstanding groups are drained while its port still works (R7).
 *
 * <p><b>Threads.</b> Called from any thread.
 */
@ConsumerType
public interface HardwareUnit {
    /** How wide a PASID is on PCIe (6.20): no unit takes wider ones. */
    int PCIE_PASID_BITS = 20;

    /** How large a page is by which PCIe's page requests name addresses (10.4.1). */
    long PCIE_PAGE_SIZES = 4096;

    /** What a limit returns that the unit does not know. */
    int UNKNOWN_LIMIT = -1;

    /**
     * Its identity.
     *
     * @return never changes
     */
    Unit unit();

    /**
     * Its queues.
     *
     * @return never changes; not empty
     */
    List<RecordQueue> queues();

    /**
     * Where its answers go.
     *
     * @return null if nobody can answer: all its faults are observed (R18)
     */
    CommandPort port();

    /**
     * What the times of its records count from.
     *
     * @return {@link TimeBase#BOOT} unless the unit is a recording
     */
    default TimeBase timeBase() {
        return TimeBase.BOOT;
    }

    /**
     * The unit's generation, which each reset raises (R9). Each lane asks at the beginning of a
     * batch, before and after {@link RecordQueue#available()}, and before it submits answers. When
     * it has risen, all groups of older generations are withdrawn: no answer, handlers are told,
     * late conclusions are refused.
     *
     * <p>Raise it after the reset and before any record that was written since can be seen, so that
     * a record is never taken for one of another generation. A port can tell an answer that was
     * under way at that moment by {@link io.faultline.fault.ResponseToken#generation()}.
     *
     * @return at least 1, never falls; 1 for a unit that is never reset
     */
    default int generation() {
        return 1;
    }

    /**
     * Whether the hardware is not there any more: surprise removal, an emulator that died. Asked
     * where {@link #generation()} is. Once true the unit's groups are withdrawn, at once and when
     * it is unregistered: there is nobody who could be answered.
     *
     * @return false while the unit works; true for ever afterwards
     */
    default boolean isGone() {
        return false;
    }

    /**
     * How many page requests of a device can be outstanding at most: the allocation of the physical
     * function and all its virtual ones (PCIe 10.5.2.4). It is the bound then, so a conforming
     * device never meets it (R8).
     *
     * @param requester the device; its {@link #physicalFunction}'s number is asked for
     * @return at least 1, or {@link #UNKNOWN_LIMIT}
     */
    default int pageRequestLimit(int requester) {
        return UNKNOWN_LIMIT;
    }

    /**
     * The physical function whose page request allocation a function draws on (PCIe 10.5: a virtual
     * function uses the interface of its physical function). Asked once for each device.
     *
     * @param requester the device
     * @return the requester of the physical function; the device itself unless it is a virtual
     *     function
     */
    default int physicalFunction(int requester) {
        return requester;
    }

    /**
     * How many transactions can be stalled at once (Arm IDR5.STALL_MAX).
     *
     * @return at least 1, or {@link #UNKNOWN_LIMIT}
     */
    default int stallLimit() {
        return UNKNOWN_LIMIT;
    }

    /**
     * How wide PASIDs are that the unit takes (Arm IDR1.SSIDSIZE, VT-d ECAP.PSS). A device may have
     * narrower ones.
     *
     * @return 0 (none at all) to {@link #PCIE_PASID_BITS}, and that unless the unit knows better
     */
    default int pasidBits() {
        return PCIE_PASID_BITS;
    }

    /**
     * The sizes of the pages that the unit's tables can map, as far as it knows (Arm IDR5.GRAN*;
     * VT-d CAP.FS1GP where ECAP.FSTS tells of a first stage, else CAP.SSLPS). Page requests name
     * addresses in 4096 bytes, whatever is here.
     *
     * @return the sum of all sizes, each a power of two; not 0, {@link #PCIE_PAGE_SIZES} unless the
     *     unit knows better
     */
    default long pageSizes() {
        return PCIE_PAGE_SIZES;
    }

    /**
     * Whether a device takes the PASID in answers. If not, its groups are told apart by index alone
     * (R8).
     *
     * @param requester the device
     * @return true unless the unit knows better
     */
    default boolean answersCarryPasid(int requester) {
        return true;
    }
}
