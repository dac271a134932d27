package io.faultline.dispatcher.internal;

import io.faultline.fault.Fault;
import io.faultline.handler.FaultContext;
import io.faultline.handler.FaultHandler;
import io.faultline.handler.Verdict;
import java.util.List;
import org.openjdk.jmh.annotations.CompilerControl;

/**
 * Eight handlers of eight classes that each add up something of the faults they are shown. All but
 * the last of a chain pass. What is called through {@link #handle} is a real call, as of a plug-in
 * that the caller's compiler does not know; what is called through {@link #judge} may be inlined.
 */
abstract class Counting implements FaultHandler {
    /** How many of them there are. */
    static final int CLASSES = 8;

    private final Verdict verdict;
    private long sum;

    Counting(Verdict verdict) {
        this.verdict = verdict;
    }

    /** What is added up. */
    abstract long of(Fault fault);

    @Override
    public abstract Verdict handle(Fault fault, FaultContext context);

    final Verdict judge(Fault fault) {
        sum += of(fault);
        return verdict;
    }

    final long sum() {
        return sum;
    }

    /** The first so many handlers, the last of which deals with what it is shown. */
    static List<Counting> chain(int length, Verdict handled) {
        return List.of(
                        new Requesters(verdict(0, length, handled)),
                        new Addresses(verdict(1, length, handled)),
                        new Codes(verdict(2, length, handled)),
                        new Pasids(verdict(3, length, handled)),
                        new Sequences(verdict(4, length, handled)),
                        new Writes(verdict(5, length, handled)),
                        new Stages(verdict(6, length, handled)),
                        new Times(verdict(7, length, handled)))
                .subList(0, length);
    }

    private static Verdict verdict(int i, int length, Verdict handled) {
        return i == length - 1 ? handled : Verdict.PASSED;
    }

    /** Adds up who asked. */
    static final class Requesters extends Counting {
        private Requesters(Verdict verdict) {
            super(verdict);
        }

        @Override
        long of(Fault fault) {
            return fault.requester();
        }

        @Override
        @CompilerControl(CompilerControl.Mode.DONT_INLINE)
        public Verdict handle(Fault fault, FaultContext context) {
            return judge(fault);
        }
    }

    /** Adds up addresses. */
    static final class Addresses extends Counting {
        private Addresses(Verdict verdict) {
            super(verdict);
        }

        @Override
        long of(Fault fault) {
            return fault.iova();
        }

        @Override
        @CompilerControl(CompilerControl.Mode.DONT_INLINE)
        public Verdict handle(Fault fault, FaultContext context) {
            return judge(fault);
        }
    }

    /** Adds up codes. */
    static final class Codes extends Counting {
        private Codes(Verdict verdict) {
            super(verdict);
        }

        @Override
        long of(Fault fault) {
            return fault.code();
        }

        @Override
        @CompilerControl(CompilerControl.Mode.DONT_INLINE)
        public Verdict handle(Fault fault, FaultContext context) {
            return judge(fault);
        }
    }

    /** Adds up address spaces. */
    static final class Pasids extends Counting {
        private Pasids(Verdict verdict) {
            super(verdict);
        }

        @Override
        long of(Fault fault) {
            return fault.pasid();
        }

        @Override
        @CompilerControl(CompilerControl.Mode.DONT_INLINE)
        public Verdict handle(Fault fault, FaultContext context) {
            return judge(fault);
        }
    }

    /** Adds up numbers. */
    static final class Sequences extends Counting {
        private Sequences(Verdict verdict) {
            super(verdict);
        }

        @Override
        long of(Fault fault) {
            return fault.sequence();
        }

        @Override
        @CompilerControl(CompilerControl.Mode.DONT_INLINE)
        public Verdict handle(Fault fault, FaultContext context) {
            return judge(fault);
        }
    }

    /** Counts writes. */
    static final class Writes extends Counting {
        private Writes(Verdict verdict) {
            super(verdict);
        }

        @Override
        long of(Fault fault) {
            return fault.access().isWrite() ? 1 : 0;
        }

        @Override
        @CompilerControl(CompilerControl.Mode.DONT_INLINE)
        public Verdict handle(Fault fault, FaultContext context) {
            return judge(fault);
        }
    }

    /** Adds up stages. */
    static final class Stages extends Counting {
        private Stages(Verdict verdict) {
            super(verdict);
        }

        @Override
        long of(Fault fault) {
            return fault.stage();
        }

        @Override
        @CompilerControl(CompilerControl.Mode.DONT_INLINE)
        public Verdict handle(Fault fault, FaultContext context) {
            return judge(fault);
        }
    }

    /** Adds up times. */
    static final class Times extends Counting {
        private Times(Verdict verdict) {
            super(verdict);
        }

        @Override
        long of(Fault fault) {
            return fault.time();
        }

        @Override
        @CompilerControl(CompilerControl.Mode.DONT_INLINE)
        public Verdict handle(Fault fault, FaultContext context) {
            return judge(fault);
        }
    }
}
