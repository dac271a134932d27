package io.faultline.vtd.internal;

/**
 * How many faults a line {@code dmar_fault: N callbacks suppressed} stands for. N counts calls of
 * the rate limiter, not faults.
 *
 * <p>Since about 4.10 each interrupt calls it once for the status line, once for each recording
 * register, and once for the loop's last look: three times for the usual interrupt with one fault.
 * The burst of 10 covers three such interrupts and the status line of a fourth, so the first call
 * suppressed is that interrupt's fault, and N is 2, 5, 8, ... for 1, 2, 3, ... faults. That is
 * exact unless the lines before it show another pattern; then each call can be a fault. From 4.6 to
 * 4.9 there was one call for each interrupt, so N is no upper bound there.
 */
final class SuppressedFaults {
    static final String FUNCTION = "dmar_fault";

    private static final int CALLS_PER_INTERRUPT = 3;

    private int faultsOfInterrupt;
    private boolean several;
    private boolean mayBePerInterrupt;

    /** A status line was printed. */
    void status() {
        faultsOfInterrupt = 0;
    }

    /**
     * A fault line was printed.
     *
     * @param recent whether only 5.1 and later print it so
     */
    void fault(boolean recent) {
        faultsOfInterrupt++;
        several |= faultsOfInterrupt > 1;
        mayBePerInterrupt = !recent;
    }

    /** {@return the fewest faults that N calls stand for} */
    static long atLeast(long calls) {
        return calls / CALLS_PER_INTERRUPT + (calls % CALLS_PER_INTERRUPT == 2 ? 1 : 0);
    }

    /** {@return the most faults that N calls stand for} */
    long atMost(long calls) {
        if (mayBePerInterrupt) {
            return Long.MAX_VALUE;
        }
        boolean regular = calls % CALLS_PER_INTERRUPT == 2 && !several && faultsOfInterrupt == 0;
        return regular ? atLeast(calls) : calls;
    }
}
