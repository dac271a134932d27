package io.faultline.guest.internal;

import io.faultline.handler.FaultHandler;
import io.faultline.hardware.HardwareUnit;
import java.util.Map;

/** Where handlers and units are registered; each gives back how to undo it. */
interface Registry {
    Runnable register(FaultHandler handler, Map<String, Object> properties);

    Runnable register(HardwareUnit unit);
}
