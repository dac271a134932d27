package io.faultline.dispatcher.internal;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.faultline.fault.Response;
import io.faultline.handler.Verdict;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * The argument of {@link CallGuard}: a verdict and a takeover compete, and one of them carries the
 * fault on. One actor is the lane's thread, the other the watchdog with that thread's stack.
 */
@JCStressTest
@Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "the verdict counts, nobody takes over")
@Outcome(
        id = "0, 1",
        expect = ACCEPTABLE,
        desc = "the call was given up, its verdict does not count")
@Outcome(id = "0, 0", expect = FORBIDDEN, desc = "nobody carries the fault on")
@Outcome(id = "1, 1", expect = FORBIDDEN, desc = "two carry the fault on")
@State
public class TakeoverStress {
    private final CallGuard guard = new CallGuard();
    private volatile Thread lane;

    /** The lane: makes a call, and looks whether it is still its own. */
    @Actor
    public void lane(II_Result r) {
        lane = Thread.currentThread();
        guard.begin();
        call();
        r.r1 = guard.isKept() ? 1 : 0;
        // the thread goes on to its next call, here one of another state: the number tells them
        // apart
        guard.begin();
    }

    /** What calls an actor declares no exception. */
    private static void call() {
        try {
            Calls.handle(
                    (fault, context) -> {
                        for (int i = 0; i < 3; i++) {
                            Thread.onSpinWait();
                        }
                        return Verdict.handled(Response.SUCCESS);
                    },
                    null,
                    null);
        } catch (Exception e) {
            throw new AssertionError("the handler above throws nothing", e);
        }
    }

    /** The watchdog: gives the call up if the thread's stack shows it inside. */
    @Actor
    public void watchdog(II_Result r) {
        Thread suspected = lane;
        guard.suspect(1);
        if (suspected != null
                && Calls.whatIsInside(suspected.getStackTrace()) != null
                && guard.giveUp(1)) {
            r.r2 = 1;
        }
    }
}
