package io.faultline.dispatcher.internal;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.faultline.fault.Response;
import io.faultline.handler.Verdict;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IIII_Result;

/**
 * The argument of {@link Waiting}: of two conclusions exactly one counts, and the lane, whose own
 * end comes too late then, finds its verdict once in its inbox. How a conclusion races with the
 * lane's end is {@link OneEndStress}.
 */
@JCStressTest
@Outcome(id = "1, 0, 0, 1", expect = ACCEPTABLE, desc = "the first conclusion counts")
@Outcome(id = "0, 1, 0, 2", expect = ACCEPTABLE, desc = "the second conclusion counts")
@Outcome(expect = FORBIDDEN, desc = "two ends, none, or a verdict that nobody gave")
@State
public class ConclusionStress {
    private static final Verdict FIRST = Verdict.handled(Response.SUCCESS);
    private static final Verdict SECOND = Verdict.handled(Response.FAILURE);

    private final Inbox inbox = new Inbox(() -> {});
    private final Waiting waiting =
            new Waiting(null, null, Waiting.Cause.DEFERRED, 0, 0, null, null, inbox);

    /** One thread of the handler. */
    @Actor
    public void first(IIII_Result r) {
        r.r1 = waiting.conclude(FIRST) ? 1 : 0;
    }

    /** Another one. */
    @Actor
    public void second(IIII_Result r) {
        r.r2 = waiting.conclude(SECOND) ? 1 : 0;
    }

    /** The lane, at the deadline, and when it next looks into its inbox. */
    @Arbiter
    public void later(IIII_Result r) {
        r.r3 = waiting.end() ? 1 : 0;
        Waiting taken = inbox.take();
        if (taken != null) {
            r.r4 = taken.next != null ? -1 : taken.conclusion() == FIRST ? 1 : 2;
        }
    }
}
