package io.faultline.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.ops4j.pax.exam.CoreOptions.options;

import io.faultline.exam.Bundles;
import io.faultline.fault.Response;
import io.faultline.fault.Unit;
import io.faultline.handler.Deferral;
import io.faultline.handler.Verdict;
import io.faultline.hardware.HardwareUnit;
import io.faultline.testkit.RecordingPort;
import io.faultline.testkit.RecordingQueue;
import io.faultline.testkit.RecordingUnit;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;

/** In whatever order bundles start and stop, each group that hardware waits for ends once (R7). */
class OneEndIT extends InScene {
    private static final int ORDERS = 8;
    private static final int STALLS = 10;
    private static final int GROUPS = 30;
    private static final Pattern UNDELIVERABLE =
            Pattern.compile("leaves with (\\d+) groups undeliverable");

    private final Queue<Deferral> deferrals = new ConcurrentLinkedQueue<>();
    private RecordingQueue events;
    private RecordingQueue requests;
    private RecordingUnit unit;

    @Configuration
    static Option[] core() {
        return options(Bundles.core());
    }

    /** Some orders that are always tried, and a new one; a failure names it. */
    static LongStream orders() {
        return LongStream.concat(LongStream.range(0, ORDERS), LongStream.of(System.nanoTime()));
    }

    @BeforeEach
    void supply() throws IOException {
        Consumer<Deferral> taken = deferrals::add;
        scene.register(Consumer.class, taken, Map.of("takes", "deferrals"));
        Supplier<HardwareUnit> supplier = this::newUnit;
        scene.register(Supplier.class, supplier, Map.of("supplies", "unit"));
        scene.configure(
                Scene.DISPATCHER, Map.of("shutdown.grace.ms", 20, "stall.deadline.ms", 600_000));
    }

    private HardwareUnit newUnit() {
        events = Smmu.events(256);
        requests = Smmu.pageRequests(256);
        unit = new RecordingUnit(new Unit("smmuv3", "board"), events, requests);
        return unit;
    }

    @ParameterizedTest
    @MethodSource("orders")
    void givesEachGroupItsOneEndInAnyOrder(long order) throws Exception {
        Random random = new Random(order);
        List<Bundle> bundles = startAndFault(random);
        RecordingPort port = unit.port();

        Thread concluding = new Thread(() -> concludeHalf(new Random(order)));
        concluding.start();
        List<Bundle> stopped = inAnyOrder(bundles, random, Bundle::stop);
        concluding.join();

        assertEachEndedOnce(port, () -> "stopped " + stopped);
        assertWorksAgain(bundles, random);
    }

    @ParameterizedTest
    @MethodSource("orders")
    void givesEachGroupItsOneEndWhenAllStopAtOnce(long order) throws Exception {
        Random random = new Random(order);
        List<Bundle> bundles = startAndFault(random);
        RecordingPort port = unit.port();

        List<Callable<Void>> work = new ArrayList<>();
        for (Bundle bundle : bundles) {
            int pause = random.nextInt(2_000_000);
            work.add(
                    () -> {
                        LockSupport.parkNanos(pause);
                        bundle.stop();
                        return null;
                    });
        }
        work.add(Executors.callable(() -> concludeHalf(new Random(order)), null));
        atOnce(work);

        assertEachEndedOnce(port, () -> "all at once");
        assertWorksAgain(bundles, random);
    }

    /**
     * Who only leaves for a while, or is updated, is not the reason to refuse an access for good.
     */
    @ParameterizedTest
    @ValueSource(strings = {Scene.DISPATCHER, "hot.board"})
    void tellsDevicesToAskAgainWhenNotEverythingStops(String leaver) throws BundleException {
        List<Bundle> bundles = startAndFault(new Random(0));
        RecordingPort port = unit.port();

        scene.bundle(leaver).stop();

        assertEquals(Collections.nCopies(STALLS + GROUPS, Response.SUCCESS), port.responses());
        assertTrue(deferrals.stream().allMatch(Deferral::cancelled));
        assertWorksAgain(bundles, new Random(0));
    }

