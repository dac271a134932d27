package io.faultline.dispatcher.internal;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.faultline.fault.Response;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/**
 * R7 on the classes that ship: a handler's answer races with whatever else ends a group, and
 * hardware gets one answer, or none where none is wanted. The results are: whether the handler's
 * SUCCESS counted, whether a second answer did (never), and what came to the hardware (0 nothing, 1
 * SUCCESS, 2 INVALID, 3 FAILURE, -1 more than one).
 */
public final class OneEndStress {
    private OneEndStress() {}

    /** The deadline passes. */
    @JCStressTest
    @Outcome(id = "1, 0, 1", expect = ACCEPTABLE, desc = "SUCCESS came before the deadline")
    @Outcome(id = "0, 0, 2", expect = ACCEPTABLE, desc = "the deadline answered INVALID")
    @Outcome(expect = FORBIDDEN, desc = "no end, two ends, or an answer that nobody gave")
    @State
    public static class Deadline {
        private final OneGroup scene = new OneGroup();

        /** The handler, which answers twice. */
        @Actor
        public void handler(III_Result r) {
            r.r1 = scene.conclude(Response.SUCCESS);
            r.r2 = scene.conclude(Response.FAILURE);
        }

        /** The lane. */
        @Actor
        public void lane() {
            scene.passDeadline();
        }

        /** When all is over. */
        @Arbiter
        public void end(III_Result r) {
            r.r3 = scene.answered();
        }
    }

    /** The unit is reset: nobody waits for an answer any more. */
    @JCStressTest
    @Outcome(id = "1, 0, 1", expect = ACCEPTABLE, desc = "SUCCESS left before the reset was seen")
    @Outcome(id = "1, 0, 0", expect = ACCEPTABLE, desc = "SUCCESS came, and was withdrawn")
    @Outcome(id = "0, 0, 0", expect = ACCEPTABLE, desc = "withdrawn before the handler answered")
    @Outcome(expect = FORBIDDEN, desc = "two ends, or an answer that nobody gave")
    @State
    public static class Reset {
        private final OneGroup scene = new OneGroup();

        /** The handler, which answers twice. */
        @Actor
        public void handler(III_Result r) {
            r.r1 = scene.conclude(Response.SUCCESS);
            r.r2 = scene.conclude(Response.FAILURE);
        }

        /** The lane. */
        @Actor
        public void lane() {
            scene.reset();
        }

        /** When all is over. */
        @Arbiter
        public void end(III_Result r) {
            r.r3 = scene.answered();
        }
    }

    /** The device is removed: what was answered before the lane heard of it has left. */
    @JCStressTest
    @Outcome(id = "1, 0, 1", expect = ACCEPTABLE, desc = "SUCCESS left before the removal")
    @Outcome(id = "1, 0, 0", expect = ACCEPTABLE, desc = "SUCCESS came, and was withdrawn")
    @Outcome(id = "0, 0, 0", expect = ACCEPTABLE, desc = "withdrawn before the handler answered")
    @Outcome(expect = FORBIDDEN, desc = "two ends, or an answer that nobody gave")
    @State
    public static class Removal {
        private final OneGroup scene = new OneGroup();

        /** The handler, which answers twice. */
        @Actor
        public void handler(III_Result r) {
            r.r1 = scene.conclude(Response.SUCCESS);
            r.r2 = scene.conclude(Response.FAILURE);
        }

        /** The lane. */
        @Actor
        public void lane() {
            scene.removeDevice();
        }

        /** When all is over. */
        @Arbiter
        public void end(III_Result r) {
            r.r3 = scene.answered();
        }
    }

    /** The handler is taken out: its group goes on, to the end of the chain. */
    @JCStressTest
    @Outcome(id = "1, 0, 1", expect = ACCEPTABLE, desc = "SUCCESS came before it left")
    @Outcome(id = "0, 0, 2", expect = ACCEPTABLE, desc = "left first; nobody else was there")
    @Outcome(expect = FORBIDDEN, desc = "no end, two ends, or an answer that nobody gave")
    @State
    public static class Leaver {
        private final OneGroup scene = new OneGroup();

        /** The handler, which answers twice. */
        @Actor
        public void handler(III_Result r) {
            r.r1 = scene.conclude(Response.SUCCESS);
            r.r2 = scene.conclude(Response.FAILURE);
        }

        /** The lane. */
        @Actor
        public void lane() {
            scene.removeHandler();
        }

        /** When all is over. */
        @Arbiter
        public void end(III_Result r) {
            r.r3 = scene.answered();
        }
    }

    /** The handler is taken out and its group offered to another one, which answers FAILURE. */
    @JCStressTest
    @Outcome(id = "1, 0, 1", expect = ACCEPTABLE, desc = "SUCCESS came first: nobody else is asked")
    @Outcome(id = "0, 0, 3", expect = ACCEPTABLE, desc = "offered again first: the other's answer")
    @Outcome(expect = FORBIDDEN, desc = "no end, two ends, or an answer that nobody gave")
    @State
    public static class Reoffer {
        private final OneGroup scene = new OneGroup();

        /** The handler, which answers twice. */
        @Actor
        public void handler(III_Result r) {
            r.r1 = scene.conclude(Response.SUCCESS);
            r.r2 = scene.conclude(Response.FAILURE);
        }

        /** The lane. */
        @Actor
        public void lane() {
            scene.offerAgain();
        }

        /** When all is over. */
        @Arbiter
        public void end(III_Result r) {
            r.r3 = scene.answered();
        }
    }

    /** Everything stops. */
    @JCStressTest
    @Outcome(id = "1, 0, 1", expect = ACCEPTABLE, desc = "SUCCESS came before the drain")
    @Outcome(id = "0, 0, 2", expect = ACCEPTABLE, desc = "drained with INVALID")
    @Outcome(expect = FORBIDDEN, desc = "no end, two ends, or an answer that nobody gave")
    @State
    public static class Shutdown {
        private final OneGroup scene = new OneGroup();

        /** The handler, which answers twice. */
        @Actor
        public void handler(III_Result r) {
            r.r1 = scene.conclude(Response.SUCCESS);
            r.r2 = scene.conclude(Response.FAILURE);
        }

        /** The lane. */
        @Actor
        public void lane() {
            scene.close();
        }

        /** When all is over. */
        @Arbiter
        public void end(III_Result r) {
            r.r3 = scene.answered();
        }
    }
}
