package io.faultline.dispatcher.internal;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/**
 * The argument that every snapshot of a chain rests on: entries written plainly and published by a
 * release store of the reference are all there for whoever loads it with acquire. One thread swaps
 * the chain, a lane reads it twice.
 */
@JCStressTest
@Outcome(id = "0, 0, 0", expect = ACCEPTABLE, desc = "the lane was done before the swap")
@Outcome(id = "0, 1, 1", expect = ACCEPTABLE, desc = "the swap came between two faults")
@Outcome(id = "1, 1, 1", expect = ACCEPTABLE, desc = "the swap came before the lane")
@Outcome(expect = FORBIDDEN, desc = "a torn snapshot, or an old one after a new one")
@State
public class SnapshotStress {
    private static final VarHandle SNAPSHOT;

    static {
        try {
            SNAPSHOT =
                    MethodHandles.lookup()
                            .findVarHandle(SnapshotStress.class, "snapshot", int[].class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    @SuppressWarnings("unused") // through SNAPSHOT
    private int[] snapshot = new int[8];

    /** Publishes a snapshot whose entries are all new. */
    @Actor
    public void swap() {
        int[] next = new int[8];
        for (int i = 0; i < next.length; i++) {
            next[i] = 1;
        }
        SNAPSHOT.setRelease(this, next);
    }

    /** Reads it for two faults; of the second, the entries at both ends. */
    @Actor
    public void lane(III_Result r) {
        r.r1 = last((int[]) SNAPSHOT.getAcquire(this));
        int[] second = (int[]) SNAPSHOT.getAcquire(this);
        r.r2 = last(second);
        r.r3 = second[0];
    }

    private static int last(int[] entries) {
        return entries[entries.length - 1];
    }
}
