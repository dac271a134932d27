package io.faultline.dispatcher.internal;

import io.faultline.fault.Fault;
import io.faultline.handler.Verdict;

/** The same where the compiler may put all handlers into one piece of code. */
final class HandWrittenInlined extends HandWrittenCalls {
    @Override
    void one(Fault fault) {
        a.judge(fault);
    }

    @Override
    void three(Fault fault) {
        if (a.judge(fault) == Verdict.PASSED && b.judge(fault) == Verdict.PASSED) {
            c.judge(fault);
        }
    }

    @Override
    void eight(Fault fault) {
        if (a.judge(fault) == Verdict.PASSED
                && b.judge(fault) == Verdict.PASSED
                && c.judge(fault) == Verdict.PASSED
                && d.judge(fault) == Verdict.PASSED
                && e.judge(fault) == Verdict.PASSED
                && f.judge(fault) == Verdict.PASSED
                && g.judge(fault) == Verdict.PASSED) {
            h.judge(fault);
        }
    }
}
