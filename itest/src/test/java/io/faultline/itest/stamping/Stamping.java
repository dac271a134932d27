package io.faultline.itest.stamping;

import io.faultline.fault.Fault;
import io.faultline.handler.FaultContext;
import io.faultline.handler.FaultHandler;
import io.faultline.handler.Handles;
import io.faultline.handler.Verdict;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.propertytypes.ServiceRanking;

/** Fails at every fault and gives its version as the reason, for later handlers to see. */
@Component(property = Handles.NAME + "=stamping")
@ServiceRanking(1000)
@Handles(kinds = "unrecoverable")
public final class Stamping implements FaultHandler {
    private final Verdict stamp;

    @Activate
    public Stamping(BundleContext context) {
        stamp = Verdict.failed(context.getBundle().getVersion().toString());
    }

    @Override
    public Verdict handle(Fault fault, FaultContext context) {
        return stamp;
    }
}
