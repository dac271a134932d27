package io.faultline.dispatcher.internal;

import io.faultline.fault.Fault;
import io.faultline.handler.Deferral;
import io.faultline.handler.Failure;
import io.faultline.handler.Verdict;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.List;

/*
 * One fault that a shadow is shown, with the two verdicts about it: the handler's, which a lane writes, and the
 * shadow's. Its deferral is this object: inert, it only gives the shadow's verdict (R1 is the handler's affair).
 *
 * Once       Each side stores its verdict (volatile), then looks for the other one. At least one of the two sees both,
 *            perhaps both do: a compare-and-set lets one compare.
 * Lanes      A lane that sees both does not compare, which may cost a text: it hands the case to the shadow's thread.
 */
final class ShadowCase implements Deferral {
    private static final VarHandle COMPARED;

    static {
        try {
            COMPARED =
                    MethodHandles.lookup()
                            .findVarHandle(ShadowCase.class, "compared", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    final Fault fault;
    final List<Failure> failures;
    final long nanos;

    private final Shadow owner;
    private final long deadlineNanos;
    private volatile Verdict said;
    private volatile Verdict shadowSaid;

    @SuppressWarnings("unused") // read and written through COMPARED
    private boolean compared;

    /**
     * @param said what the handler said; null if it has deferred
     */
    ShadowCase(
            Shadow owner,
            Fault fault,
            List<Failure> failures,
            Verdict said,
            long nanos,
            long deadlineNanos) {
        this.owner = owner;
        this.fault = fault;
        this.failures = failures;
        this.said = said;
        this.nanos = nanos;
        this.deadlineNanos = deadlineNanos;
    }

    /** What the handler concluded a deferral with. By the lane. */
    void concluded(Verdict verdict) {
        said = verdict;
        if (shadowSaid != null) {
            owner.offer(this);
        }
    }

    /** What the shadow says. Returns false if it has said something before. */
    boolean shadowSays(Verdict verdict) {
        if (shadowSaid != null) {
            return false;
        }
        shadowSaid = verdict;
        compare();
        return true;
    }

    /** Whether the shadow has been called with it. */
    boolean isShown() {
        return shadowSaid != null;
    }

    /** Compares, if both have said something. By the shadow's side. */
    void compare() {
        Verdict handler = said;
        Verdict shadow = shadowSaid;
        if (handler != null && shadow != null && COMPARED.compareAndSet(this, false, true)) {
            owner.compared(fault, handler, shadow);
        }
    }

    @Override
    public boolean conclude(Verdict verdict) {
        if (verdict == null || verdict.kind() == Verdict.Kind.DEFERRED) {
            throw new IllegalArgumentException(
                    "verdict=" + verdict + " concludes nothing; say HANDLED, PASSED or FAILED");
        }
        return shadowSays(verdict);
    }

    @Override
    public long deadlineNanos() {
        return deadlineNanos;
    }

    @Override
    public boolean cancelled() {
        return shadowSaid != null;
    }
}
