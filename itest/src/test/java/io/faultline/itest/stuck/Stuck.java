package io.faultline.itest.stuck;

import io.faultline.fault.Access;
import io.faultline.fault.Fault;
import io.faultline.mm.Area;
import io.faultline.mm.ModelledSpace;
import io.faultline.mm.ScriptedFault;
import io.faultline.mm.SpaceBinding;
import io.faultline.mm.SpaceControl;
import io.faultline.mm.SpaceOptions;
import java.util.List;
import java.util.function.LongSupplier;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Makes the space for device 0 of all units, and counts the calls that are inside it. */
@Component(immediate = true) // before a unit comes, not when its count is asked for
public final class Stuck implements LongSupplier {
    private final ModelledSpace space;

    @Activate
    public Stuck(@Reference SpaceControl spaces) {
        space = spaces.createModelled("stuck", SpaceOptions.DEFAULTS.withMayBlock(true));
        space.add(Area.demandZero(0, 0x1000, Access.WRITE));
        space.script(List.of(ScriptedFault.block(0, 0xfff)));
        spaces.bind("stuck", SpaceBinding.of(null, 0, Fault.NO_PASID));
    }

    @Override
    public long getAsLong() {
        return space.counts().calls();
    }
}
