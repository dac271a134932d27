package io.faultline.live;

import io.faultline.handler.Handles;
import io.faultline.hardware.Decodes;
import io.faultline.hardware.HardwareUnit;
import io.faultline.hardware.HardwareWindow;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;

/**
 * The units that an arch bundle drives: one for each window of its architecture, a service as long
 * as the window is there. A component of the bundle hands it the windows.
 *
 * <p>A unit that cannot be set up, or that was not left in order, is a warning that names the
 * window; the logger is {@code io.faultline.} and the architecture's word.
 *
 * <p><b>Threads.</b> Safe for any number of threads at once; one window at a time comes or goes.
 */
public final class DrivenUnits {
    private final BundleContext context;
    private final String arch;
    private final Driver driver;
    private final System.Logger log;
    private final IdentityHashMap<HardwareWindow, Driven> units = new IdentityHashMap<>();

    private record Driven(DrivenUnit unit, ServiceRegistration<HardwareUnit> registration) {}

    /** Makes a unit of a window. */
    @FunctionalInterface
    public interface Driver {
        /**
         * Sets a unit up; if that fails, what was begun is undone.
         *
         * @param window onto the hardware
         * @param log takes what there is to say of the unit as long as it is driven, from any
         *     thread
         * @return the unit
         * @throws IllegalArgumentException if a setting of the window is out of range
         * @throws IllegalStateException if the hardware is stuck or gone, or cannot be driven
         */
        DrivenUnit open(HardwareWindow window, Consumer<String> log);
    }

    /**
     * No units yet.
     *
     * @param context registers the units
     * @param arch the word of the windows that are meant, and of the units
     * @param driver sets a unit up
     */
    public DrivenUnits(BundleContext context, String arch, Driver driver) {
        this.context = context;
        this.arch = arch;
        this.driver = driver;
        this.log = System.getLogger("io.faultline." + arch);
    }

    /**
     * A window has come: its unit is set up and registered, if it is of this architecture.
     *
     * @param window not yet known
     */
    public synchronized void add(HardwareWindow window) {
        if (!window.arch().equals(arch)) {
            return;
        }
        try {
            DrivenUnit unit = driver.open(window, this::warn);
            units.put(window, new Driven(unit, register(unit, window.name())));
        } catch (IllegalArgumentException | IllegalStateException e) {
            warn(window.name() + ": not driven: " + e.getMessage());
        }
    }

    private ServiceRegistration<HardwareUnit> register(DrivenUnit unit, String name) {
        Map<String, String> properties = Map.of(Decodes.ARCH, arch, Handles.NAME, name);
        try {
            return context.registerService(
                    HardwareUnit.class, unit, FrameworkUtil.asDictionary(properties));
        } catch (IllegalStateException e) {
            unit.close(); // the bundle has stopped meanwhile
            throw e;
        }
    }

    /**
     * A window goes. The dispatcher lets go of the unit first, and answers what is outstanding
     * (R7); then the hardware is let go of.
     *
     * @param window if it is not known, nothing happens
     */
    public synchronized void remove(HardwareWindow window) {
        Driven driven = units.remove(window);
        if (driven == null) {
            return;
        }
        driven.registration().unregister();
        try {
            driven.unit().close();
        } catch (IllegalStateException e) {
            warn(window.name() + ": not left in order: " + e.getMessage());
        }
    }

    private void warn(String message) {
        log.log(System.Logger.Level.WARNING, message);
    }
}
