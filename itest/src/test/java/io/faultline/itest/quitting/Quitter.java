package io.faultline.itest.quitting;

import io.faultline.fault.Fault;
import io.faultline.handler.FaultContext;
import io.faultline.handler.FaultHandler;
import io.faultline.handler.Handles;
import io.faultline.handler.Verdict;
import java.util.concurrent.atomic.AtomicLong;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.propertytypes.ServiceRanking;

/** Has had enough at its thousandth fault and stops its own bundle, from inside the call. */
@Component
@ServiceRanking(1000)
@Handles(kinds = "page_request")
public final class Quitter implements FaultHandler {
    private static final int ENOUGH = 1000;

    private final BundleContext context;
    private final AtomicLong late;
    private final AtomicLong calls = new AtomicLong();
    private volatile boolean left;

    @Activate
    public Quitter(BundleContext context, @Reference(target = "(counts=late)") AtomicLong late) {
        this.context = context;
        this.late = late;
    }

    @Deactivate
    void leave() {
        left = true;
    }

    @Override
    public Verdict handle(Fault fault, FaultContext faultContext) throws BundleException {
        check();
        if (calls.incrementAndGet() == ENOUGH) {
            context.getBundle().stop();
        } else {
            check();
        }
        return Verdict.PASSED;
    }

    private void check() {
        if (left) {
            late.incrementAndGet();
        }
    }
}
