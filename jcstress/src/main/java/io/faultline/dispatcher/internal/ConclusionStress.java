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
 * The argument of {@link Waiting}: of two conclusions and the platform's own end, exactly one
 * counts, and the lane finds the verdict of the conclusion that did, once, in its inbox.
 */
@JCStressTest
@Outcome(id = "1, 0, 0, 1", expect = ACCEPTABLE, desc = "the first conclusion counts")
@Outcome(id = "0, 1, 0, 2", expect = ACCEPTABLE, desc = "the second conclusion counts")
@Outcome(id = "0, 0, 1, 0", expect = ACCEPTABLE, desc = "the deadline came first")
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

    /** The lane, at the deadline. */
    @Actor
    public void lane(IIII_Result r) {
        r.r3 = waiting.end() ? 1 : 0;
    }

    /** The lane, when it next looks into its inbox. */
    @Arbiter
    public void later(IIII_Result r) {
        Waiting taken = inbox.take();
        if (taken != null) {
            r.r4 = taken.next != null ? -1 : taken.conclusion() == FIRST ? 1 : 2;
        }
    }
}
