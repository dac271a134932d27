package io.faultline.itest.ranked;

import io.faultline.fault.Fault;
import io.faultline.handler.FaultContext;
import io.faultline.handler.FaultHandler;
import io.faultline.handler.Handles;
import io.faultline.handler.Verdict;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;

/** Has its name and ranking from its configuration, and is made anew when that changes. */
@Component(configurationPid = "itest.rebuilt", configurationPolicy = ConfigurationPolicy.REQUIRE)
@Handles(kinds = "unrecoverable")
public final class Rebuilt implements FaultHandler {
    @Override
    public Verdict handle(Fault fault, FaultContext context) {
        return Verdict.PASSED;
    }
}
