package io.faultline.iopf.internal;

import io.faultline.fault.Access;
import io.faultline.fault.Fault;
import io.faultline.fault.FaultBits;
import io.faultline.fault.Faults;
import io.faultline.fault.Origin;
import io.faultline.fault.Reason;
import io.faultline.fault.TimeBase;
import io.faultline.fault.Unit;
import io.faultline.handler.Batch;
import io.faultline.handler.Deferral;
import io.faultline.handler.Failure;
import io.faultline.handler.FaultContext;
import io.faultline.handler.Verdict;
import io.faultline.mm.AddressSpace;
import io.faultline.mm.AddressSpaces;
import io.faultline.mm.FaultInResult;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Calls a handler of its own as lanes do, before a lane calls the one that is to serve: made-up
 * groups and hints against made-up address spaces. The classes are the same; so they are loaded and
 * linked, and what is called most has gone through HotSpot's first compiler, when a lane depends on
 * it. That takes about 10 ms; without it a lane spends as long on the first 200 groups behind a new
 * version, each of them several times as slow as later.
 *
 * <p>There are too few calls for the second compiler, which begins at 5000 calls of a method or
 * 15,000 calls and rounds of its loops (Tier4InvocationThreshold, Tier4CompileThreshold): it would
 * build on the made-up types being all there are, and its code would be thrown away at the first
 * real call. For the same reason the ways that groups seldom take come first, while the code is
 * interpreted and leaves no profile: what never happens later shall cost nothing later.
 *
 * <p><b>Threads.</b> For one thread.
 */
final class Rehearsal {
    private static final int CALLS = 1500;

    /** The clock is looked at after so many calls. */
    private static final int CALLS_A_BATCH = 16;

    /** So many calls go all ways; those after them that of one page which comes in at once. */
    private static final int RARE = 64;

    /** The ways, by number; all other numbers are that of one page. */
    private static final int WAYS = 8;

    private static final int ONE_PAGE = 0;
    private static final int SHADOW = 1;
    private static final int HINT = 2;
    private static final int BLOCKING = 3;
    private static final int UNKNOWN = 4;
    private static final int MANY_PAGES = 5;

    private static final int PAGES = 8;
    private static final int LANES = 16;
    private static final int REQUESTERS = 512;
    private static final int PASID = 1;
    private static final int BLOCKING_PASID = 2;
    private static final int UNKNOWN_PASID = 3;
    private static final Origin ORIGIN =
            new Origin(new Unit("rehearsal", "io-pgfault"), "priq", 0, TimeBase.NONE, false);

    private final Made made = new Made(false);
    private final long endNanos;
    private int calls;

    private Rehearsal(long millis) {
        endNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    }

    /**
     * Rehearses, for so long at most.
     *
     * @param millis 0: not at all
     * @return how many calls there was time for
     */
    static int lasting(long millis) {
        if (millis == 0) {
            return 0;
        }
        Rehearsal rehearsal = new Rehearsal(millis);
        IoPgfault handler =
                new IoPgfault(Map.of("workers", 1, "rehearsal.ms", 0), Rehearsal::refused);
        try {
            rehearsal.call(handler);
        } finally {
            handler.close();
        }
        return rehearsal.calls;
    }

    private static void refused(String problem) {
        throw new IllegalStateException(problem);
    }

    private void call(IoPgfault handler) {
        handler.bindSpaces(made, Map.of("service.id", 1L));
        while (calls < CALLS && System.nanoTime() - endNanos < 0) {
            for (int i = 0; i < CALLS_A_BATCH; i++) {
                made.lane = calls % LANES;
                made.shadow = way(calls) == SHADOW;
                handler.handle(fault(calls), made);
                calls++;
            }
            handler.endOfBatch(made);
        }
    }

    private static Fault fault(int number) {
        return switch (way(number)) {
            case HINT -> hint(number);
            case BLOCKING -> group(number, BLOCKING_PASID, 1);
            case UNKNOWN -> group(number, UNKNOWN_PASID, 1);
            case MANY_PAGES -> group(number, PASID, PAGES);
            default -> group(number, PASID, 1);
        };
    }

    private static int way(int number) {
        return number < RARE ? number % WAYS : ONE_PAGE;
    }

    private static Fault hint(int number) {
        return Faults.hint(
                ORIGIN,
                null,
                0,
                number,
                0,
                -1,
                FaultBits.READ | FaultBits.HAS_IOVA,
                requester(number),
                PASID,
                address(number),
                1,
                0,
                0,
                0,
                0);
    }

    private static Fault group(int number, int pasid, int pages) {
        long[] requests = pages == 1 ? null : new long[2 * pages];
        for (int i = 0; requests != null && i < pages; i++) {
            requests[2 * i] = address(number + i);
            requests[2 * i + 1] = FaultBits.READ;
        }
        return Faults.group(
                ORIGIN,
                null,
                0,
                number,
                0,
                Reason.UNKNOWN,
                -1,
                FaultBits.READ | FaultBits.HAS_IOVA | FaultBits.LAST,
                requester(number),
                pasid,
                number,
                address(number),
                0,
                0,
                0,
                0,
                0,
                requests);
    }

    /** Pages come again, as they do when a device asks for one twice. */
    private static long address(int number) {
        return (long) (number % 1024) * AddressSpace.DEFAULT_PAGE_BYTES;
    }

    private static int requester(int number) {
        return number * 37 % REQUESTERS;
    }

    /** What is around a handler. One class: the second compiler may still take in two. */
    private static final class Made
            implements AddressSpaces, AddressSpace, FaultContext, Deferral, Batch {
        private final boolean blocks;
        private final Made other;
        private int lane;
        private boolean shadow;

        Made(boolean blocks) {
            this.blocks = blocks;
            this.other = blocks ? null : new Made(true);
        }

        @Override
        public AddressSpace find(Unit unit, int requester, int pasid, int stage) {
            return switch (pasid) {
                case BLOCKING_PASID -> other;
                case UNKNOWN_PASID -> null;
                default -> this;
            };
        }

        @Override
        public String name() {
            return "rehearsal";
        }

        @Override
        public FaultInResult faultIn(long address, Access access) {
            return FaultInResult.RESIDENT;
        }

        @Override
        public FaultInResult probe(long address, Access access) {
            return FaultInResult.RESIDENT;
        }

        @Override
        public boolean mayBlock() {
            return blocks;
        }

        @Override
        public List<Failure> failures() {
            return List.of();
        }

        @Override
        public Deferral defer() {
            return this;
        }

        @Override
        public boolean conclude(Verdict verdict) {
            return true;
        }

        @Override
        public long deadlineNanos() {
            return Long.MAX_VALUE;
        }

        @Override
        public boolean cancelled() {
            return false;
        }

        @Override
        public int lane() {
            return lane;
        }

        @Override
        public boolean shadow() {
            return shadow;
        }

        @Override
        public long nanos() {
            return System.nanoTime();
        }

        @Override
        public Origin origin() {
            return ORIGIN;
        }

        @Override
        public int records() {
            return CALLS_A_BATCH;
        }

        @Override
        public long number() {
            return 0;
        }
    }
}
