package io.faultline.smmuv3.internal;

import io.faultline.handler.Ticker;
import io.faultline.hardware.HardwareUnit;
import io.faultline.hardware.HardwareWindow;
import java.util.function.Consumer;

/** Drives an SMMU behind a window as the bundle does, without a framework around it. */
public final class LiveSmmu {
    private LiveSmmu() {}

    /**
     * Sets a unit up.
     *
     * @param window onto the SMMU
     * @param log takes what there is to say
     * @return the unit
     */
    public static HardwareUnit drive(HardwareWindow window, Consumer<String> log) {
        return new LiveUnit(window, Ticker.SYSTEM, log);
    }

    /**
     * Lets go of it. To be called when nobody uses its queues any more.
     *
     * @param unit what {@link #drive} returned
     */
    public static void close(HardwareUnit unit) {
        ((LiveUnit) unit).close();
    }
}
