package io.faultline.dispatcher.internal;

import io.faultline.handler.Verdict;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.LongAdder;

/**
 * What other threads have for a lane: conclusions of deferrals, and rare commands. A conclusion is
 * a node of a stack that the lane takes whole and turns round, so that putting one costs a
 * compare-and-set and allocates nothing.
 */
final class Inbox {
    private static final VarHandle HEAD;

    static {
        try {
            HEAD = MethodHandles.lookup().findVarHandle(Inbox.class, "head", Waiting.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Runnable wake;
    private final Queue<Runnable> commands = new ConcurrentLinkedQueue<>();
    private final LongAdder refused = new LongAdder();
    private volatile Waiting head;

    /**
     * An empty inbox.
     *
     * @param wake wakes the lane
     */
    Inbox(Runnable wake) {
        this.wake = wake;
    }

    /** Hands over a conclusion. From any thread. */
    void put(Waiting concluded) {
        Waiting top;
        do {
            top = head;
            concluded.next = top;
        } while (!HEAD.compareAndSet(this, top, concluded));
        if (top == null) {
            wake.run();
        }
    }

    /** Hands over something to be done on the lane, between two batches. From any thread. */
    void command(Runnable command) {
        commands.add(command);
        wake.run();
    }

    /** A conclusion came too late; one that would have been an answer is counted (R7). */
    void refused(Verdict verdict) {
        if (verdict.response() != null && verdict.kind() == Verdict.Kind.HANDLED) {
            refused.increment();
        }
    }

    /** Answers that came too late or for a second time. From any thread. */
    long refused() {
        return refused.sum();
    }

    boolean isEmpty() {
        return head == null && commands.isEmpty();
    }

    /** The conclusions so far, the oldest first, linked by {@link Waiting#next}; or null. */
    Waiting take() {
        if (head == null) {
            return null;
        }
        Waiting taken = (Waiting) HEAD.getAndSet(this, null);
        Waiting oldest = null;
        while (taken != null) {
            Waiting next = taken.next;
            taken.next = oldest;
            oldest = taken;
            taken = next;
        }
        return oldest;
    }

    /** The next command, or null. */
    Runnable takeCommand() {
        return commands.poll();
    }
}
