package io.faultline.itest.deferring;

import io.faultline.fault.Fault;
import io.faultline.handler.Deferral;
import io.faultline.handler.FaultContext;
import io.faultline.handler.FaultHandler;
import io.faultline.handler.Handles;
import io.faultline.handler.Verdict;
import java.util.function.Consumer;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Takes every page request group over and leaves its conclusion to the test. */
@Component
@Handles(kinds = "page_request")
public final class Deferring implements FaultHandler {
    private final Consumer<Deferral> deferrals;

    @Activate
    public Deferring(@Reference(target = "(takes=deferrals)") Consumer<Deferral> deferrals) {
        this.deferrals = deferrals;
    }

    @Override
    public Verdict handle(Fault fault, FaultContext context) {
        deferrals.accept(context.defer());
        return Verdict.DEFERRED;
    }
}
