package io.faultline.iopf.internal;

import io.faultline.handler.FaultHandler;
import io.faultline.mm.AddressSpaces;
import java.util.Map;

/** Makes io-pgfault as it ships, without a framework around it. */
public final class Iopf {
    private Iopf() {}

    /**
     * An io-pgfault with one provider of address spaces.
     *
     * @param spaces the provider
     * @param settings keys of PID {@code io.faultline.iopf}
     * @return the handler
     */
    public static FaultHandler with(AddressSpaces spaces, Map<String, ?> settings) {
        IoPgfault handler =
                new IoPgfault(
                        settings,
                        message -> {
                            throw new IllegalStateException(message);
                        });
        handler.bindSpaces(spaces, Map.of("service.id", 1L));
        return handler;
    }

    /**
     * Ends its threads.
     *
     * @param handler what {@link #with} returned
     */
    public static void close(FaultHandler handler) {
        ((IoPgfault) handler).close();
    }
}
