package io.faultline.dispatcher.internal;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * {@link Inbox}: what two threads put while the lane takes is taken once, at once or the next time.
 */
@JCStressTest
@Outcome(id = "0, 2", expect = ACCEPTABLE, desc = "the lane came first")
@Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "the lane came between")
@Outcome(id = "2, 0", expect = ACCEPTABLE, desc = "the lane came last")
@Outcome(expect = FORBIDDEN, desc = "lost or taken twice")
@State
public class InboxStress {
    private final Inbox inbox = new Inbox(() -> {});
    private final Waiting a = waiting();
    private final Waiting b = waiting();

    private Waiting waiting() {
        return new Waiting(null, null, Waiting.Cause.DEFERRED, 0, 0, null, null, inbox);
    }

    /** One handler's thread. */
    @Actor
    public void one() {
        inbox.put(a);
    }

    /** Another one's. */
    @Actor
    public void two() {
        inbox.put(b);
    }

    /** The lane. */
    @Actor
    public void lane(II_Result r) {
        r.r1 = count(inbox.take());
    }

    /** The lane, the next time. */
    @Arbiter
    public void later(II_Result r) {
        r.r2 = count(inbox.take());
    }

    private static int count(Waiting first) {
        int count = 0;
        for (Waiting waiting = first; waiting != null; waiting = waiting.next) {
            count++;
        }
        return count;
    }
}
