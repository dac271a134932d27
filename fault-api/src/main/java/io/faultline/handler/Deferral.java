package io.faultline.handler;

import org.osgi.annotation.versioning.ProviderType;

/**
 * A page request group or hint that a handler has taken over. It is concluded once; the deadline, a
 * withdrawal or a drain may come first (R7).
 *
 * <p><b>Letting go.</b> Conclude every deferral, also one that is {@linkplain #cancelled()
 * cancelled}: the call that returns false tells the platform that the handler does not touch the
 * address space for it any more. Whoever ends a PASID waits for that (R9), at most {@code
 * handler.limit.ms} beyond the group's end; then the handler counts as given up.
 *
 * <p><b>Threads.</b> Safe for any thread. A handler told by {@link #cancelled()} or by a {@link
 * Notice} must stop touching the address space for it (R8).
 */
@ProviderType
public interface Deferral {
    /**
     * Says what became of it. Before {@code handle} has returned the conclusion is kept until it
     * does.
     *
     * @param verdict HANDLED with a response for a group; PASSED or FAILED: the rest of the chain
     *     is asked. DEFERRED is refused
     * @return false if it came too late: the group has ended otherwise, or was concluded before
     * @throws IllegalArgumentException for a verdict that is no conclusion
     */
    boolean conclude(Verdict verdict);

    /**
     * When the platform answers by itself.
     *
     * @return nanoseconds of the platform's {@link Ticker}
     */
    long deadlineNanos();

    /**
     * Whether it has ended otherwise.
     *
     * @return true if {@link #conclude} would return false
     */
    boolean cancelled();
}
