package io.faultline.iopf.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.faultline.fault.Access;
import io.faultline.fault.Response;
import io.faultline.handler.Deferral;
import io.faultline.handler.Failure;
import io.faultline.handler.FaultContext;
import io.faultline.handler.Verdict;
import io.faultline.mm.AddressSpace;
import io.faultline.mm.AddressSpaces;
import io.faultline.mm.FaultInResult;
import io.faultline.testkit.FaultBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Order is kept for each page of each address space, however many workers there are. */
class OrderTest {
    private static final int SPACES = 16;
    private static final int PAGES = 8;
    private static final int ROUNDS = 120;
    private static final int LANES = 2;
    private static final int GROUPS = LANES * SPACES * PAGES * ROUNDS;
    private static final long PAGE = 4096;

    private final Queue<String> problems = new ConcurrentLinkedQueue<>();
    private final CountDownLatch answers = new CountDownLatch(GROUPS);
    private final AtomicInteger failed = new AtomicInteger();
    private final List<Slow> spaces = new ArrayList<>();
    private final IoPgfault handler = new IoPgfault(settings(3), problems::add);

    /** A space that lets others run inside its calls, and looks at the order of each page's. */
    private final class Slow implements AddressSpace {
        private final AtomicIntegerArray next = new AtomicIntegerArray(LANES * PAGES);
        private final AtomicInteger inside = new AtomicInteger();

        /** Pages are a page apart, and the low bits of an address tell which request it is. */
        @Override
        public FaultInResult faultIn(long address, Access access) {
            int page = (int) (address / PAGE);
            int number = (int) (address % PAGE);
            if (inside.incrementAndGet() > 1) {
                problems.add("two at once");
            }
            int due = next.get(page);
            LockSupport.parkNanos(1); // another worker would have its turn
            if (due != number || !next.compareAndSet(page, due, number + 1)) {
                problems.add("page " + page + ": " + number + " in place of " + due);
            }
            inside.decrementAndGet();
            return FaultInResult.RESIDENT;
        }

        @Override
        public FaultInResult probe(long address, Access access) {
            throw new AssertionError("nothing is a shadow");
        }

        @Override
        public String name() {
            return "slow";
        }

        @Override
        public boolean mayBlock() {
            return true;
        }
    }

    /** What the chain gives a handler, as far as io-pgfault asks. */
    private record Context(int lane, Deferral defer) implements FaultContext {
        @Override
        public List<Failure> failures() {
            return List.of();
        }

        @Override
        public boolean shadow() {
            return false;
        }

        @Override
        public long nanos() {
            return 0;
        }
    }

    private final Deferral deferral =
            new Deferral() {
                @Override
                public boolean conclude(Verdict verdict) {
                    if (verdict.response() != Response.SUCCESS) {
                        failed.incrementAndGet();
                    }
                    answers.countDown();
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
            };

    /** Nothing is refused for want of room, or as no progress. */
    private static Map<String, Object> settings(int workers) {
        return Map.of("workers", workers, "queue.limit", 65_536, "progress.answers", 1_000_000);
    }

    @AfterEach
    void close() {
        handler.close();
    }

    /** The number of workers changes in the middle, so that spaces get other workers. */
    @Test
    void keepsTheOrderOfEachPage() throws InterruptedException {
        for (int i = 0; i < SPACES; i++) {
            spaces.add(new Slow());
        }
        AddressSpaces provider = (unit, requester, pasid, stage) -> spaces.get(requester);
        handler.bindSpaces(provider, Map.of("service.id", 1L));
        List<Thread> lanes = new ArrayList<>();
        for (int lane = 0; lane < LANES; lane++) {
            int number = lane;
            Thread thread = new Thread(() -> ask(number));
            thread.start();
            lanes.add(thread);
        }
        for (int workers = 4; workers <= 8; workers++) {
            while (answers.getCount() > GROUPS / 8L * (12 - workers)) {
                LockSupport.parkNanos(10_000);
            }
            handler.configure(settings(workers));
        }
        for (Thread lane : lanes) {
            lane.join();
        }

        assertTrue(answers.await(60, TimeUnit.SECONDS), () -> answers + " are missing");
        assertEquals(List.of(), List.copyOf(problems));
        assertEquals(0, failed.get());
        assertEquals((long) GROUPS, handler.statistics().totals().get("response.SUCCESS"));
    }

    /** Each lane asks for pages of its own, in all spaces in turn. */
    private void ask(int lane) {
        Context context = new Context(lane, deferral);
        FaultBuilder fault = new FaultBuilder().unit("fake", "u" + lane).pasid(1);
        for (int round = 0; round < ROUNDS; round++) {
            for (int page = 0; page < PAGES; page++) {
                for (int space = 0; space < SPACES; space++) {
                    long address = (lane * PAGES + page) * PAGE + round;
                    Verdict verdict =
                            handler.handle(
                                    fault.requester(space)
                                            .iova(address)
                                            .access(Access.READ)
                                            .pageRequests(page),
                                    context);
                    if (verdict != Verdict.DEFERRED) {
                        problems.add("not deferred: " + verdict);
                        answers.countDown();
                    }
                }
            }
        }
    }
}
