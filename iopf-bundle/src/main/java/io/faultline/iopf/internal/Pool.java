package io.faultline.iopf.internal;

import io.faultline.fault.AccessHint;
import io.faultline.fault.Fault;
import io.faultline.fault.PageRequestGroup;
import io.faultline.handler.Deferral;
import io.faultline.handler.Verdict;
import io.faultline.mm.AddressSpace;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Threads for address spaces that may block. All groups of one space go to one worker, so what
 * concerns one page stays in order.
 *
 * <p><b>Threads.</b> {@link #take} from any lane; {@link #close} once.
 */
final class Pool {
    private static final long LONGEST_JOIN_MILLIS = 3500;

    /**
     * How often a worker without work looks again before it sleeps, and lets others run between: to
     * be woken costs it and the lane several groups each.
     */
    private static final int LOOKS = 100;

    /** Ends a worker once all before it is done: it has no fault. */
    private static final Job LAST = new Job(null, null, 0, 0);

    /**
     * @param deferral null for a hint: nobody waits for it
     * @param now the lane's time, in which progress is measured
     * @param taken when the handler was called, by {@link System#nanoTime}
     */
    record Job(Fault fault, Deferral deferral, long now, long taken) {
        boolean isHint() {
            return fault instanceof AccessHint;
        }
    }

    private final Spaces spaces;
    private final Resolver resolver;
    private final Statistics statistics;
    private final List<Worker> workers = new ArrayList<>();
    private volatile Settings settings;
    private volatile boolean closing;

    /**
     * @param before the pool that this one replaces, whose work is finished first; or null
     */
    Pool(Spaces spaces, Resolver resolver, Statistics statistics, Settings settings, Pool before) {
        this.spaces = spaces;
        this.resolver = resolver;
        this.statistics = statistics;
        this.settings = settings;
        for (int i = 0; i < settings.workers(); i++) {
            workers.add(new Worker(i, before));
        }
        workers.forEach(Thread::start);
    }

    void configure(Settings changed) {
        settings = changed;
    }

    /**
     * Whether a group or a hint found a place. A group finds one as if there were no hints; a hint
     * only in a queue that is less than half full. A pool that has been replaced or closed takes
     * nothing: nobody would come to do it.
     */
    boolean take(AddressSpace space, Job job) {
        // not by identity: objects that stand for one space are equal
        Worker worker = workers.get(Math.floorMod(space.hashCode(), workers.size()));
        return job.isHint() ? worker.offerHint(job) : worker.offer(job);
    }

    /** No more work comes: the threads end when what they have is done. */
    void finish() {
        workers.forEach(Worker::finish);
    }

    /** Gives up what waits, and returns when the threads are gone or 3.5 s have passed. */
    void close() throws InterruptedException {
        closing = true;
        finish();
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(LONGEST_JOIN_MILLIS);
        for (Worker worker : workers) {
            long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            worker.join(Math.max(1, left));
        }
        workers.forEach(Thread::interrupt);
    }

    private final class Worker extends Thread {
        private final LinkedBlockingQueue<Job> jobs = new LinkedBlockingQueue<>();
        private final Progress progress = new Progress();
        private Pool before;

        /** How many of the jobs are hints: they take no group's place. */
        private final AtomicInteger hints = new AtomicInteger();

        /** Guarded by {@link #jobs}: once it is set, {@link #LAST} is the last. */
        private boolean finished;

        Worker(int number, Pool before) {
            super("io-pgfault-" + number);
            this.before = before;
            setDaemon(true);
        }

        boolean offer(Job job) {
            synchronized (jobs) {
                return !finished
                        && jobs.size() - hints.get() < settings.queueLimit()
                        && jobs.add(job);
            }
        }

        boolean offerHint(Job job) {
            synchronized (jobs) {
                if (finished || isHalfFull()) {
                    return false;
                }
                hints.incrementAndGet();
                return jobs.add(job);
            }
        }

        private boolean isHalfFull() {
            return jobs.size() >= settings.queueLimit() / 2;
        }

        void finish() {
            synchronized (jobs) {
                if (!finished) {
                    finished = true;
                    jobs.add(LAST);
                }
            }
        }

        @Override
        public void run() {
            try {
                awaitPredecessor();
                for (Job job = next(); job.fault() != null; job = next()) {
                    perform(job);
                }
            } catch (InterruptedException e) {
                // closed while something blocked: what is left is let go below
            } finally {
                jobs.forEach(this::letGo);
                spaces.forgetThread();
            }
        }

        @SuppressWarnings("ThreadPriorityCheck") // nothing depends on it but how often it sleeps
        private Job next() throws InterruptedException {
            for (int looks = 0; looks < LOOKS; looks++) {
                Job job = jobs.poll();
                if (job != null) {
                    return job;
                }
                Thread.yield();
            }
            return jobs.take();
        }

        /** A space may have another worker here than it had there: order is kept by waiting. */
        private void awaitPredecessor() throws InterruptedException {
            if (before != null) {
                for (Worker worker : before.workers) {
                    worker.join();
                }
                before = null;
            }
        }

        private void perform(Job job) {
            if (job.isHint()) {
                hints.decrementAndGet();
                if (!closing && isHalfFull()) {
                    // groups have come since: they shall not wait for what nobody waits for
                    statistics.countDroppedHint();
                    return;
                }
            }
            if (closing) {
                letGo(job);
                return;
            }
            Verdict verdict = Verdict.PASSED;
            AtomicLongArray cell = spaces.enter();
            try {
                verdict = decide(job);
            } catch (RuntimeException | Error e) {
                // told to the next handler; the thread stays for the other spaces it works for
                verdict = Verdict.failed(Cause.SPACE_ERROR.word() + ": " + e);
            } finally {
                Spaces.leave(cell);
                // always: that is how the platform learns that the space is let go (R9)
                if (job.deferral() != null) {
                    statistics.time(System.nanoTime() - job.taken());
                    job.deferral().conclude(verdict);
                }
            }
        }

        /** The provider may have left since the group was taken: the space is looked up again. */
        private Verdict decide(Job job) {
            if (job.fault() instanceof PageRequestGroup group) {
                if (job.deferral().cancelled()) {
                    return Verdict.PASSED;
                }
                AddressSpace space = spaces.find(group, Resolver.stage(group));
                return resolver.resolve(
                        group, space, job.deferral(), progress, job.now(), settings);
            }
            AddressSpace space = spaces.find(job.fault(), 1);
            if (space != null) {
                resolver.pageIn((AccessHint) job.fault(), space, settings);
            }
            return Verdict.HANDLED;
        }

        private void letGo(Job job) {
            if (job.deferral() != null) {
                job.deferral().conclude(Verdict.PASSED);
            }
        }
    }
}
