package io.faultline.mm.internal;

import io.faultline.fault.Access;
import io.faultline.fault.FaultBits;
import io.faultline.mm.AddressSpaces;
import io.faultline.mm.Area;
import io.faultline.mm.SpaceBinding;
import io.faultline.mm.SpaceOptions;
import java.util.List;

/** Modelled address spaces as they ship, without a framework around them. */
public final class ResidentSpaces {
    private ResidentSpaces() {}

    /**
     * A space for each of some devices and PASIDs of each unit, all of whose pages are resident.
     *
     * @param units the units' names
     * @param firstDevice the first device
     * @param devices how many devices follow each other
     * @param pasids PASIDs 1 to this
     * @param start the first address
     * @param pages how many pages of 4 KiB
     * @param mayBlock whether the spaces say that they may block
     * @return the provider
     */
    public static AddressSpaces of(
            List<String> units,
            int firstDevice,
            int devices,
            int pasids,
            long start,
            int pages,
            boolean mayBlock) {
        SpaceTable table =
                new SpaceTable(
                        message -> {
                            throw new IllegalStateException(message);
                        });
        Access rights = Access.of(FaultBits.READ | FaultBits.WRITE);
        for (String unit : units) {
            for (int device = firstDevice; device < firstDevice + devices; device++) {
                for (int pasid = 1; pasid <= pasids; pasid++) {
                    String name = unit + ", device " + device + ", PASID " + pasid;
                    var space =
                            table.createModelled(
                                    name, SpaceOptions.DEFAULTS.withMayBlock(mayBlock));
                    space.add(Area.demandZero(start, pages * 4096L, rights));
                    table.bind(name, SpaceBinding.of(unit, device, pasid));
                    for (int page = 0; page < pages; page++) {
                        space.faultIn(start + page * 4096L, Access.WRITE);
                    }
                }
            }
        }
        return table;
    }
}
