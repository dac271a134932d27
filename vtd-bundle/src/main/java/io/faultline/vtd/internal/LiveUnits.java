package io.faultline.vtd.internal;

import io.faultline.handler.Handles;
import io.faultline.handler.Ticker;
import io.faultline.hardware.Decodes;
import io.faultline.hardware.HardwareUnit;
import io.faultline.hardware.HardwareWindow;
import java.util.IdentityHashMap;
import java.util.Map;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;

/** Makes a unit of each window onto a VT-d unit. */
@Component(service = {})
public final class LiveUnits {
    private static final System.Logger LOG = System.getLogger("io.faultline.vtd");

    private final BundleContext context;
    private final IdentityHashMap<HardwareWindow, Live> units = new IdentityHashMap<>();

    private record Live(LiveUnit unit, ServiceRegistration<HardwareUnit> registration) {}

    /** Called by DS. */
    @Activate
    public LiveUnits(BundleContext context) {
        this.context = context;
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    synchronized void bindWindow(HardwareWindow window) {
        if (!window.arch().equals(RecordingRegister.ARCH)) {
            return;
        }
        try {
            LiveUnit unit = new LiveUnit(window, Ticker.SYSTEM, LiveUnits::warn);
            Map<String, String> properties =
                    Map.of(Decodes.ARCH, RecordingRegister.ARCH, Handles.NAME, window.name());
            units.put(
                    window,
                    new Live(
                            unit,
                            context.registerService(
                                    HardwareUnit.class,
                                    unit,
                                    FrameworkUtil.asDictionary(properties))));
        } catch (IllegalArgumentException | IllegalStateException e) {
            warn(window.name() + ": not driven: " + e.getMessage());
        }
    }

    /** The dispatcher lets go of the unit first, and answers what is outstanding (R7). */
    synchronized void unbindWindow(HardwareWindow window) {
        Live live = units.remove(window);
        if (live == null) {
            return;
        }
        live.registration().unregister();
        try {
            live.unit().close();
        } catch (IllegalStateException e) {
            warn(window.name() + ": not left in order: " + e.getMessage());
        }
    }

    private static void warn(String message) {
        LOG.log(System.Logger.Level.WARNING, message);
    }
}
