package io.faultline.dispatcher.internal;

/**
 * Whether a lane that finds nothing to do looks again at once, or sleeps. Spinning answers faster
 * than waking, as long as a processor is free for it.
 *
 * <p>Where the source can hold its interrupt back, the lane lingers first: it looks again and again
 * for a while after it had work.
 */
final class Spin {
    /** So many looks in vain, some 60 us. */
    static final int ROUNDS = 200;

    /** Between two looks of a lane that spins: then another thread had its processor. */
    static final long LOST_NANOS = 20_000;

    /**
     * How long a lane does not spin after that. Where there are more threads than processors it
     * would take from those that have work (new code is compiled, an emulator runs), and be made to
     * wait like any that has used up its share when work comes; one that sleeps is let in before
     * them.
     */
    static final long CROWDED_NANOS = 1_000_000_000;

    /** Who gave way to somebody for so long did not let in one that answers soon. */
    static final long GAVE_MUCH_NANOS = 500_000;

    /** That twice in so short a time: processors are busy with other things. */
    static final long TWICE_NANOS = 10_000_000;

    /**
     * How long a lane does not linger then: long beside two time slices, so that it hardly matters
     * what the next try costs.
     */
    static final long BUSY_NANOS = 100_000_000;

    private int rounds;
    private long lookedNanos;
    private long crowdedUntil;
    private long busyUntil;

    /** When it had given way for long. */
    private long gaveMuchNanos;

    /** Work has come since it has lingered to the end. */
    private boolean mayLinger;

    /** Since when there is nothing to do; of no meaning while there is. */
    private long idleNanos;

    private boolean idle;

    /**
     * Nothing was looked for yet.
     *
     * @param nanos what time it is
     */
    Spin(long nanos) {
        crowdedUntil = nanos;
        busyUntil = nanos;
        gaveMuchNanos = nanos - TWICE_NANOS;
    }

    /** There was something to do. */
    void worked() {
        rounds = 0;
        idle = false;
        mayLinger = true;
    }

    /**
     * A look was in vain.
     *
     * @param nanos when it began
     * @param most how long to linger after work
     * @return whether to look again, with the interrupt held back
     */
    boolean lingers(long nanos, long most) {
        if (!idle) {
            idle = true;
            idleNanos = nanos;
        }
        mayLinger &= nanos - idleNanos < most && nanos - busyUntil >= 0;
        return mayLinger;
    }

    /**
     * A lane that lingers has given way to who waited for its processor.
     *
     * @param from since when
     * @param to until when
     */
    void gaveWay(long from, long to) {
        if (to - from > GAVE_MUCH_NANOS) {
            if (to - gaveMuchNanos < TWICE_NANOS) {
                busyUntil = to + BUSY_NANOS;
            }
            gaveMuchNanos = to;
        }
    }

    /**
     * A look was in vain, and it does not linger.
     *
     * @param nanos when it began
     * @return whether to look again at once
     */
    boolean goesOn(long nanos) {
        rounds++;
        if (nanos - crowdedUntil < 0 || rounds >= ROUNDS) {
            return false;
        }
        if (rounds > 1 && nanos - lookedNanos > LOST_NANOS) {
            crowdedUntil = nanos + CROWDED_NANOS;
            return false;
        }
        lookedNanos = nanos;
        return true;
    }
}
