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
 * The argument of {@link Inbox}: nothing that is put is lost, or taken twice. Two actors a test, so
 * that two processors are enough.
 */
public final class InboxStress {
    private InboxStress() {}

    private static Waiting waiting(Inbox inbox) {
        return new Waiting(null, null, Waiting.Cause.DEFERRED, 0, 0, null, null, inbox);
    }

    private static int count(Waiting first) {
        int count = 0;
        for (Waiting waiting = first; waiting != null; waiting = waiting.next) {
            count++;
        }
        return count;
    }

    /** One thread puts, the lane takes. */
    @JCStressTest
    @Outcome(id = "0, 2", expect = ACCEPTABLE, desc = "the lane came first")
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "the lane came between")
    @Outcome(id = "2, 0", expect = ACCEPTABLE, desc = "the lane came last")
    @Outcome(expect = FORBIDDEN, desc = "lost or taken twice")
    @State
    public static class PutAgainstTake {
        private final Inbox inbox = new Inbox(() -> {});
        private final Waiting a = waiting(inbox);
        private final Waiting b = waiting(inbox);

        /** A handler's thread. */
        @Actor
        public void handler() {
            inbox.put(a);
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
    }

    /** Two threads put. */
    @JCStressTest
    @Outcome(id = "2, 0", expect = ACCEPTABLE, desc = "the lane finds both")
    @Outcome(expect = FORBIDDEN, desc = "lost or taken twice")
    @State
    public static class PutAgainstPut {
        private final Inbox inbox = new Inbox(() -> {});
        private final Waiting a = waiting(inbox);
        private final Waiting b = waiting(inbox);

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

        /** The lane, afterwards. */
        @Arbiter
        public void later(II_Result r) {
            r.r1 = count(inbox.take());
            r.r2 = count(inbox.take());
        }
    }
}
