package io.faultline.mm.internal;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** The argument of {@link Gate}: once closing has returned, nobody is inside (R6). */
@JCStressTest
@Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "the call came too late")
@Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "the call was waited for")
@Outcome(id = "1, 0", expect = FORBIDDEN, desc = "closing returned while the call was inside")
@Outcome(id = "0, 1", expect = FORBIDDEN, desc = "a call that was refused had an effect")
@State
public class GateStress {
    private final Gate gate = new Gate();
    private int effect;

    /** A lane. */
    @Actor
    public void call(II_Result r) {
        if (gate.enter()) {
            effect = 1;
            gate.leave();
            r.r1 = 1;
        }
    }

    /** The thread that unbinds. */
    @Actor
    public void close(II_Result r) {
        gate.close();
        while (!gate.isEmpty()) {
            Thread.onSpinWait();
        }
        r.r2 = effect;
    }
}
