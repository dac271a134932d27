package io.faultline.iopf.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.faultline.fault.Access;
import io.faultline.fault.Fault;
import io.faultline.fault.FaultBits;
import io.faultline.fault.FaultClass;
import io.faultline.fault.PageRequestGroup;
import io.faultline.fault.Reason;
import io.faultline.fault.Response;
import io.faultline.handler.FaultContext;
import io.faultline.handler.FaultHandler;
import io.faultline.handler.Handles;
import io.faultline.handler.Verdict;
import io.faultline.mm.FaultInResult;
import io.faultline.testkit.FaultBuilder;
import io.faultline.testkit.SteppedLane;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The handler in the chain that ships, with a space of the test's and a driver behind it. */
class IoPgfaultTest {
    private static final Access EXECUTE = Access.of(FaultBits.EXEC);
    private static final Map<String, Object> SERVICE = Map.of("service.id", 1L);

    private final List<String> problems = new ArrayList<>();
    private final FakeSpaces spaces = new FakeSpaces();
    private final IoPgfault handler = new IoPgfault(Map.of("workers", 1), problems::add);
    private final Driver driver = new Driver();
    private final SteppedLane lane = new SteppedLane();

    /** A driver: notes why it was asked, and says what the test tells it to say. */
    @Handles(kinds = {"page_request", "hint"})
    static final class Driver implements FaultHandler {
        final List<String> told = new ArrayList<>();
        volatile Verdict verdict = Verdict.PASSED;

        @Override
        public Verdict handle(Fault fault, FaultContext context) {
            context.failures().forEach(f -> told.add(f.handler() + ": " + f.reason()));
            return verdict;
        }
    }

    @BeforeEach
    void wire() {
        handler.bindSpaces(spaces, SERVICE);
        lane.add(
                handler,
                Map.of(
                        Handles.NAME,
                        IoPgfault.NAME,
                        Handles.KINDS,
                        new String[] {"page_request", "hint"},
                        "service.ranking",
                        1000));
        lane.add(driver);
    }

    @AfterEach
    void close() {
        lane.close();
        handler.close();
    }

    private static FaultBuilder fault() {
        return new FaultBuilder().unit("fake", "u0").requester(0x100).pasid(7);
    }

    private static PageRequestGroup request(long address, Access access) {
        return fault().iova(address).access(access).pageRequests(1);
    }

    private void await(BooleanSupplier condition) {
        assertTimeoutPreemptively(
                Duration.ofSeconds(60),
                () -> {
                    while (!condition.getAsBoolean()) {
                        Thread.onSpinWait();
                    }
                });
    }

    private void awaitAnswers(int n) {
        for (long end = System.nanoTime() + 10_000_000_000L;
                lane.responses().size() < n && System.nanoTime() < end; ) {
            lane.step();
            Thread.onSpinWait();
        }
        assertEquals(n, lane.responses().size());
    }

    @Test
    void answersSuccessOnceEveryPageIsThere() {
        lane.offer(
                fault().request(0x1000, Access.READ)
                        .iova(0x2000)
                        .access(Access.WRITE)
                        .pageRequests(1));

        assertEquals(List.of(Response.SUCCESS), lane.responses());
        assertEquals(List.of("in 0x1000 R", "in 0x2000 W"), spaces.calls);
        assertEquals(List.of(), driver.told);
    }

    @Test
    void stopsAtTheFirstRequestThatFails() {
        lane.offer(
                fault().request(0x1000, Access.READ)
                        .request(0, Access.READ)
                        .iova(0x3000)
                        .access(Access.READ)
                        .pageRequests(1));

        assertEquals(List.of("in 0x1000 R", "in 0x0 R"), spaces.calls);
        assertEquals(List.of(Response.INVALID), lane.responses());
        assertEquals(
                List.of("io-pgfault: no_area: request 2 of 3, IOVA 0x0 R in fake"), driver.told);
    }

