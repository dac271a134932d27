package io.faultline.guest.internal;

import io.faultline.handler.FaultHandler;
import io.faultline.hardware.HardwareUnit;
import java.util.Map;

/** Where handlers and units are registered; each gives back how to undo it. */
interface Registry {
    /** A handler in the chain. Both ways of leaving return when no lane is inside any more (R6). */
    interface Registration {
        void leave();

        /** Its groups wait so long for a successor of its name. */
        void leaveToSuccessor(int millis);
    }

    Registration register(FaultHandler handler, Map<String, Object> properties);

    Runnable register(HardwareUnit unit);
}
