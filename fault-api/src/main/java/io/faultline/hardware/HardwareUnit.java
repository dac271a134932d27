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
     * How many page requests of a device can be outstanding at most: the allocation of the physical
     * function and all its virtual ones (PCIe 10.5.2.4). It is the bound then, so a conforming
     * device never meets it (R8).
     *
     * @param requester the device
     * @return at least 1, or {@link #UNKNOWN_LIMIT}
     */
    default int pageRequestLimit(int requester) {
        return UNKNOWN_LIMIT;
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
