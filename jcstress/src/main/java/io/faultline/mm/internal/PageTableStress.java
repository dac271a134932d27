package io.faultline.mm.internal;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;

/** The argument of {@link PageTable}: one thread brings a page in, and a retired table is empty. */
public final class PageTableStress {
    private static final long PAGE = 5;

    private PageTableStress() {}

    /** Two lanes want one page of a table that has no nodes yet. */
    @JCStressTest
    @Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "the first lane brought it in")
    @Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "the second lane brought it in")
    @Outcome(expect = FORBIDDEN, desc = "both or none brought it in")
    @State
    public static class RaiseAgainstRaise {
        private final PageTable table = new PageTable(1 << 20, new Budget(1 << 20));

        /** A lane. */
        @Actor
        public void first(II_Result r) {
            r.r1 = table.raise(PAGE, PageTable.RESIDENT);
        }

        /** Another lane. */
        @Actor
        public void second(II_Result r) {
            r.r2 = table.raise(PAGE, PageTable.RESIDENT);
        }
    }

    /** A lane brings a page in while its area is taken out; it goes by the flag, as spaces do. */
    @JCStressTest
    @Outcome(id = "1, 0, 0", expect = ACCEPTABLE, desc = "one of them took the page out again")
    @Outcome(expect = FORBIDDEN, desc = "the page or memory stayed, or the page went twice")
    @State
    public static class RaiseAgainstRetire {
        private final Budget memory = new Budget(1 << 20);
        private final PageTable table = new PageTable(1 << 20, memory);
        private int byLane;
        private int byOwner;

        /** A lane. */
        @Actor
        public void lane() {
            table.raise(PAGE, PageTable.RESIDENT);
            if (table.isRetired()) {
                table.lower(PAGE, PAGE, (page, state) -> byLane++);
            }
        }

        /** The owner of the area. */
        @Actor
        public void owner() {
            table.retire((page, state) -> byOwner++);
        }

        /** After both. */
        @Arbiter
        public void after(III_Result r) {
            r.r1 = byLane + byOwner;
            r.r2 = table.state(PAGE);
            r.r3 = (int) memory.used();
        }
    }
}
