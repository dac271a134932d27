package io.faultline.qemu.internal;

import java.util.Map;
import java.util.function.ToIntFunction;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * Makes a device access an address, for programs and tests.
 *
 * <p>Takes {@code unit}, a unit's name, {@code requester} (Integer) and {@code address} (Long).
 * Gives the number of accesses; when it returns they are over.
 */
@Component(service = ToIntFunction.class, property = "faultline.command=touch")
public final class TouchCommand implements ToIntFunction<Map<String, Object>> {
    private final Machines machines;

    /** Called by DS. */
    @Activate
    public TouchCommand(@Reference Machines machines) {
        this.machines = machines;
    }

    @Override
    public int applyAsInt(Map<String, Object> arguments) {
        return machines.find((String) arguments.get("unit"))
                .touch((Integer) arguments.get("requester"), (Long) arguments.get("address"));
    }
}