    @Test
    void leavesTheAnswerToTheDriverThatCanHelp() {
        driver.verdict = Verdict.handled(Response.SUCCESS);

        lane.offer(request(0, Access.READ));

        assertEquals(List.of(Response.SUCCESS), lane.responses());
    }

    @ParameterizedTest
    @CsvSource({
        "NO_AREA, no_area",
        "REFUSED, access_refused",
        "OUT_OF_MEMORY, out_of_memory",
        "IO_ERROR, io_error",
        "GOING_AWAY, going_away"
    })
    void tellsTheDriverWhy(FaultInResult result, String word) {
        spaces.result = result;

        lane.offer(request(0x1000, Access.READ));

        assertTrue(
                driver.told.get(0).startsWith("io-pgfault: " + word + ":"), driver.told::toString);
        assertEquals(List.of(Response.INVALID), lane.responses());
    }

    @Test
    void answersInvalidForAnUnknownPasid() {
        lane.offer(fault().pasid(8).iova(0x1000).access(Access.READ).pageRequests(1));

        assertEquals(List.of("io-pgfault: no_space: request 1 of 1, IOVA 0x1000 R"), driver.told);
        assertEquals(List.of(Response.INVALID), lane.responses());
    }

    @Test
    void refusesAnAddressThatIsNotCanonical() {
        lane.offer(request(1L << 60, Access.READ));

        assertTrue(driver.told.get(0).contains("non_canonical"), driver.told::toString);
        assertEquals(List.of(), spaces.calls);
    }

    @Test
    void refusesExecuteWithoutRead() {
        lane.offer(request(0x1000, EXECUTE));

        assertTrue(driver.told.get(0).contains("execute_without_read"), driver.told::toString);
        assertEquals(List.of(Response.INVALID), lane.responses());
    }

    @Test
    void resolvesAGroupOf512() {
        FaultBuilder group = fault();
        for (int i = 1; i < 512; i++) {
            group.request(0x1000L * i, Access.READ);
        }

        lane.offer(group.iova(0x20_0000).access(Access.READ).pageRequests(5));

        assertEquals(512, spaces.calls.size());
        assertEquals(List.of(Response.SUCCESS), lane.responses());
        assertEquals(512L, handler.statistics().totals().get("pages"));
    }

    @Test
    void cannotCureAStalledAddressSizeFault() {
        lane.offer(fault().iova(0x1000).access(Access.READ).stall(Reason.ADDRESS_SIZE, 1));

        assertTrue(driver.told.get(0).contains("address_size"), driver.told::toString);
        assertEquals(List.of(), spaces.calls);
    }

    @ParameterizedTest
    @CsvSource({"INPUT, 0, W", "CONTEXT_FETCH, 0, R", "TABLE_WALK, 0, R", "TABLE_WALK, 262144, W"})
    void resolvesTheIpaOfAStage2Fault(FaultClass faultClass, int more, String access) {
        lane.offer(
                fault().iova(0x9000)
                        .access(Access.WRITE)
                        .stage(2)
                        .ipa(0x4000)
                        .faultClass(faultClass)
                        .with(more)
                        .stall(Reason.PERMISSION, 1));

        assertEquals(List.of("in 0x4000 " + access), spaces.calls);
    }

    @Test
    void failsARequestThatComesForEver() {
        for (int i = 0; i < 65; i++) {
            lane.offer(request(0x1000, Access.READ));
        }

        assertEquals(Response.SUCCESS, lane.responses().get(63));
        assertEquals(Response.INVALID, lane.responses().get(64));
        assertTrue(driver.told.get(0).contains("no_progress"), driver.told::toString);
    }

    @Test
    void forgetsARequestThatCameLongAgo() {
        for (int i = 0; i < 130; i++) {
            lane.offer(request(0x1000, Access.READ));
            lane.advance(Duration.ofMillis(20));
        }

        assertEquals(List.of(), driver.told);
    }

    @Test
    void survivesASpaceThatThrows() {
        spaces.thrown = new IllegalStateException("broken");

        lane.offer(request(0x1000, Access.READ));

        assertTrue(driver.told.get(0).contains("space_error"), driver.told::toString);
    }

