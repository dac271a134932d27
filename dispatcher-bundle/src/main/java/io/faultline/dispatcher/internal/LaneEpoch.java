package io.faultline.dispatcher.internal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/*
 * How a remover learns that no lane is inside a plug-in any more (R6): read-copy-update.
 *
 * Who writes  The lane alone writes its epoch and `seen`; removers only read.
 * Invariant   The epoch is odd while the lane may call plug-ins, even while it cannot. While it is odd, the lane
 *             calls only plug-ins of a snapshot that it loaded since the epoch became odd.
 * Enter       epoch = odd (volatile), then the snapshot is loaded (acquire). The volatile write is a full fence:
 *             the load cannot move above it.
 * Remove      The snapshot without the plug-in is published (volatile), then each lane's epoch is read (volatile).
 *             Of two volatile accesses on each side one order holds: either the remover sees the odd epoch, and
 *             waits, or the lane's load comes after the publication, and the lane never sees the plug-in.
 * Quiet       The remover is done with a lane when its epoch is even, has moved since it was first read, or when
 *             the lane has `seen` a snapshot at least as new. A lane stores `seen` (release) when it stands
 *             between two calls and uses the new snapshot from then on: what it did before happens before.
 * Cost        One fence a batch for the lane; nothing a fault but an acquire load of the snapshot.
 * Checked by  RemovalStress (jcstress): a plug-in removed is never called.
 */
final class LaneEpoch {
    private static final VarHandle EPOCH;
    private static final VarHandle SEEN;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            EPOCH = lookup.findVarHandle(LaneEpoch.class, "epoch", long.class);
            SEEN = lookup.findVarHandle(LaneEpoch.class, "seen", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** Odd inside a batch. Written by the lane. */
    private long epoch;

    /** Version of the newest snapshot that the lane uses. Written by the lane. */
    @SuppressWarnings("unused") // read and written through SEEN
    private long seen;

    /** By the lane, before it loads the snapshot. */
    void enter() {
        EPOCH.setVolatile(this, epoch + 1);
    }

    /** By the lane: it holds no plug-in any more. */
    void leave() {
        EPOCH.setRelease(this, epoch + 1);
    }

    /** By the lane, between two calls: from now on it uses this snapshot only. */
    void sees(long version) {
        SEEN.setRelease(this, version);
    }

    /** By a remover, after it has published. */
    long read() {
        return (long) EPOCH.getVolatile(this);
    }

    /** Whether the lane has let go of everything older than a version. */
    boolean isQuiet(long epochRead, long version) {
        return (epochRead & 1) == 0
                || (long) EPOCH.getVolatile(this) != epochRead
                || (long) SEEN.getAcquire(this) >= version;
    }
}
