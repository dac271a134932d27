package io.faultline.itest.failing;

import io.faultline.fault.Fault;
import io.faultline.handler.FaultContext;
import io.faultline.handler.FaultHandler;
import io.faultline.handler.Handles;
import io.faultline.handler.Verdict;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** Would handle everything, if it came to life. */
@Component
@Handles(kinds = "unrecoverable")
public final class Failing implements FaultHandler {
    @Activate
    public Failing() {
        throw new IllegalStateException("no board to speak of");
    }

    @Override
    public Verdict handle(Fault fault, FaultContext context) {
        return Verdict.HANDLED;
    }
}
