package io.faultline.itest.ranked;

import io.faultline.fault.Fault;
import io.faultline.handler.FaultContext;
import io.faultline.handler.FaultHandler;
import io.faultline.handler.Handles;
import io.faultline.handler.Verdict;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Modified;

/** Has its name and ranking from its configuration, and stays the same when that changes. */
@Component(configurationPid = "itest.ranked", configurationPolicy = ConfigurationPolicy.REQUIRE)
@Handles(kinds = "unrecoverable")
public final class Ranked implements FaultHandler {
    @Modified
    void configure() {
        // being there is enough: the ranking is a service property
    }

    @Override
    public Verdict handle(Fault fault, FaultContext context) {
        return Verdict.PASSED;
    }
}
