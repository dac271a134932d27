package io.faultline.iopf.internal;

import io.faultline.fault.Fault;
import io.faultline.fault.FaultBits;
import io.faultline.fault.Faults;
import io.faultline.fault.Origin;
import io.faultline.fault.PageRequestGroup;
import io.faultline.fault.Reason;
import io.faultline.fault.TimeBase;
import io.faultline.fault.Unit;
import io.faultline.handler.Deferral;
import io.faultline.handler.Verdict;
import java.util.concurrent.atomic.AtomicInteger;

/** A page request group that is handed to a pool: who concludes it, and how often. */
final class OneGroup implements Deferral {
    static final PageRequestGroup FAULT =
            Faults.group(
                    new Origin(new Unit("a", "u"), "q", 1, TimeBase.BOOT, false),
                    null,
                    0,
                    1,
                    1,
                    Reason.UNKNOWN,
                    -1,
                    FaultBits.HAS_REQUESTER | FaultBits.LAST | FaultBits.READ,
                    1,
                    Fault.NO_PASID,
                    0,
                    0x1000,
                    0,
                    0,
                    0,
                    0,
                    0,
                    null);

    private final AtomicInteger conclusions = new AtomicInteger();

    int conclusions() {
        return conclusions.get();
    }

    @Override
    public boolean conclude(Verdict verdict) {
        return conclusions.incrementAndGet() == 1;
    }

    @Override
    public long deadlineNanos() {
        return Long.MAX_VALUE;
    }

    @Override
    public boolean cancelled() {
        return false;
    }
}
