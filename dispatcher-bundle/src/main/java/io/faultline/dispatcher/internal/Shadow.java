package io.faultline.dispatcher.internal;

import io.faultline.fault.Fault;
import io.faultline.fault.Origin;
import io.faultline.handler.Batch;
import io.faultline.handler.Deferral;
import io.faultline.handler.Failure;
import io.faultline.handler.FaultContext;
import io.faultline.handler.Verdict;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

/**
 * A handler that is shown the faults of another one, and what became of its verdicts: they are
 * compared and never act. It runs on a thread of its own, behind a bounded queue that lanes fill
 * without waiting; what finds no room is counted. {@link #stop} ends that thread, so that removal
 * is as final as for a handler (R6).
 */
final class Shadow {
    static final int CAPACITY = 4096;
    private static final int MOST_EXAMPLES = 5;
    private static final int BATCH = 256;

    /** How long the thread sleeps unless it is woken: bounds what a missed wake-up costs. */
    private static final long NAP_NANOS = 100_000_000;

    final HandlerEntry entry;

    /** The name of the handler that it shadows. */
    final String of;

    private final int lane;
    private final Core core;
    private final Queue<ShadowCase> queue = new ConcurrentLinkedQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private final LongAdder shown = new LongAdder();
    private final LongAdder agreed = new LongAdder();
    private final LongAdder disagreed = new LongAdder();
    private final LongAdder lost = new LongAdder();
    private final Deque<String> examples = new ArrayDeque<>();
    private final Context context = new Context();
    private volatile Thread thread;
    private volatile boolean asleep;
    private volatile boolean stopped;
    private volatile String out;
    private int throwsInARow;
    private long batches;

    /**
     * A shadow that is shown nothing yet.
     *
     * @param lane the number its counters get: no lane's
     */
    Shadow(HandlerEntry entry, String of, int lane, Core core) {
        this.entry = entry;
        this.of = of;
        this.lane = lane;
        this.core = core;
    }

    void start() {
        Thread fresh = new Thread(this::run, "faultline-shadow-" + entry.source.name());
        fresh.setDaemon(true);
        thread = fresh;
        fresh.start();
    }

    int lane() {
        return lane;
    }

    boolean wants(int kind) {
        return (entry.filter.kindSet() & (1 << kind)) != 0;
    }

    // --- the lanes' side

    /**
     * Shows it a fault that the handler was just called with.
     *
     * @param said the verdict; null if that is still to be concluded
     * @return the case, to be concluded; null if there was no room
     */
    ShadowCase show(
            Fault fault, List<Failure> failures, Verdict said, long nanos, long deadlineNanos) {
        ShadowCase shadowed = new ShadowCase(this, fault, failures, said, nanos, deadlineNanos);
        return offer(shadowed) ? shadowed : null;
    }

    /** Hands a case to the shadow's thread: to be called with, or to be compared. */
    boolean offer(ShadowCase shadowed) {
        if (stopped || waiting.get() >= CAPACITY) {
            lost.increment();
            return false;
        }
        waiting.incrementAndGet();
        queue.add(shadowed);
        if (asleep) {
            LockSupport.unpark(thread);
        }
        return true;
    }

    // --- its own thread

    private void run() {
        while (!stopped) {
            if (drain() == 0) {
                asleep = true;
                if (queue.isEmpty() && !stopped) {
                    LockSupport.parkNanos(this, NAP_NANOS);
                }
                asleep = false;
            }
        }
        queue.clear(); // what it was to be shown keeps nothing in memory
    }

    /** Takes what is there, a batch at most. */
    int drain() {
        int taken = 0;
        Origin origin = null;
        while (taken < BATCH && !stopped) {
            ShadowCase next = queue.poll();
            if (next == null) {
                break;
            }
            waiting.decrementAndGet();
            taken++;
            if (next.isShown()) {
                next.compare();
            } else {
                origin = next.fault.origin();
                call(next);
            }
        }
        if (origin != null && !stopped) {
            tellEnd(origin, taken);
        }
        return taken;
    }

    private void call(ShadowCase next) {
        shown.increment();
        context.present = next;
        context.deferred = false;
        try {
            Verdict verdict = entry.handler.handle(next.fault, context);
            throwsInARow = 0;
            if (verdict == null) {
                next.shadowSays(Verdict.failed("returned null"));
            } else if (verdict.kind() != Verdict.Kind.DEFERRED) {
                next.shadowSays(verdict);
            } else if (!context.deferred) {
                next.shadowSays(Verdict.failed("said DEFERRED without defer()"));
            }
        } catch (Throwable e) {
            next.shadowSays(Verdict.failed(Offers.describe(e)));
            threw(e);
        } finally {
            context.present = null;
        }
    }

    private void tellEnd(Origin origin, int records) {
        batches++;
        try {
            entry.handler.endOfBatch(new ShadowBatch(origin, records, batches, lane));
        } catch (RuntimeException | Error e) {
            threw(e);
        }
    }

    private void threw(Throwable e) {
        if (++throwsInARow >= core.snapshot().settings().handlerFailures()) {
            stopped = true;
            out = "failed " + throwsInARow + " times in a row";
            core.messages()
                    .warn(
                            "shadow: "
                                    + entry.source
                                    + " "
                                    + out
                                    + ": it is shown nothing any more until it is updated: "
                                    + Offers.describe(e));
        }
    }

    /** Both have said something. */
    void compared(Fault fault, Verdict said, Verdict shadowSaid) {
        if (said.kind() == shadowSaid.kind() && said.response() == shadowSaid.response()) {
            agreed.increment();
            return;
        }
        String example = fault + ": " + of + " " + said + ", shadow " + shadowSaid;
        synchronized (examples) {
            if (examples.size() == MOST_EXAMPLES) {
                examples.removeLast();
            }
            examples.addFirst(example);
        }
        disagreed.increment(); // what is counted can be looked at
    }

    /** No call begins any more. */
    void end() {
        stopped = true;
    }

    /**
     * Ends it; waits until no call is running.
     *
     * @return false if a call is still running
     */
    boolean stop(long millis) {
        end();
        Thread running = thread;
        if (running == null || running == Thread.currentThread()) {
            return true;
        }
        LockSupport.unpark(running);
        try {
            running.join(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return !running.isAlive();
    }

    // --- views, from any thread

    /** Why it is shown nothing; null if it is. */
    String out() {
        return out;
    }

    long shown() {
        return shown.sum();
    }

    long agreed() {
        return agreed.sum();
    }

    long disagreed() {
        return disagreed.sum();
    }

    long lost() {
        return lost.sum();
    }

    List<String> examples() {
        synchronized (examples) {
            return List.copyOf(examples);
        }
    }

    private record ShadowBatch(Origin origin, int records, long number, int lane)
            implements Batch {}

    /** What the shadow sees while it handles a fault. */
    private final class Context implements FaultContext {
        private ShadowCase present;
        private boolean deferred;

        @Override
        public List<Failure> failures() {
            return present.failures;
        }

        @Override
        public Deferral defer() {
            if (present == null) {
                throw new IllegalStateException("defer() outside of handle()");
            }
            if (!Kinds.isDeferrable(present.fault)) {
                throw new IllegalStateException(
                        "kind=" + present.fault.kind().word() + " cannot be deferred");
            }
            deferred = true;
            return present;
        }

        @Override
        public int lane() {
            return lane;
        }

        @Override
        public boolean shadow() {
            return true;
        }

        @Override
        public long nanos() {
            return present.nanos;
        }
    }
}
