package io.faultline.dispatcher.internal;

/**
 * Whether a plug-in is called (R4, R14). It is not once it is gone, while calls of it that were
 * given up have not returned, and while it is in quarantine: because it threw too often in a row,
 * blocked too often, or has stepped aside for another. Quarantine ends by command, by an update, or
 * after a delay that doubles each time.
 *
 * <p><b>Threads.</b> Safe for any thread. A lane reads one volatile field before each call.
 */
final class Standing {
    private static final long FIRST_DELAY_NANOS = 1_000_000_000L;
    private static final int MOST_DOUBLINGS = 9;
    private static final long NEVER = Long.MAX_VALUE;

    /** No call begins. Written under the lock. */
    private volatile boolean closed;

    /** All below is guarded by this. */
    private boolean gone;

    /** Calls that were given up and have not returned. */
    private int running;

    private String runningWhere;
    private int blocks;

    /** Why it is in quarantine; null if it is not. */
    private String out;

    private long backAt = NEVER;
    private int quarantines;

    /** Read before each call. */
    boolean isClosed() {
        return closed;
    }

    /**
     * It leaves for good: the next snapshot is without it. Calls begin until {@link #close}:
     * whoever still uses the last snapshot has nobody in its place.
     */
    synchronized void leave() {
        gone = true;
    }

    /**
     * No call begins from now on. Once a snapshot without it is published and in use; what still
     * uses an older one then is the thread that calls this (R6).
     */
    synchronized void close() {
        open();
    }

    /** Whether the next snapshot is without it. */
    synchronized boolean isOut() {
        return gone || running > 0 || out != null;
    }

    synchronized boolean isGone() {
        return gone;
    }

    /**
     * A call was given up.
     *
     * @param where the lane, in words
     * @param mostBlocks how many put it into quarantine
     * @return whether this one did
     */
    synchronized boolean blocked(String where, int mostBlocks, long nanos) {
        running++;
        runningWhere = where;
        blocks++;
        open(); // it may have come back already
        return blocks >= mostBlocks && quarantine("blocked, " + blocks + " in all", nanos);
    }

    /** A call that was given up has returned. */
    synchronized void returned() {
        running--;
        open();
    }

    /**
     * Takes it out.
     *
     * @param why what it did, as the end of a sentence
     * @return false if it was out already
     */
    synchronized boolean quarantine(String why, long nanos) {
        if (out != null || gone) {
            return false;
        }
        out = why;
        backAt = nanos + (FIRST_DELAY_NANOS << Math.min(quarantines, MOST_DOUBLINGS));
        quarantines++;
        closed = true;
        return true;
    }

    /** Takes it out until somebody lets it back in; as {@link #leave} does. */
    synchronized void stepAside(String why) {
        out = why;
        backAt = NEVER;
    }

    /** Lets it back in: by command, by an update. What it did before is forgotten. */
    synchronized boolean readmit() {
        boolean was = out != null;
        out = null;
        backAt = NEVER;
        blocks = 0;
        quarantines = 0;
        open();
        return was;
    }

    /** Lets it back in if its delay is over; if it fails again it is out for longer. */
    synchronized boolean readmitIfDue(long nanos) {
        if (out == null || backAt == NEVER || nanos - backAt < 0) {
            return false;
        }
        out = null;
        backAt = NEVER;
        blocks = 0;
        open();
        return true;
    }

    private void open() {
        closed = isOut();
    }

    /** When {@link #readmitIfDue} is worth being asked; {@link Long#MAX_VALUE} if not. */
    synchronized long backAt() {
        return backAt;
    }

    /** Why it is not called, as what follows "out: "; null if it is called. */
    synchronized String whyOut(long nanos) {
        if (out == null) {
            return running > 0 ? "its call on " + runningWhere + " has not returned" : null;
        }
        String call = running > 0 ? ", its call on " + runningWhere + " has not returned" : "";
        long seconds = (backAt - nanos + 999_999_999L) / 1_000_000_000L;
        return out + call + (backAt == NEVER ? "" : "; back in " + Math.max(seconds, 1) + " s");
    }
}
