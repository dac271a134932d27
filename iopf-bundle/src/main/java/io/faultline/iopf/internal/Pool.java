package io.faultline.iopf.internal;

import io.faultline.fault.AccessHint;
import io.faultline.fault.Fault;
import io.faultline.fault.PageRequestGroup;
import io.faultline.handler.Deferral;
import io.faultline.handler.Verdict;
import io.faultline.mm.AddressSpace;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Threads for address spaces that may block. All groups of one space go to one worker, so what
 * concerns one page stays in order.
 *
 * <p><b>Threads.</b> {@link #take} from any lane; {@link #close} once.
 */
final class Pool {
    private static final long LONGEST_JOIN_MILLIS = 3500;

    /** So many jobs wake a worker before the batch that they are of has ended. */
    private static final int WAKE_EARLY = 64;

    /** A worker looks by itself as often as this: bounds what a missed end of a batch costs. */
    private static final long NAP_MILLIS = 50;

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

    /** The end of a batch: who was given work begins with it. From any thread. */
    void wake() {
        for (int i = 0; i < workers.size(); i++) { // no iterator: this is called for each batch
            workers.get(i).wake();
        }
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

    /**
     * A thread and its queue. Both sides take the lock for a batch rather than for a group: the
     * worker takes all that is there at once, and is woken at the end of a batch.
     */
    private final class Worker extends Thread {
        private final Object lock = new Object();
        private Pool before;

        /** This thread, from its start. */
        private Visitor visitor;

        /** Guarded by the lock. */
        private ArrayDeque<Job> jobs = new ArrayDeque<>();

        /** Guarded by the lock: groups and hints that were ever taken. */
        private long groups;

        private long hints;

        /** Guarded by the lock: once it is set, {@link #LAST} is the last. */
        private boolean finished;

        /** Guarded by the lock, and looked at without it. */
        private volatile boolean asleep;

        /** Of the groups and hints, those that are done or under way. Written by the worker. */
        private volatile long groupsBegun;

        private volatile long hintsBegun;

        /** What the worker has taken from its queue, and not yet begun. The worker's. */
        private ArrayDeque<Job> taken = new ArrayDeque<>();

        Worker(int number, Pool before) {
            super("io-pgfault-" + number);
            this.before = before;
            setDaemon(true);
        }

        boolean offer(Job job) {
            synchronized (lock) {
                if (finished || groups - groupsBegun >= settings.queueLimit()) {
                    return false;
                }
                groups++;
                add(job);
                return true;
            }
        }

        boolean offerHint(Job job) {
            synchronized (lock) {
                if (finished || isHalfFull()) {
                    return false;
                }
                hints++;
                add(job);
                return true;
            }
        }

        private void add(Job job) {
            jobs.add(job);
            if (asleep && jobs.size() >= WAKE_EARLY) {
                lock.notifyAll();
            }
        }

        private boolean isHalfFull() {
            return groups - groupsBegun + hints - hintsBegun >= settings.queueLimit() / 2;
        }

        void wake() {
            if (asleep) {
                synchronized (lock) {
                    if (!jobs.isEmpty()) {
                        lock.notifyAll();
                    }
                }
            }
        }

        void finish() {
            synchronized (lock) {
                if (!finished) {
                    finished = true;
                    jobs.add(LAST);
                    lock.notifyAll();
                }
            }
        }

        @Override
        public void run() {
            visitor = spaces.visitor();
            try {
                awaitPredecessor();
                for (Job job = next(); job.fault() != null; job = next()) {
                    perform(job);
                }
            } catch (InterruptedException e) {
                // closed while something blocked: what is left is let go below
            } finally {
                taken.forEach(this::letGo);
                synchronized (lock) {
                    jobs.forEach(this::letGo);
                }
                spaces.forgetVisitor();
            }
        }

        @SuppressWarnings("NonAtomicVolatileUpdate") // by the worker only, others read
        private Job next() throws InterruptedException {
            Job job = taken.poll();
            if (job == null) {
                takeAll();
                job = taken.remove();
            }
            if (job.isHint()) {
                hintsBegun = hintsBegun + 1;
            } else {
                groupsBegun = groupsBegun + 1;
            }
            return job;
        }

        private void takeAll() throws InterruptedException {
            synchronized (lock) {
                while (jobs.isEmpty()) {
                    asleep = true;
                    lock.wait(NAP_MILLIS);
                }
                asleep = false;
                ArrayDeque<Job> empty = taken;
                taken = jobs;
                jobs = empty;
            }
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

        private boolean isCrowded() {
            synchronized (lock) {
                return isHalfFull();
            }
        }

        private void perform(Job job) {
            if (job.isHint()) {
                if (!closing && isCrowded()) {
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
            visitor.enter();
            try {
                verdict = decide(job);
            } catch (RuntimeException | Error e) {
                // told to the next handler; the thread stays for the other spaces it works for
                verdict = Verdict.failed(Cause.SPACE_ERROR.word() + ": " + e);
            } finally {
                visitor.leave();
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
                        group, space, job.deferral(), visitor.progress(), job.now(), settings);
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
