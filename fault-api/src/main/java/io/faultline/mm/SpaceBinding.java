package io.faultline.mm;

import io.faultline.fault.Fault;
import io.faultline.fault.Unit;

/**
 * Whose accesses go to a space: units, requesters and PASIDs, each one or several. Where several
 * bindings fit, the one with the fewest requesters decides, then that with the fewest PASIDs, then
 * one that names its unit.
 *
 * @param unit a unit's name, or null for every unit
 * @param firstRequester the first device, unsigned
 * @param lastRequester the last device, inclusive, unsigned
 * @param firstPasid the first PASID, 0 to 0xfffff, or {@link Fault#NO_PASID}: requests without one
 * @param lastPasid the last PASID, inclusive
 * @param stage 1 for IOVAs, 2 for intermediate physical addresses; at stage 2 there are no PASIDs
 */
public record SpaceBinding(
        String unit,
        int firstRequester,
        int lastRequester,
        int firstPasid,
        int lastPasid,
        int stage) {
    private static final int LAST_PASID = 0xf_ffff;

    /**
     * Checks it.
     *
     * @param unit may be null
     * @param firstRequester not above the last
     * @param lastRequester not below the first
     * @param firstPasid -1 to 0xfffff
     * @param lastPasid not below the first
     * @param stage 1 or 2
     * @throws IllegalArgumentException names the value and what is allowed
     */
    public SpaceBinding {
        if (Integer.compareUnsigned(firstRequester, lastRequester) > 0) {
            throw new IllegalArgumentException(
                    "requester=0x%x-0x%x: ends before it begins"
                            .formatted(firstRequester, lastRequester));
        }
        if (firstPasid < Fault.NO_PASID || lastPasid > LAST_PASID || firstPasid > lastPasid) {
            throw new IllegalArgumentException(
                    "pasid=%d-%d: allowed are none and 0 to 0xfffff, the first not above the last"
                            .formatted(firstPasid, lastPasid));
        }
        if (stage != 1 && stage != 2) {
            throw new IllegalArgumentException("stage=" + stage + ": allowed are 1 and 2");
        }
        if (stage == 2 && lastPasid != Fault.NO_PASID) {
            throw new IllegalArgumentException("pasid=" + firstPasid + ": stage 2 has no PASIDs");
        }
    }

    /**
     * One device and PASID.
     *
     * @param unit the unit's name
     * @param requester the device
     * @param pasid the PASID, or {@link Fault#NO_PASID}
     * @return a binding of stage 1
     */
    public static SpaceBinding of(String unit, int requester, int pasid) {
        return new SpaceBinding(unit, requester, requester, pasid, pasid, 1);
    }

    /**
     * One device's intermediate physical addresses.
     *
     * @param unit the unit's name
     * @param requester the device
     * @return a binding of stage 2
     */
    public static SpaceBinding ofStage2(String unit, int requester) {
        return new SpaceBinding(unit, requester, requester, Fault.NO_PASID, Fault.NO_PASID, 2);
    }

    /**
     * Whether accesses go by it.
     *
     * @param of the IOMMU
     * @param requester the device
     * @param pasid the PASID, or {@link Fault#NO_PASID}
     * @param atStage 1 or 2
     * @return true if all of them are among its own
     */
    public boolean covers(Unit of, int requester, int pasid, int atStage) {
        return stage == atStage
                && Integer.compareUnsigned(requester, firstRequester) >= 0
                && Integer.compareUnsigned(requester, lastRequester) <= 0
                && pasid >= firstPasid
                && pasid <= lastPasid
                && (unit == null || unit.equals(of.name()));
    }
}
