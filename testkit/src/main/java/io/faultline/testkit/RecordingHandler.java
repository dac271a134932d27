package io.faultline.testkit;

import io.faultline.fault.Fault;
import io.faultline.handler.Batch;
import io.faultline.handler.Deferral;
import io.faultline.handler.Failure;
import io.faultline.handler.FaultContext;
import io.faultline.handler.FaultHandler;
import io.faultline.handler.Notice;
import io.faultline.handler.Verdict;
import java.util.ArrayList;
import java.util.List;

/**
 * A handler that does what a test wrote down and keeps what it was told. Without a script it passes
 * everything.
 *
 * <p><b>Threads.</b> Safe for any thread; lists are copies.
 */
public final class RecordingHandler implements FaultHandler {
    private final List<FaultHandler> script;
    private final List<Fault> faults = new ArrayList<>();
    private final List<List<Failure>> failures = new ArrayList<>();
    private final List<Deferral> deferrals = new ArrayList<>();
    private final List<Long> batches = new ArrayList<>();
    private final List<Notice> notices = new ArrayList<>();

    private RecordingHandler(List<FaultHandler> script) {
        this.script = List.copyOf(script);
    }

    /**
     * A handler with a script.
     *
     * @param verdicts what it says of its first, second, ... fault; the last one also of all
     *     further ones. For {@link Verdict#DEFERRED} it takes the fault over first. None: passes
     */
    public RecordingHandler(Verdict... verdicts) {
        this(List.of(verdicts).stream().map(RecordingHandler::saying).toList());
    }

    private static FaultHandler saying(Verdict verdict) {
        return (fault, context) -> verdict;
    }

    /**
     * A handler that does as another one and keeps what it was told.
     *
     * @param behaviour decides; may throw
     * @return a handler
     */
    public static RecordingHandler doing(FaultHandler behaviour) {
        return new RecordingHandler(List.of(behaviour));
    }

    @Override
    public Verdict handle(Fault fault, FaultContext context) throws Exception {
        FaultHandler behaviour;
        synchronized (this) {
            int step = Math.min(faults.size(), script.size() - 1);
            behaviour = step < 0 ? saying(Verdict.PASSED) : script.get(step);
            faults.add(fault);
            failures.add(context.failures());
        }
        Verdict verdict = behaviour.handle(fault, context);
        if (verdict == Verdict.DEFERRED) {
            keep(context.defer());
        }
        return verdict;
    }

    private synchronized void keep(Deferral deferral) {
        deferrals.add(deferral);
    }

    @Override
    public synchronized void endOfBatch(Batch batch) {
        batches.add(batch.number());
    }

    @Override
    public synchronized void notice(Notice notice) {
        notices.add(notice);
    }

    /**
     * What it was offered.
     *
     * @return in order
     */
    public synchronized List<Fault> faults() {
        return List.copyOf(faults);
    }

    /**
     * What earlier handlers had failed at, for each fault.
     *
     * @return in the order of {@link #faults()}
     */
    public synchronized List<List<Failure>> failures() {
        return List.copyOf(failures);
    }

    /**
     * What it took over.
     *
     * @return in order
     */
    public synchronized List<Deferral> deferrals() {
        return List.copyOf(deferrals);
    }

    /**
     * The batches whose end it was told.
     *
     * @return their numbers, in order
     */
    public synchronized List<Long> batches() {
        return List.copyOf(batches);
    }

    /**
     * What it was told that is no fault.
     *
     * @return in order
     */
    public synchronized List<Notice> notices() {
        return List.copyOf(notices);
    }
}