    @Test
    void keepsItsThreadsWhenASpaceBreaksDown() {
        spaces.blocks = true;
        spaces.error = new StackOverflowError("deep");
        lane.offer(request(0x1000, Access.READ));
        awaitAnswers(1);
        assertTrue(driver.told.get(0).contains("space_error"), driver.told::toString);

        spaces.error = null;
        lane.offer(request(0x1000, Access.READ));

        awaitAnswers(2);
        assertEquals(Response.SUCCESS, lane.responses().get(1));
    }

    @Test
    void concludesLaterWhereTheSpaceMayBlock() {
        spaces.blocks = true;
        spaces.gate = new CountDownLatch(1);
        lane.offer(request(0x1000, Access.READ));
        assertEquals(List.of(), lane.responses());

        spaces.gate.countDown();

        awaitAnswers(1);
        assertEquals(List.of(Response.SUCCESS), lane.responses());
    }

    @Test
    void asksTheDeviceAgainWhileThePoolIsFull() {
        handler.configure(Map.of("workers", 1, "queue.limit", 1));
        spaces.blocks = true;
        spaces.gate = new CountDownLatch(1);
        lane.offer(request(0x1000, Access.READ));
        await(() -> spaces.calls.size() == 1);
        lane.offer(fault().iova(0x2000).access(Access.READ).pageRequests(2));

        lane.offer(fault().iova(0x3000).access(Access.READ).pageRequests(3));

        assertEquals(List.of(Response.SUCCESS), lane.responses());
        assertTrue(driver.told.get(0).contains("pool_full"), driver.told::toString);
        spaces.gate.countDown();
        awaitAnswers(3);
    }

    /** Hints are the first to be dropped: when they come, and when groups have come behind them. */
    @Test
    void dropsHintsSoThatGroupsStay() {
        handler.configure(Map.of("workers", 1, "queue.limit", 8));
        spaces.blocks = true;
        CountDownLatch gate = new CountDownLatch(1);
        spaces.gate = gate;
        lane.offer(request(0x1000, Access.READ));
        await(() -> spaces.calls.size() == 1);

        offerHints(5);
        assertEquals(1L, handler.statistics().totals().get("hints dropped"));
        for (int i = 2; i <= 9; i++) {
            lane.offer(fault().iova(0x1000L * i).access(Access.READ).pageRequests(i));
        }
        offerHints(1);
        assertEquals(List.of(), driver.told);
        assertEquals(List.of(), lane.responses());
        gate.countDown();

        awaitAnswers(9);
        assertEquals(Collections.nCopies(9, Response.SUCCESS), lane.responses());
        assertEquals(
                IntStream.rangeClosed(1, 9).mapToObj("in 0x%d000 R"::formatted).toList(),
                spaces.calls);
        assertEquals(6L, handler.statistics().totals().get("hints"));
        assertEquals(6L, handler.statistics().totals().get("hints dropped"));
    }

    @Test
    void bringsInWhatAHintNamesWhileThereIsRoom() {
        handler.configure(Map.of("workers", 1, "queue.limit", 8));
        spaces.blocks = true;
        CountDownLatch gate = new CountDownLatch(1);
        spaces.gate = gate;
        lane.offer(request(0x1000, Access.READ));
        await(() -> spaces.calls.size() == 1);

        offerHints(4);
        gate.countDown();

        await(() -> spaces.calls.size() == 5);
        assertEquals(Collections.nCopies(4, "in 0x80000 R"), spaces.calls.subList(1, 5));
        assertEquals(0L, handler.statistics().totals().get("hints dropped"));
        awaitAnswers(1);
    }

    private void offerHints(int n) {
        for (int i = 0; i < n; i++) {
            lane.offer(fault().iova(0x8_0000).access(Access.READ).hint(1));
        }
    }

