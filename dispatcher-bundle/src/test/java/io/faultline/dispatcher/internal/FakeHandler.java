package io.faultline.dispatcher.internal;

import io.faultline.fault.Fault;
import io.faultline.handler.Batch;
import io.faultline.handler.Deferral;
import io.faultline.handler.FaultContext;
import io.faultline.handler.FaultHandler;
import io.faultline.handler.Handles;
import io.faultline.handler.Notice;
import io.faultline.handler.Verdict;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A handler that does what it is told and writes down what it sees. */
final class FakeHandler implements FaultHandler {
    /** What it does with a fault. */
    @FunctionalInterface
    interface Does {
        Verdict with(Fault fault, FaultContext context) throws Exception;
    }

    final String name;
    final List<Fault> seen = new ArrayList<>();
    final List<String> failures = new ArrayList<>();
    final List<Integer> batches = new ArrayList<>();
    final List<Notice> notices = new ArrayList<>();
    final List<Deferral> deferrals = new ArrayList<>();
    private boolean throwsAtEnd;
    private Does does = (fault, context) -> Verdict.PASSED;

    FakeHandler(String name) {
        this.name = name;
    }

    FakeHandler does(Does newDoes) {
        does = newDoes;
        return this;
    }

    FakeHandler says(Verdict verdict) {
        return does((fault, context) -> verdict);
    }

    /** Takes everything over; its deferrals stand in {@link #deferrals}. */
    FakeHandler defers() {
        return does(
                (fault, context) -> {
                    deferrals.add(context.defer());
                    return Verdict.DEFERRED;
                });
    }

    @Override
    public Verdict handle(Fault fault, FaultContext context) throws Exception {
        seen.add(fault);
        context.failures().forEach(f -> failures.add(f.handler() + ": " + f.reason()));
        return does.with(fault, context);
    }

    /** Throws at each end of a batch. */
    FakeHandler throwsAtEnd() {
        throwsAtEnd = true;
        return this;
    }

    @Override
    public void endOfBatch(Batch batch) {
        batches.add(batch.records());
        if (throwsAtEnd) {
            throw new IllegalStateException("broken at the end");
        }
    }

    @Override
    public void notice(Notice notice) {
        notices.add(notice);
    }

    /** Properties of a handler of some kinds. */
    static Map<String, Object> properties(int ranking, String... kinds) {
        Map<String, Object> properties = new HashMap<>();
        properties.put(Handles.KINDS, kinds);
        properties.put("service.ranking", ranking);
        return properties;
    }
}
