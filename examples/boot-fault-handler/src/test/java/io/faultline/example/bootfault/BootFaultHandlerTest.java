package io.faultline.example.bootfault;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.faultline.fault.Reason;
import io.faultline.queue.Outcome;
import io.faultline.testkit.FaultBuilder;
import io.faultline.testkit.SteppedLane;
import org.junit.jupiter.api.Test;

class BootFaultHandlerTest {
    private final SteppedLane lane = new SteppedLane();
    private final BootFaultHandler handler = new BootFaultHandler();
    private final FaultBuilder fault = new FaultBuilder().unit("smmuv3", "smmu0").code(0x10);

    @Test
    void swallowsAndCountsTheBootFaultOnly() {
        lane.add(handler);

        assertEquals(Outcome.HANDLED, lane.offer(fault.iova(0).unrecoverable(Reason.NOT_PRESENT)));
        assertEquals(Outcome.UNHANDLED, lane.offer(fault.iova(1).unrecoverable(Reason.NOT_PRESENT)));
        assertEquals(1, handler.swallowed.sum());
    }
}
