package io.faultline.smmuv3.internal;

import io.faultline.handler.Ticker;
import io.faultline.hardware.HardwareWindow;
import io.faultline.live.DrivenUnits;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;

/** Makes a unit of each window onto an SMMUv3. */
@Component(service = {})
public final class LiveUnits {
    private final DrivenUnits units;

    /** Called by DS. */
    @Activate
    public LiveUnits(BundleContext context) {
        this.units =
                new DrivenUnits(
                        context,
                        Smmu.ARCH,
                        (window, log) -> new LiveUnit(window, Ticker.SYSTEM, log));
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void bindWindow(HardwareWindow window) {
        units.add(window);
    }

    void unbindWindow(HardwareWindow window) {
        units.remove(window);
    }
}
