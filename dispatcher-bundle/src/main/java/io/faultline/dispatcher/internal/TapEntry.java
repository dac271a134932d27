package io.faultline.dispatcher.internal;

import io.faultline.fault.Fault;
import io.faultline.queue.FaultTap;
import io.faultline.queue.Outcome;
import io.faultline.queue.QueueGrant;
import io.faultline.queue.TapBatch;
import io.faultline.queue.Taps;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;

/**
 * A tap with its rings, one for each lane, and the thread that empties them into it.
 *
 * <p>A tap that keeps throwing is taken out (R4): its rings are emptied no more, and what comes is
 * counted as lost.
 */
final class TapEntry {
    private static final int MOST_AT_ONCE = 1024;

    /** How long the thread sleeps unless it is woken: bounds what a missed wake-up costs. */
    private static final long NAP_NANOS = 100_000_000;

    final FaultTap tap;
    final Source source;
    final QueueGrant grant;
    final int kindSet;

    private final Messages messages;
    private final int mostFailures;
    private final List<TapRing> rings = new CopyOnWriteArrayList<>();
    private final Taken taken = new Taken();
    private volatile Thread thread;
    private volatile boolean stopped;
    private volatile boolean leaving;
    private volatile boolean asleep;
    private volatile boolean out;
    private int failures;

    TapEntry(
            FaultTap tap,
            Source source,
            Map<String, ?> properties,
            Settings settings,
            Messages messages) {
        this.tap = tap;
        this.source = source;
        this.messages = messages;
        this.mostFailures = settings.handlerFailures();
        this.kindSet = Kinds.set(Words.of(properties, Taps.KINDS), Taps.KINDS);
        this.grant = QueueGrant.negotiate(wish(properties), 1, settings.queueLimit());
    }

    private static int wish(Map<String, ?> properties) {
        Object wish = properties.get(Taps.CAPACITY);
        if (wish == null) {
            return 4096;
        }
        try {
            return Integer.parseInt(wish.toString().trim());
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(Taps.CAPACITY + "=" + wish + " is no number", e);
        }
    }

    /** A ring for a lane that begins to use this tap. */
    TapRing addRing() {
        TapRing ring = new TapRing(grant.granted());
        rings.add(ring);
        return ring;
    }

    /** The lane that wrote a ring is gone, or has a newer one: it leaves when it is empty. */
    void removeRing(TapRing ring) {
        if (ring.isEmpty()) {
            rings.remove(ring);
        }
    }

    /** Tells the tap what it got, and begins to empty its rings. */
    void start() {
        tap.granted(grant);
        Thread fresh = new Thread(this::run, "faultline-tap-" + source.name());
        fresh.setDaemon(true);
        thread = fresh;
        fresh.start();
    }

    /** There is something to take. Called by lanes once a batch. */
    void wake() {
        if (asleep) {
            LockSupport.unpark(thread);
        }
    }

    /**
     * Ends it: it gets what its rings hold, for half of the time at most; then no call begins any
     * more.
     *
     * @param millis how long it may take
     * @return false if a call is still running
     */
    boolean stop(long millis) {
        leaving = true;
        Thread running = thread;
        if (running == null || running == Thread.currentThread()) {
            stopped = true;
            return true;
        }
        LockSupport.unpark(running);
        try {
            running.join(millis - millis / 2);
            stopped = true;
            running.join(Math.max(1, millis / 2)); // the last call has its time, too
        } catch (InterruptedException e) {
            stopped = true;
            Thread.currentThread().interrupt();
        }
        return !running.isAlive();
    }

    private void run() {
        while (!stopped && !leaving) {
            if (drainOnce() == 0) {
                asleep = true;
                if (allEmpty() && !stopped && !leaving) {
                    LockSupport.parkNanos(this, NAP_NANOS);
                }
                asleep = false;
            }
        }
        int taken;
        do {
            taken = drainOnce();
        } while (taken > 0 && !stopped);
    }

    private boolean allEmpty() {
        for (TapRing ring : rings) {
            if (!ring.isEmpty()) {
                return false;
            }
        }
        return true;
    }

    /**
     * Takes what is there, one batch for each ring; returns how many faults and gaps there were.
     */
    int drainOnce() {
        if (stopped) {
            return 0;
        }
        int sum = 0;
        for (TapRing ring : rings) {
            taken.clear();
            int count = ring.drain(taken, MOST_AT_ONCE);
            if (count > 0) {
                consume();
            }
            taken.clear();
            taken.lost = ring.drainLost();
            if (taken.lost > 0) {
                count++;
                consume();
            }
            sum += count;
        }
        return sum;
    }

    private void consume() {
        if (stopped) {
            return;
        }
        try {
            tap.consume(taken);
            failures = 0;
        } catch (Throwable e) {
            if (++failures >= mostFailures) {
                stopped = true;
                out = true;
                messages.warn(
                        "taps: "
                                + source
                                + " failed "
                                + failures
                                + " times in a row: taken out; register it again to let it back in: "
                                + e);
            }
        }
    }

    /** Whether it was taken out because it kept throwing. */
    boolean isOut() {
        return out;
    }

    /** How many faults did not fit. */
    long lost() {
        return rings.stream().mapToLong(TapRing::lost).sum();
    }

    /** What was taken from one ring, up to the next gap in it. */
    private final class Taken implements TapBatch, TapRing.Taker {
        private final Fault[] faults = new Fault[MOST_AT_ONCE];
        private final Outcome[] outcomes = new Outcome[MOST_AT_ONCE];
        private int size;
        private long lost;

        @Override
        public void take(Fault fault, Outcome outcome, long lostBefore) {
            if (lostBefore > 0) {
                if (size > 0) {
                    consume();
                }
                clear();
                lost = lostBefore;
            }
            faults[size] = fault;
            outcomes[size++] = outcome;
        }

        void clear() {
            Arrays.fill(faults, 0, size, null);
            size = 0;
            lost = 0;
        }

        @Override
        public int size() {
            return size;
        }

        @Override
        public Fault fault(int i) {
            return faults[Objects.checkIndex(i, size)];
        }

        @Override
        public Outcome outcome(int i) {
            return outcomes[Objects.checkIndex(i, size)];
        }

        @Override
        public long lost() {
            return lost;
        }
    }
}
