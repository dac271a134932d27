package io.faultline.itest;

import io.faultline.fault.Fault;
import io.faultline.fault.Response;
import io.faultline.handler.Deferral;
import io.faultline.handler.FaultContext;
import io.faultline.handler.FaultHandler;
import io.faultline.handler.Verdict;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A handler of the soak. What it says of a group follows from its own number and the group's, so
 * that the audit knows what must have become of it; it writes down each call.
 */
final class SoakHandler implements FaultHandler, AutoCloseable {
    /** Always handles. */
    static final int LAST = 1;

    /** Always passes, before all others. */
    static final int FIRST = 2;

    final int number;
    private final Soak soak;
    private final ScheduledExecutorService later;

    private final AtomicReference<CountDownLatch> gate = new AtomicReference<>();
    private volatile boolean left;
    volatile boolean throwing;
    private volatile Fault last;

    SoakHandler(int number, Soak soak, ScheduledExecutorService later) {
        this.number = number;
        this.soak = soak;
        this.later = later;
    }

    /** It has left: no call may be running, and none may come. */
    @Override
    public void close() {
        left = true;
    }

    /** The next call stays inside until the gate opens. */
    void block(CountDownLatch until) {
        gate.set(until);
    }

    @Override
    public Verdict handle(Fault fault, FaultContext context) throws Exception {
        check();
        last = fault;
        SoakLog log = soak.log(fault);
        CountDownLatch blocks = gate.getAndSet(null);
        if (blocks != null) {
            log.add(SoakLog.What.OFFERED, fault.iova(), number, null);
            blocks.await(30, TimeUnit.SECONDS);
            return Verdict.handled(Response.FAILURE); // given up: it must not count
        }
        if (throwing) {
            log.add(SoakLog.What.OFFERED, fault.iova(), number, null);
            throw new IllegalStateException("as the soak wants it");
        }
        Verdict verdict = verdict(fault);
        if (verdict.kind() == Verdict.Kind.DEFERRED) {
            Deferral deferral = context.defer();
            log.add(SoakLog.What.OFFERED, fault.iova(), number, verdict);
            // what it comes to stands in the log
            soak.concludes(1);
            ScheduledFuture<?> unused =
                    later.schedule(() -> conclude(log, fault, deferral), 1, TimeUnit.MILLISECONDS);
        } else {
            boolean twice = soak.has(Soak.Defect.OFFERED_TWICE) && number == LAST;
            for (int i = 0; i < (twice && SoakLog.number(fault.iova()) % 97 == 0 ? 2 : 1); i++) {
                log.add(SoakLog.What.OFFERED, fault.iova(), number, verdict);
            }
        }
        check();
        return verdict;
    }

    private void check() {
        soak.called(left);
    }

    private Verdict verdict(Fault fault) {
        if (number <= FIRST) {
            return number == LAST ? Verdict.handled(Response.SUCCESS) : Verdict.PASSED;
        }
        int mixed = (SoakLog.number(fault.iova()) * 31 + number) * 0x9E37_79B9;
        int of100 = Integer.remainderUnsigned(mixed >>> 8, 100);
        if (of100 < 60) {
            return Verdict.PASSED;
        }
        if (of100 < 70) {
            return Verdict.handled(of100 < 65 ? Response.SUCCESS : Response.INVALID);
        }
        return of100 < 85 ? Verdict.failed("some fail", Response.INVALID) : Verdict.DEFERRED;
    }

    private void conclude(SoakLog log, Fault fault, Deferral deferral) {
        boolean handled = SoakLog.number(fault.iova()) % 3 == 0;
        Verdict verdict = handled ? Verdict.handled(Response.INVALID) : Verdict.PASSED;
        boolean lost = soak.has(Soak.Defect.REOFFER_LOST) && !handled;
        // written down first: the lane may be quicker than we are
        log.add(SoakLog.What.CONCLUDED, fault.iova(), number, verdict);
        if (!deferral.conclude(lost ? Verdict.handled(Response.SUCCESS) : verdict)) {
            log.add(SoakLog.What.CONCLUDED, fault.iova(), number, null);
        }
        soak.concludes(-1);
    }

    /** A call that must not be. */
    void callOnceMore() throws Exception {
        if (last != null) {
            check();
        }
    }
}