    private static void atOnce(List<Callable<Void>> work) throws Exception {
        CyclicBarrier begin = new CyclicBarrier(work.size());
        ExecutorService threads = Executors.newFixedThreadPool(work.size());
        List<Future<Void>> working = new ArrayList<>();
        for (Callable<Void> each : work) {
            working.add(
                    threads.submit(
                            () -> {
                                begin.await();
                                return each.call();
                            }));
        }
        threads.shutdown();
        for (Future<Void> each : working) {
            each.get();
        }
    }

    /** Bundles that are up, with all groups taken over by the handler. */
    private List<Bundle> startAndFault(Random random) throws BundleException {
        List<Bundle> bundles =
                List.of(
                        scene.bundle(Scene.DISPATCHER),
                        scene.bundle(Scene.SMMUV3),
                        scene.install(Scene.hot("board"), "board"),
                        scene.install(Scene.hot("deferring"), "deferring"));
        inAnyOrder(bundles, random, Bundle::stop);
        inAnyOrder(bundles, random, Bundle::start);
        fault();
        scene.until("deferrals", deferrals::size, n -> n == STALLS + GROUPS);
        return bundles;
    }

    private void assertEachEndedOnce(RecordingPort port, Supplier<String> how) {
        Supplier<String> what = () -> how.get() + ": " + port.submitted();
        Set<String> answered = new TreeSet<>();
        for (RecordingPort.Command command : port.submitted()) {
            String key = command.group().requester() + "/" + command.group().groupIndex();
            assertTrue(answered.add(key), () -> key + " is answered twice: " + what.get());
        }
        scene.until( // what the dispatcher logs comes a little later
                what.get(), () -> answered.size() + undeliverable(), n -> n >= STALLS + GROUPS);
        assertEquals(STALLS + GROUPS, answered.size() + undeliverable(), what);
        assertTrue(deferrals.stream().allMatch(Deferral::cancelled), what);
    }

    /** Stalls by tags 0 to 9, groups of one and two with other indices, of three devices. */
    private void fault() {
        for (int i = 0; i < STALLS; i++) {
            events.write(Smmu.stall(i % 3, i, 0x1000L * i));
        }
        for (int i = 0; i < GROUPS; i++) {
            int index = 100 + i;
            if (i % 2 == 0) {
                requests.write(Smmu.request(i % 3, 1, index, false, 0x1000));
            }
            requests.write(Smmu.request(i % 3, 1, index, true, 0x2000));
        }
    }

    private void concludeHalf(Random random) {
        for (Deferral deferral : deferrals) {
            if (random.nextBoolean()) {
                deferral.conclude(Verdict.handled(Response.SUCCESS));
            }
        }
    }

    private int undeliverable() {
        return scene.messages().stream()
                .map(UNDELIVERABLE::matcher)
                .filter(Matcher::find)
                .mapToInt(found -> Integer.parseInt(found.group(1)))
                .sum();
    }

    private void assertWorksAgain(List<Bundle> bundles, Random random) throws BundleException {
        deferrals.clear();
        inAnyOrder(bundles, random, Bundle::start);
        fault();
        scene.until("deferrals", deferrals::size, n -> n == STALLS + GROUPS);
        deferrals.forEach(deferral -> deferral.conclude(Verdict.handled(Response.SUCCESS)));
        scene.until("answers", () -> unit.port().responses().size(), n -> n == STALLS + GROUPS);
    }

    private interface Step {
        void take(Bundle bundle) throws BundleException;
    }

    /** Returns the order. */
    private static List<Bundle> inAnyOrder(List<Bundle> bundles, Random random, Step step)
            throws BundleException {
        List<Bundle> order = new ArrayList<>(bundles);
        Collections.shuffle(order, random);
        for (Bundle bundle : order) {
            step.take(bundle);
        }
        return order;
    }
}