    @Test
    void touchesNoSpaceForAGroupThatHasExpired() {
        spaces.blocks = true;
        CountDownLatch gate = new CountDownLatch(1);
        spaces.gate = gate;
        lane.offer(
                fault().request(0x1000, Access.READ)
                        .iova(0x2000)
                        .access(Access.READ)
                        .pageRequests(1));
        await(() -> spaces.calls.size() == 1);
        lane.advance(Duration.ofSeconds(11));
        assertEquals(List.of(Response.INVALID), lane.responses());

        gate.countDown();
        spaces.gate = null;
        lane.offer(fault().iova(0x5000).access(Access.READ).pageRequests(2));
        awaitAnswers(2);

        assertEquals(List.of("in 0x1000 R", "in 0x5000 R"), spaces.calls);
    }

    @Test
    void waitsForCallsIntoASpaceThatLeaves() throws InterruptedException {
        spaces.blocks = true;
        CountDownLatch gate = new CountDownLatch(1);
        spaces.gate = gate;
        lane.offer(request(0x1000, Access.READ));
        await(() -> spaces.calls.size() == 1);
        Thread leaver = new Thread(() -> handler.unbindSpaces(spaces, SERVICE));
        leaver.start();
        await(() -> leaver.getState() == Thread.State.TIMED_WAITING);
        assertTrue(leaver.isAlive());

        gate.countDown();
        leaver.join(5000);

        assertFalse(leaver.isAlive());
        assertEquals(List.of(), problems);
        awaitAnswers(1);
    }

    @Test
    void finishesWhatWaitsWhenTheNumberOfWorkersChanges() {
        spaces.blocks = true;
        CountDownLatch gate = new CountDownLatch(1);
        spaces.gate = gate;
        for (int i = 1; i <= 5; i++) {
            lane.offer(fault().iova(0x1000L * i).access(Access.READ).pageRequests(i));
        }

        handler.configure(Map.of("workers", 3));
        lane.offer(fault().iova(0x6000).access(Access.READ).pageRequests(6));
        gate.countDown();

        awaitAnswers(6);
        assertEquals("in 0x6000 R", spaces.calls.get(5));
    }

    @Test
    void leavesNoThreadBehind() {
        spaces.blocks = true;
        spaces.gate = new CountDownLatch(1);
        lane.offer(request(0x1000, Access.READ));
        await(() -> spaces.calls.size() == 1);
        lane.remove(handler);
        spaces.gate.countDown();

        handler.close();

        await(
                () ->
                        Thread.getAllStackTraces().keySet().stream()
                                .noneMatch(t -> t.getName().startsWith("io-pgfault-")));
        assertEquals(List.of(Response.INVALID), lane.responses());
    }

    @Test
    void bringsInWhatAHintNames() {
        lane.offer(fault().iova(0x1000).access(Access.READ).hint(0x3000));

        assertEquals(List.of("in 0x1000 R", "in 0x2000 R", "in 0x3000 R"), spaces.calls);
        assertEquals(List.of(), lane.responses());
    }

    @Test
    void bringsInEachPageThatAHintTouches() {
        lane.offer(fault().iova(0x1fff).access(Access.READ).hint(2));

        assertEquals(List.of("in 0x1000 R", "in 0x2000 R"), spaces.calls);
    }

    @Test
    void goesByThePagesOfTheSpaceForAHint() {
        spaces.pageBytes = 0x1_0000;

        lane.offer(fault().iova(0x1_2000).access(Access.READ).hint(0x1_0000));

        assertEquals(List.of("in 0x10000 R", "in 0x20000 R"), spaces.calls);
    }

    @Test
    void refusesWorkForAPoolThatHasEnded() throws InterruptedException {
        Statistics statistics = new Statistics();
        Pool pool =
                new Pool(
                        new Spaces(),
                        new Resolver(statistics),
                        statistics,
                        Settings.DEFAULTS,
                        null);

        pool.close();

        assertFalse(pool.take(spaces, new Pool.Job(request(0x1000, Access.READ), null, 0, 0)));
    }

