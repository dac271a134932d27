package io.faultline.itest;

import static java.util.stream.Collectors.toMap;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.ops4j.pax.exam.CoreOptions.options;

import io.faultline.exam.Bundles;
import io.faultline.handler.Failure;
import io.faultline.handler.FaultHandler;
import io.faultline.handler.Handles;
import io.faultline.handler.Verdict;
import io.faultline.platform.HandlerView;
import io.faultline.testkit.RecordingHandler;
import io.faultline.testkit.RecordingQueue;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ops4j.pax.exam.Option;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;

/** The chain follows what comes, goes and changes (R1, R5). */
class ChainIT extends InScene {
    private static final int HANDLERS = 100;
    private static final int THREADS = 10;
    private static final int ROUNDS = 3;
    private static final Comparator<HandlerView> ORDER =
            Comparator.comparingInt(HandlerView::ranking)
                    .reversed()
                    .thenComparingLong(HandlerView::serviceId);

    /** Takes one change of a ranking to the framework. */
    private interface Ranking {
        void change(int ranking) throws IOException;
    }

    private RecordingQueue events;
    private int faults;

    @org.ops4j.pax.exam.Configuration
    static Option[] core() {
        return options(Bundles.core());
    }

    @BeforeEach
    void connect() {
        events = Smmu.events(1024);
        scene.smmu("smmu", events);
    }

    @Test
    void takesAHandlerThatIsInstalledAtItsRanking() throws Exception {
        RecordingHandler after = beforeAndAfter();

        scene.start("stamping");

        assertEquals(List.of("before", "stamping", "after"), scene.chain());
        assertEquals("1.0.0", stampOn(after));
    }

    @Test
    void putsAnUpdateInTheOldOnesPlace() throws Exception {
        RecordingHandler after = beforeAndAfter();
        Bundle stamping = scene.start("stamping");
        assertEquals("1.0.0", stampOn(after));

        stamping.update(Scene.hot("stamping").version("1.1.0").open());

        assertEquals(List.of("before", "stamping", "after"), scene.chain());
        assertEquals("1.1.0", stampOn(after));
    }

    @Test
    void isAsBeforeOnceAHandlerIsUninstalled() throws Exception {
        RecordingHandler after = beforeAndAfter();
        Bundle stamping = scene.start("stamping");
        stampOn(after);

        stamping.uninstall();

        assertEquals(List.of("before", "after"), scene.chain());
        fault();
        assertEquals(List.of(), after.failures().get(after.failures().size() - 1));
    }

    /** With {@code @Modified} the handler stays the same; without, it is another one. */
    @ParameterizedTest
    @ValueSource(strings = {"itest.ranked", "itest.rebuilt"})
    void movesAHandlerThatIsRankedAnewByItsConfiguration(String pid) throws Exception {
        scene.handler("fixed", 100, new RecordingHandler());
        scene.start("ranked");
        var configuration = scene.configureOneMore(pid, ranked("moved", 50));
        scene.until("chain", scene::chain, List.of("fixed", "moved")::equals);
        long id = scene.handler("moved").serviceId();

        configuration.update(FrameworkUtil.asDictionary(ranked("moved", 150)));

        scene.until("chain", scene::chain, List.of("moved", "fixed")::equals);
        assertEquals(pid.equals("itest.ranked"), id == scene.handler("moved").serviceId());
        fault();
        assertEquals(1, scene.handler("moved").offered());
    }

    @Test
    void asksTheHighestRankingFirstAlthoughListsComeLowestFirst() throws Exception {
        List<String> asked = Collections.synchronizedList(new ArrayList<>());
        scene.bundle(Scene.DISPATCHER).stop();
        Map<String, Integer> rankings = new LinkedHashMap<>();
        rankings.put("low", 10);
        rankings.put("high", 30);
        rankings.put("middle", 20);
        rankings.put("as high, younger", 30);
        rankings.forEach(
                (name, ranking) ->
                        scene.handler(
                                name,
                                ranking,
                                (fault, context) -> {
                                    asked.add(name);
                                    return Verdict.PASSED;
                                }));

        scene.bundle(Scene.DISPATCHER).start();

        fault();
        assertEquals(List.of("high", "as high, younger", "middle", "low"), asked);
    }

    /**
     * A reference as key of a sorted set would lose its place: it compares by the ranking it has
     * now.
     */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void keepsItsOrderWhileAHundredHandlersAreRankedAnewByTenThreads(boolean byConfiguration)
            throws Exception {
        List<Ranking> rankings = new ArrayList<>();
        if (byConfiguration) {
            scene.start("ranked");
        }
        for (int i = 0; i < HANDLERS; i++) {
            rankings.add(byConfiguration ? configured("h" + i) : registered("h" + i));
        }
        scene.until("handlers", scene::chain, chain -> chain.size() == HANDLERS);
        Map<String, Integer> last = new ConcurrentHashMap<>();

        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        List<Future<?>> working = new ArrayList<>();
        for (int thread = 0; thread < THREADS; thread++) {
            int mine = thread;
            working.add(threads.submit(() -> rankAnew(rankings, mine, last)));
        }
        threads.shutdown();
        while (!threads.isTerminated()) {
            fault();
        }
        for (Future<?> thread : working) {
            thread.get();
        }

        scene.until(
                "rankings",
                () ->
                        scene.handlers().stream()
                                .collect(toMap(HandlerView::name, HandlerView::ranking)),
                last::equals);
        fault();
        List<HandlerView> chain = scene.handlers();
        assertEquals(chain.stream().sorted(ORDER).toList(), chain);
        for (HandlerView handler : chain) {
            assertEquals(faults, handler.offered(), handler::toString);
        }
    }

    private static Void rankAnew(List<Ranking> rankings, int thread, Map<String, Integer> last)
            throws IOException {
        Random random = new Random(thread);
        for (int round = 0; round < ROUNDS; round++) {
            for (int i = thread; i < HANDLERS; i += THREADS) {
                int ranking = random.nextInt(50);
                rankings.get(i).change(ranking);
                last.put("h" + i, ranking);
            }
        }
        return null;
    }

    private Ranking configured(String name) throws IOException {
        var configuration = scene.configureOneMore("itest.ranked", ranked(name, 0));
        return ranking -> configuration.update(FrameworkUtil.asDictionary(ranked(name, ranking)));
    }

    private Ranking registered(String name) {
        ServiceRegistration<FaultHandler> registration =
                scene.handler(name, 0, new RecordingHandler());
        return ranking ->
                registration.setProperties(
                        FrameworkUtil.asDictionary(Scene.properties(name, ranking)));
    }

    private static Map<String, Object> ranked(String name, int ranking) {
        return Map.of(Handles.NAME, name, Constants.SERVICE_RANKING, ranking);
    }

    /** Two handlers between which there is room; returns the later one. */
    private RecordingHandler beforeAndAfter() {
        RecordingHandler after = new RecordingHandler();
        scene.handler("before", 2000, new RecordingHandler());
        scene.handler("after", 0, after);
        return after;
    }

    /** One fault goes down the chain. */
    private void fault() {
        long completed = scene.counts("smmu").completed();
        assertTrue(events.write(Smmu.translationFault(1, 0x1000)));
        faults++;
        scene.awaitEnded("smmu", completed + 1);
    }

    /** What a later handler is told that the stamping one failed at. */
    private String stampOn(RecordingHandler later) {
        fault();
        List<List<Failure>> failures = later.failures();
        return failures.get(failures.size() - 1).get(0).reason();
    }
}
