package io.faultline.iopf.internal;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.faultline.fault.Access;
import io.faultline.mm.AddressSpace;
import io.faultline.mm.FaultInResult;
import java.util.List;
import java.util.Map;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * Handing a group to a {@link Pool} that ends: one that was taken is concluded once, one that was
 * not is the handler's still. The pool's one worker is the third party.
 */
public final class PoolStress {
    private static final AddressSpace SPACE = new AnySpace();

    private PoolStress() {}

    /** What ends. */
    private static final class Scene {
        final OneGroup group = new OneGroup();
        private final Statistics statistics = new Statistics();
        private final Spaces spaces = new Spaces();
        private final Resolver resolver = new Resolver(statistics);
        private final Settings settings = Settings.DEFAULTS.with(Map.of("workers", 1), List.of());
        final Pool pool = pool(null);

        Pool pool(Pool before) {
            return new Pool(spaces, resolver, statistics, settings, before);
        }

        /** By the lane. Returns 1 if the pool has taken it. */
        int offer(Pool to) {
            return to.take(SPACE, new Pool.Job(OneGroup.FAULT, group, 0, 0)) ? 1 : 0;
        }

        static void close(Pool pool) {
            try {
                pool.close();
            } catch (InterruptedException e) {
                throw new AssertionError("nobody interrupts an actor", e);
            }
        }
    }

    /** io-pgfault leaves. */
    @JCStressTest
    @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "came too late: the handler decides")
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "taken, and concluded once")
    @Outcome(expect = FORBIDDEN, desc = "lost, or concluded twice")
    @State
    public static class TakeAgainstClose {
        private final Scene scene = new Scene();

        /** A lane. */
        @Actor
        public void lane(II_Result r) {
            r.r1 = scene.offer(scene.pool);
        }

        /** The thread that stops the bundle. */
        @Actor
        public void closer() {
            Scene.close(scene.pool);
        }

        /** The threads are gone. */
        @Arbiter
        public void after(II_Result r) {
            r.r2 = scene.group.conclusions();
        }
    }

    /** The number of workers changes: what the old pool does not take, the new one does. */
    @JCStressTest
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "taken by one of them, and concluded once")
    @Outcome(expect = FORBIDDEN, desc = "refused, lost, or concluded twice")
    @State
    public static class TakeAgainstReplacement {
        private final Scene scene = new Scene();
        private volatile Pool present = scene.pool;

        /** A lane; it tries again as the handler does. */
        @Actor
        public void lane(II_Result r) {
            Pool pool = present;
            r.r1 = scene.offer(pool);
            if (r.r1 == 0 && pool != present) {
                r.r1 = scene.offer(present);
            }
        }

        /** The thread that changes the settings. */
        @Actor
        public void configure() {
            Pool before = present;
            present = scene.pool(before);
            before.finish();
        }

        /** Both pools are finished. */
        @Arbiter
        public void after(II_Result r) {
            Scene.close(present);
            r.r2 = scene.group.conclusions();
        }
    }

    /** Where every page is there, and a call may block. */
    private static final class AnySpace implements AddressSpace {
        @Override
        public String name() {
            return "any";
        }

        @Override
        public FaultInResult faultIn(long address, Access access) {
            return FaultInResult.RESIDENT;
        }

        @Override
        public FaultInResult probe(long address, Access access) {
            return FaultInResult.RESIDENT;
        }

        @Override
        public boolean mayBlock() {
            return true;
        }
    }
}
