package io.faultline.dispatcher.internal;

import io.faultline.fault.Fault;
import io.faultline.handler.FaultHandler;
import io.faultline.handler.Verdict;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What it costs a lane that another thread could take over (R14) while nobody does: three handlers,
 * real calls of a site that has seen eight classes, with nothing around each, with {@link
 * CallGuard}, and with what R14 rules out, a clock and an atomic operation.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(EndlessUnit.BATCH)
@Fork(5)
@Warmup(iterations = 4, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
public class GuardBench {
    private static final int HANDLERS = 3;
    private static final int POLLUTING_BATCHES = 100;

    private final Fault[] faults = MadeFaults.batch(RecordKind.SMMUV3_EVENT);
    private final CallGuard guard = new CallGuard();
    private final AtomicLong since = new AtomicLong();
    private FaultHandler[] handlers = chain(Counting.CLASSES);
    private Throwable thrown;

    private static FaultHandler[] chain(int length) {
        return Counting.chain(length, Verdict.HANDLED).toArray(FaultHandler[]::new);
    }

    /** All ways see all classes of handlers before. */
    @Setup
    public void pollute() {
        for (int i = 0; i < POLLUTING_BATCHES; i++) {
            bare();
            guarded();
            timed();
        }
        handlers = chain(HANDLERS);
    }

    /** Nothing but the calls. */
    @Benchmark
    public int bare() {
        int handled = 0;
        for (Fault fault : faults) {
            for (FaultHandler handler : handlers) {
                Verdict verdict = null;
                try {
                    verdict = Calls.handle(handler, fault, null);
                } catch (Throwable e) {
                    thrown = e;
                }
                handled += verdict == Verdict.HANDLED ? 1 : 0;
            }
        }
        return checked(handled);
    }

    /** As a lane calls them. */
    @Benchmark
    public int guarded() {
        int handled = 0;
        for (Fault fault : faults) {
            for (FaultHandler handler : handlers) {
                Verdict verdict = null;
                guard.begin();
                try {
                    verdict = Calls.handle(handler, fault, null);
                } catch (Throwable e) {
                    thrown = e;
                }
                guard.keep();
                handled += verdict == Verdict.HANDLED ? 1 : 0;
            }
        }
        return checked(handled);
    }

    /** What would do the same without a watchdog that looks at stacks. */
    @Benchmark
    public int timed() {
        int handled = 0;
        for (Fault fault : faults) {
            for (FaultHandler handler : handlers) {
                Verdict verdict = null;
                long begin = System.nanoTime();
                since.setOpaque(begin);
                try {
                    verdict = Calls.handle(handler, fault, null);
                } catch (Throwable e) {
                    thrown = e;
                }
                if (!since.compareAndSet(begin, 0)) {
                    throw new GivenUp();
                }
                handled += verdict == Verdict.HANDLED ? 1 : 0;
            }
        }
        return checked(handled);
    }

    private int checked(int handled) {
        if (thrown != null || handled != faults.length) {
            throw new IllegalStateException(handled + " of " + faults.length, thrown);
        }
        return handled;
    }
}
