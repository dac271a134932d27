package io.faultline.decode.internal;

import io.faultline.log.LogScanner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.function.ToIntFunction;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/** The command {@code decode}. Everything is started before it is called: it waits for nothing. */
@Component(service = ToIntFunction.class, property = "faultline.command=decode")
public final class DecodeCommand implements ToIntFunction<Map<String, Object>> {
    private final Decoders decoders;
    private volatile LogScanner scanner;

    /** Called by the component runtime. */
    @Activate
    public DecodeCommand(@Reference Decoders decoders) {
        this.decoders = decoders;
    }

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindScanner(LogScanner bound) {
        scanner = bound;
    }

    void unbindScanner(LogScanner leaving) {
        scanner = scanner == leaving ? null : scanner;
    }

    @Override
    public int applyAsInt(Map<String, Object> arguments) {
        DecodeOptions options = DecodeOptions.of(arguments);
        try {
            return new DecodeRun(options, decoders, scanner).run();
        } catch (WrongUse e) {
            options.caller().say().accept(e.getMessage());
            return 2;
        } catch (IOException e) {
            throw new UncheckedIOException(e); // the launcher looks why the output failed
        } finally {
            decoders.tellFailures(options.caller());
        }
    }
}