    @Test
    void countsFailuresByReasonAndByDeviceAndPasid() {
        lane.offer(request(0x1000, Access.READ));
        lane.offer(
                fault().request(0x1000, Access.READ)
                        .request(0, Access.READ)
                        .iova(0x3000)
                        .access(Access.READ)
                        .pageRequests(2));
        lane.offer(fault().iova(1L << 60).access(Access.READ).pageRequests(3));
        lane.offer(fault().pasid(8).iova(0x1000).access(Access.READ).pageRequests(4));
        lane.offer(fault().requester(0x200).iova(0x1000).access(Access.WRITE).pageRequests(5));
        spaces.result = FaultInResult.IO_ERROR;
        lane.offer(fault().iova(0x4000).access(Access.READ).pageRequests(6));
        lane.offer(fault().iova(0x5000).access(Access.READ).pageRequests(7));

        assertEquals(
                Map.ofEntries(
                        Map.entry("groups", 7L),
                        Map.entry("requests", 9L),
                        Map.entry("pages", 3L),
                        Map.entry("response.SUCCESS", 2L),
                        Map.entry("passed on", 5L),
                        Map.entry("failed.no_area", 1L),
                        Map.entry("failed.non_canonical", 1L),
                        Map.entry("failed.no_space", 1L),
                        Map.entry("failed.io_error", 2L),
                        Map.entry("hints", 0L),
                        Map.entry("hints dropped", 0L)),
                handler.statistics().totals());
        String[] lines = new IopfCommand(handler).iopf().split(System.lineSeparator());
        assertEquals(
                List.of(
                        "u0 0x100 pasid 7: 5 groups, 7 requests, 2 pages, 4 failed",
                        "u0 0x100 pasid 8: 1 groups, 1 requests, 0 pages, 1 failed",
                        "u0 0x200 pasid 7: 1 groups, 1 requests, 1 pages, 0 failed"),
                Arrays.stream(lines).filter(line -> line.startsWith("u0")).sorted().toList());
        assertEquals("failed.io_error                            2", lines[0]);
    }

    /** In the pool each group is timed, from the lane's call to the decision. */
    @Test
    void timesTheAnswersOfThePool() {
        spaces.blocks = true;
        for (int i = 1; i <= 3; i++) {
            lane.offer(fault().iova(0x1000L * i).access(Access.READ).pageRequests(i));
        }
        awaitAnswers(3);

        assertEquals(3, handler.statistics().times().getTotalCount());
        assertTrue(handler.statistics().times().getMinValue() > 0);
        assertTrue(new IopfCommand(handler).iopf().contains(" (3 timed)"));
    }

    /** On a lane one group in 64 is timed. */
    @Test
    void timesSomeOfTheAnswersOnALane() {
        handler.configure(Map.of("workers", 1, "progress.answers", 1000));
        for (int i = 0; i < 128; i++) {
            lane.offer(request(0x1000, Access.READ));
        }

        assertEquals(2, handler.statistics().times().getTotalCount());
    }

    @Test
    void keepsASettingWhoseNewValueIsOutOfRange() {
        handler.configure(Map.of("address.bits", 48));
        handler.configure(Map.of("address.bits", 12));

        String problem =
                "io-pgfault: address.bits=12 is out of range; allowed are 32 to 64; 48 stays";
        assertEquals(List.of(problem), problems);
        assertEquals(List.of(problem), handler.health(), "until it is put right (R5)");
        handler.configure(Map.of("address.bits", 48));
        assertEquals(List.of(), handler.health());
    }

    @Test
    void takesADefaultBackWhenItsKeyIsGone() {
        List<String> none = new ArrayList<>();
        Map<String, Object> all =
                Map.of(
                        "address.bits", 48,
                        "workers", 2,
                        "queue.limit", 3,
                        "progress.answers", 4,
                        "progress.ms", 5,
                        "hint.pages", 6);
        Settings changed = Settings.DEFAULTS.with(all, none);

        for (String key : all.keySet()) {
            Map<String, Object> without = new HashMap<>(all);
            without.remove(key);
            assertNotEquals(changed, changed.with(without, none), key);
        }
        assertEquals(Settings.DEFAULTS, changed.with(Map.of(), none));
        assertEquals(List.of(), none);
    }
}
