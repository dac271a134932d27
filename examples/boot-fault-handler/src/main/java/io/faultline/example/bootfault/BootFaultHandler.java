package io.faultline.example.bootfault;

import io.faultline.fault.Fault;
import io.faultline.handler.CounterKey;
import io.faultline.handler.FaultContext;
import io.faultline.handler.FaultHandler;
import io.faultline.handler.Handles;
import io.faultline.handler.Verdict;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.propertytypes.ServiceRanking;

/** Swallows what this board's firmware makes its SMMUv3 report at every boot, and nothing else. */
@Component(name = "boot-fault")
@ServiceRanking(1000)
@Handles(kinds = "unrecoverable", observed = true)
public final class BootFaultHandler implements FaultHandler {
    private static final int F_TRANSLATION = 0x10;

    final CounterKey swallowed = CounterKey.of("boot faults swallowed");

    @Override
    public Verdict handle(Fault fault, FaultContext context) {
        boolean smmu = fault.unit().arch().equals("smmuv3");
        boolean atZero = fault.hasIova() && fault.iova() == 0;
        if (smmu && atZero && fault.code() == F_TRANSLATION) {
            context.counter(swallowed).increment();
            return Verdict.HANDLED;
        }
        return Verdict.PASSED;
    }
}
