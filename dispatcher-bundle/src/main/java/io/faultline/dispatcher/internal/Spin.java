package io.faultline.dispatcher.internal;

/**
 * Whether a lane that finds nothing to do looks again at once, or sleeps. Spinning answers faster
 * than waking, as long as a processor is free for it.
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

    private int rounds;
    private long lookedNanos;
    private long crowdedUntil;

    /**
     * Nothing was looked for yet.
     *
     * @param nanos what time it is
     */
    Spin(long nanos) {
        crowdedUntil = nanos;
    }

    /** There was something to do. */
    void worked() {
        rounds = 0;
    }

    /**
     * A look was in vain.
     *
     * @param nanos when it began
     * @param askedTo whether the source asks to be looked at again and again, for a while that it
     *     decides on; each look may take long by itself then
     * @return whether to look again at once
     */
    boolean goesOn(long nanos, boolean askedTo) {
        rounds++;
        if (askedTo) {
            rounds = 0;
            return true;
        }
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
