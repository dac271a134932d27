package io.faultline.dispatcher.internal;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.faultline.fault.Fault;
import io.faultline.fault.Faults;
import io.faultline.fault.Origin;
import io.faultline.fault.Reason;
import io.faultline.fault.TimeBase;
import io.faultline.fault.Unit;
import io.faultline.queue.Outcome;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * The argument of {@link TapRing}: into a ring of two the lane puts three faults while the tap
 * takes. Each fault is seen whole and in order, or is counted as lost where it was lost. The
 * results are the sequence numbers seen as decimal digits, with 9 for a gap of one and 8 for
 * anything torn.
 */
@JCStressTest
@org.openjdk.jcstress.annotations.Outcome(
        id = {"0, 129", "1, 29", "12, 9", "129, 0"},
        expect = ACCEPTABLE,
        desc = "the third did not fit, and the tap knows")
@org.openjdk.jcstress.annotations.Outcome(
        id = {"1, 23", "12, 3", "0, 123", "123, 0"},
        expect = ACCEPTABLE,
        desc = "all fit")
@org.openjdk.jcstress.annotations.Outcome(
        expect = FORBIDDEN,
        desc = "a fault torn, lost without a word, or seen twice")
@State
public class TapStress {
    private static final Origin ORIGIN =
            new Origin(new Unit("a", "u"), "q", 0, TimeBase.NONE, false);

    private final TapRing ring = new TapRing(2);

    /** The lane. */
    @Actor
    public void lane() {
        for (int sequence = 1; sequence <= 3; sequence++) {
            ring.offer(fault(sequence), Outcome.HANDLED, sequence, Integer.MAX_VALUE);
        }
    }

    private static Fault fault(int sequence) {
        return Faults.unrecoverable(
                ORIGIN, null, 0, sequence, 0, Reason.UNKNOWN, 0, 0, 0, -1, sequence, 0, 0, 0, 0, 0);
    }

    /** The tap. */
    @Actor
    public void tap(II_Result r) {
        r.r1 = drain();
    }

    /** The tap, the next time. */
    @Arbiter
    public void later(II_Result r) {
        r.r2 = drain();
    }

    private int drain() {
        Seen seen = new Seen();
        ring.drain(seen, 8);
        for (long lost = ring.drainLost(); lost > 0; lost--) {
            seen.add(9);
        }
        return seen.digits;
    }

    /** Writes what it takes down as digits. */
    private static final class Seen implements TapRing.Taker {
        private int digits;

        @Override
        public void take(Fault fault, Outcome outcome, long lost) {
            for (long gap = lost; gap > 0; gap--) {
                add(9);
            }
            boolean whole =
                    fault != null && fault.sequence() == fault.iova() && outcome == Outcome.HANDLED;
            add(whole ? (int) fault.sequence() : 8);
        }

        void add(int digit) {
            digits = 10 * digits + digit;
        }
    }
}
