package io.faultline.shell.internal;

import java.util.Collection;
import java.util.Map;
import java.util.function.ToIntFunction;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * Tells the program whether what it has configured is still to come: a configuration is seen by
 * components a while after it was made.
 *
 * <p>Takes {@code component}, a component's name, and {@code pids}, those of configurations of it.
 * Gives how many of them have not come to life yet, and have not failed either.
 */
@Component(service = ToIntFunction.class, property = "faultline.command=pending")
public final class PendingCommand implements ToIntFunction<Map<String, Object>> {
    private final Diagnostics diagnostics;

    /** Called by DS. */
    @Activate
    public PendingCommand(@Reference Diagnostics diagnostics) {
        this.diagnostics = diagnostics;
    }

    @Override
    public int applyAsInt(Map<String, Object> arguments) {
        Collection<?> pids = (Collection<?>) arguments.get("pids");
        return diagnostics.pending((String) arguments.get("component"), pids);
    }
}
