package io.faultline.iopf.internal;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.faultline.fault.Unit;
import io.faultline.mm.AddressSpace;
import io.faultline.mm.AddressSpaces;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * The argument of {@link Spaces}: once {@link Spaces#remove} has returned, no call into the
 * provider begins and none runs (R6).
 */
@JCStressTest
@Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "removed before the lane looked")
@Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "called, and the removal waited for the call")
@Outcome(expect = FORBIDDEN, desc = "called after the removal had returned")
@State
public class SpacesStress {
    private static final long PROVIDER = 7;

    private final Spaces spaces = new Spaces();
    private final Watcher provider = new Watcher();

    /** With a provider. */
    public SpacesStress() {
        spaces.add(PROVIDER, 0, provider);
    }

    /** A lane, or a worker of the pool. */
    @Actor
    public void lane(II_Result r) {
        Visitor visitor = spaces.visitor(0);
        visitor.enter();
        try {
            spaces.find(OneGroup.FAULT, 1);
        } finally {
            visitor.leave();
        }
        r.r1 = provider.calls;
        r.r2 = provider.callsAfterItLeft;
    }

    /** The thread that unbinds. */
    @Actor
    public void remover() {
        // a call that was given up after 4 s is promised nothing
        provider.left = spaces.remove(PROVIDER);
    }

    /** Counts its calls, and those that run after it has left. */
    private static final class Watcher implements AddressSpaces {
        volatile boolean left;
        int calls;
        int callsAfterItLeft;

        @Override
        public AddressSpace find(Unit unit, int requester, int pasid, int stage) {
            calls++;
            for (int i = 0; i < 3; i++) {
                if (left) {
                    callsAfterItLeft = 1;
                }
                Thread.onSpinWait();
            }
            return null;
        }
    }
}
