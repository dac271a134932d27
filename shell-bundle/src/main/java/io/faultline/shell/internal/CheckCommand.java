package io.faultline.shell.internal;

import java.util.Map;
import java.util.function.Consumer;
import java.util.function.ToIntFunction;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * Tells the program whether what it has configured came to life.
 *
 * <p>Takes {@code component}, a component's name, and {@code say}, which takes a line for each
 * configuration of it that cannot be activated. Gives their number.
 */
@Component(service = ToIntFunction.class, property = "faultline.command=check")
public final class CheckCommand implements ToIntFunction<Map<String, Object>> {
    private final Diagnostics diagnostics;

    /** Called by DS. */
    @Activate
    public CheckCommand(@Reference Diagnostics diagnostics) {
        this.diagnostics = diagnostics;
    }

    @Override
    public int applyAsInt(Map<String, Object> arguments) {
        @SuppressWarnings("unchecked") // the type that this command's contract names
        Consumer<String> say = (Consumer<String>) arguments.get("say");
        return diagnostics.failures((String) arguments.get("component"), say);
    }
}
