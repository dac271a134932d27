package io.faultline.dispatcher.internal;

import io.faultline.fault.Fault;
import io.faultline.handler.Verdict;
import java.util.List;

/** What a driver that knows its handlers would write: a call each, which stays a call. */
class HandWrittenCalls implements Way {
    private int length;
    Counting.Requesters a;
    Counting.Addresses b;
    Counting.Codes c;
    Counting.Pasids d;
    Counting.Sequences e;
    Counting.Writes f;
    Counting.Stages g;
    Counting.Times h;

    @Override
    public final void to(List<Counting> handlers) {
        length = handlers.size();
        List<Counting> all =
                length == Counting.CLASSES
                        ? handlers
                        : Counting.chain(Counting.CLASSES, Verdict.HANDLED);
        a = (Counting.Requesters) (length > 0 ? handlers : all).get(0);
        b = (Counting.Addresses) (length > 1 ? handlers : all).get(1);
        c = (Counting.Codes) (length > 2 ? handlers : all).get(2);
        d = (Counting.Pasids) all.get(3);
        e = (Counting.Sequences) all.get(4);
        f = (Counting.Writes) all.get(5);
        g = (Counting.Stages) all.get(6);
        h = (Counting.Times) all.get(7);
    }

    @Override
    public final void run(Fault[] faults) {
        for (Fault fault : faults) {
            run(fault);
        }
    }

    final void run(Fault fault) {
        switch (length) {
            case 1 -> one(fault);
            case 3 -> three(fault);
            case Counting.CLASSES -> eight(fault);
            default -> throw new IllegalStateException("nobody wrote a chain of " + length);
        }
    }

    void one(Fault fault) {
        a.handle(fault, null);
    }

    void three(Fault fault) {
        if (a.handle(fault, null) == Verdict.PASSED && b.handle(fault, null) == Verdict.PASSED) {
            c.handle(fault, null);
        }
    }

    void eight(Fault fault) {
        if (a.handle(fault, null) == Verdict.PASSED
                && b.handle(fault, null) == Verdict.PASSED
                && c.handle(fault, null) == Verdict.PASSED
                && d.handle(fault, null) == Verdict.PASSED
                && e.handle(fault, null) == Verdict.PASSED
                && f.handle(fault, null) == Verdict.PASSED
                && g.handle(fault, null) == Verdict.PASSED) {
            h.handle(fault, null);
        }
    }
}
