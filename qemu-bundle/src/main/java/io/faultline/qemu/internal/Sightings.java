package io.faultline.qemu.internal;

import io.faultline.fault.Fault;
import io.faultline.queue.FaultTap;
import io.faultline.queue.Outcome;
import io.faultline.queue.TapBatch;
import java.util.concurrent.TimeUnit;

/** What the platform shows of one unit's faults: how many, and the first one. */
final class Sightings implements FaultTap {
    private final String unit;
    private long count;
    private long missed;
    private Fault first;
    private Outcome outcome;
    private long firstNanos;
    private long lastNanos;

    Sightings(String unit) {
        this.unit = unit;
    }

    @Override
    public synchronized void consume(TapBatch batch) {
        long now = System.nanoTime();
        missed += batch.lost();
        for (int i = 0; i < batch.size(); i++) {
            if (batch.fault(i).unit().name().equals(unit)) {
                if (count++ == 0) {
                    first = batch.fault(i);
                    outcome = batch.outcome(i);
                    firstNanos = now;
                }
                lastNanos = now;
            }
        }
        notifyAll();
    }

    /**
     * Waits until so many were seen, or none came for a while.
     *
     * @param firstMillis how long the first one may take
     * @param quietMillis how long the next one may
     */
    synchronized void await(long wanted, long firstMillis, long quietMillis)
            throws InterruptedException {
        long since = System.nanoTime();
        long before = count;
        long most = count == 0 ? firstMillis : quietMillis;
        long left = most;
        while (count + missed < wanted && left > 0) {
            wait(left);
            if (count != before) {
                before = count;
                since = System.nanoTime();
                most = quietMillis;
            }
            left = most - TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - since);
        }
    }

    synchronized long count() {
        return count;
    }

    /** Faults that this tap had no room for. */
    synchronized long missed() {
        return missed;
    }

    synchronized Fault first() {
        return first;
    }

    synchronized Outcome outcome() {
        return outcome;
    }

    synchronized long firstNanos() {
        return firstNanos;
    }

    synchronized long lastNanos() {
        return lastNanos;
    }
}
