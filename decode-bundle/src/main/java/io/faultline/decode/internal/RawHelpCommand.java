package io.faultline.decode.internal;

import java.util.Map;
import java.util.function.ToIntFunction;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code decode --raw help}: the queues that the installed decoders know. */
@Component(service = ToIntFunction.class, property = "faultline.command=raw-help")
public final class RawHelpCommand implements ToIntFunction<Map<String, Object>> {
    private final Decoders decoders;

    /** Called by the component runtime. */
    @Activate
    public RawHelpCommand(@Reference Decoders decoders) {
        this.decoders = decoders;
    }

    @Override
    public int applyAsInt(Map<String, Object> arguments) {
        Caller caller = Caller.of(arguments);
        caller.print(decoders.listing());
        decoders.tellFailures(caller);
        return 0;
    }
}
