package io.faultline.itest.soaking;

import io.faultline.fault.Fault;
import io.faultline.handler.FaultContext;
import io.faultline.handler.FaultHandler;
import io.faultline.handler.Handles;
import io.faultline.handler.Verdict;
import java.util.function.Supplier;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.propertytypes.ServiceRanking;

/** A bundle's handler in the soak: each activation is a new one for the audit. */
@Component
@Handles(kinds = "page_request")
@ServiceRanking(5)
public final class Soaking implements FaultHandler {
    private final FaultHandler handler;

    @Activate
    public Soaking(@Reference(target = "(soak=handlers)") Supplier<FaultHandler> handlers) {
        this.handler = handlers.get();
    }

    @Deactivate
    void leave() throws Exception {
        ((AutoCloseable) handler).close();
    }

    @Override
    public Verdict handle(Fault fault, FaultContext context) throws Exception {
        return handler.handle(fault, context);
    }
}
