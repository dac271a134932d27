package io.faultline.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.ops4j.pax.exam.CoreOptions.options;

import io.faultline.exam.Bundles;
import io.faultline.fault.Fault;
import io.faultline.handler.FaultContext;
import io.faultline.handler.FaultHandler;
import io.faultline.handler.Handles;
import io.faultline.handler.Verdict;
import io.faultline.platform.Counts;
import io.faultline.testkit.RecordingQueue;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceRegistration;
import org.osgi.framework.wiring.BundleWiring;

/** Once a bundle has stopped, no call into it begins and none is running (R6). */
class LeavingIT extends InScene {
    private static final int SWAPS = 200;

    /** Beyond that the component runtime would go on without us. */
    private static final long MOST_WAIT_MILLIS = 4000;

    private static final long SCR_MILLIS = 5000;

    /** As kernels print it; somebody else's. */
    private static final String SMMU_EVENT =
            """
            [    3.251906] arm-smmu-v3 9050000.smmuv3: event 0x10 received:
            [    3.252196] arm-smmu-v3 9050000.smmuv3: \t0x0000002000000010
            [    3.252224] arm-smmu-v3 9050000.smmuv3: \t0x0000000800000000
            [    3.252231] arm-smmu-v3 9050000.smmuv3: \t0x0000000001234000
            [    3.252237] arm-smmu-v3 9050000.smmuv3: \t0x0000000000000000
            """;

    private final AtomicLong calls = new AtomicLong();
    private final AtomicLong lines = new AtomicLong();
    private final AtomicLong late = new AtomicLong();

    @Configuration
    static Option[] coreAndLogs() {
        return options(Bundles.core(), Bundles.named("kernellog-bundle", "replay-bundle"));
    }

    @BeforeEach
    void count() {
        scene.register(AtomicLong.class, calls, Map.of("counts", "calls"));
        scene.register(AtomicLong.class, lines, Map.of("counts", "lines"));
        scene.register(AtomicLong.class, late, Map.of("counts", "late"));
    }

    /**
     * Stays while others swap, and is to be offered each fault of its unit once, in order (R5,
     * R13).
     */
    private static final class Witness implements FaultHandler {
        private volatile long seen;
        private volatile long gaps;

        @Override
        @SuppressWarnings("NonAtomicVolatileUpdate") // only its unit's lane writes
        public Verdict handle(Fault fault, FaultContext context) {
            if (fault.sequence() != ++seen) {
                gaps++;
            }
            return Verdict.PASSED;
        }
    }

    private Witness witness(String unit) {
        Witness witness = new Witness();
        scene.register(
                FaultHandler.class,
                witness,
                Map.of(
                        Handles.KINDS,
                        "page_request",
                        Handles.UNITS,
                        unit,
                        Constants.SERVICE_RANKING,
                        1));
        return witness;
    }

    @Test
    void isQuietAfterEachOf200StopsWhileTwoLanesRunAtFullSpeed() throws Exception {
        Bundle leaving = scene.start("leaving");
        List<EndlessUnit> units = List.of(new EndlessUnit("left"), new EndlessUnit("right"));
        List<Witness> witnesses = List.of(witness("left"), witness("right"));
        units.forEach(scene::plug);

        for (int swap = 0; swap < SWAPS; swap++) {
            long before = calls.get();
            scene.until("calls", calls::get, n -> n > before);
            leaving.stop();
            leaving.start();
        }
        leaving.stop();

        assertEquals(0, late.get());
        for (EndlessUnit unit : units) {
            unit.runDry();
            scene.awaitCounts(unit.unit().name(), c -> c.records() == unit.consumed());
        }
        for (int i = 0; i < units.size(); i++) {
            assertEquals(units.get(i).consumed(), witnesses.get(i).seen);
            assertEquals(0, witnesses.get(i).gaps);
        }
    }

    /** A line decoder leaves while a log is read as fast as it can be. */
    @Test
    void isQuietAfterEachOf50StopsWhileALogIsRead(@TempDir Path folder) throws Exception {
        Bundle leaving = scene.start("leaving");
        Path log = folder.resolve("kern.log");
        // a round in which nobody says anything would be the last
        Files.writeString(log, "[    1.000000] itest: a line\n".repeat(5000) + SMMU_EVENT);
        scene.configureOneMore("io.faultline.replay", Map.of("file", log.toString(), "loop", true));

        for (int swap = 0; swap < SWAPS / 4; swap++) {
            long before = lines.get();
            scene.until("lines", lines::get, n -> n > before);
            leaving.stop();
            leaving.start();
        }
        leaving.stop();

        assertEquals(0, late.get());
    }

    /** Else each update of a handler would cost memory for ever (R4). */
    @Test
    void isLetGoOfByTheMemoryOnceItIsUninstalled() throws Exception {
        scene.plug(new EndlessUnit("left"));
        Bundle leaving = scene.start("leaving");
        scene.until("calls", calls::get, n -> n > 1000);
        WeakReference<ClassLoader> loader =
                new WeakReference<>(leaving.adapt(BundleWiring.class).getClassLoader());

        leaving.uninstall();

        scene.until(
                "class loader",
                () -> {
                    System.gc();
                    return loader.get();
                },
                Objects::isNull);
    }

    @Test
    void mayStopItsBundleFromInsideACallWhileAnotherLaneRuns() throws Exception {
        scene.start("leaving");
        Bundle quitting = scene.start("quitting");
        scene.plug(new EndlessUnit("left"));
        scene.plug(new EndlessUnit("right"));

        scene.until("quitting", quitting::getState, state -> state == Bundle.RESOLVED);

        long before = calls.get();
        scene.until("calls", calls::get, n -> n > before + 10_000);
        assertEquals(0, late.get());
        assertEquals(1, scene.chain().size());
    }

    @Test
    void letsAHandlerGoThatBlocksLongerThanTheLimitAndNamesIt() throws Exception {
        letsGo(200, MOST_WAIT_MILLIS);
    }

    /** The component runtime waits for five seconds, then it goes on without us. */
    @Test
    void letsItGoBeforeTheComponentRuntimeLosesPatienceAtTheLargestLimit() throws Exception {
        letsGo(3500, SCR_MILLIS);
    }

    private void letsGo(int limitMillis, long mostMillis) throws Exception {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch gate = new CountDownLatch(1);
        scene.configure(Scene.DISPATCHER, Map.of("handler.limit.ms", limitMillis));
        String limit = Integer.toString(limitMillis);
        scene.until("limit", () -> scene.setting("handler.limit.ms"), limit::equals);
        RecordingQueue events = Smmu.events(16);
        scene.smmu("smmu", events);
        ServiceRegistration<?> blocking =
                scene.handler(
                        "blocking",
                        0,
                        (fault, context) -> {
                            inside.countDown();
                            gate.await();
                            return Verdict.HANDLED;
                        });
        events.write(Smmu.translationFault(1, 0x1000));
        assertTrue(inside.await(60, TimeUnit.SECONDS));

        long begin = System.nanoTime();
        blocking.unregister();

        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
        assertTrue(millis < mostMillis, () -> "it waited " + millis + " ms");
        scene.awaitMessage("blocking", "has not let go", "smmu:evtq", "the call is given up");
        assertTrue(scene.health().stream().anyMatch(line -> line.contains("blocking")));
        gate.countDown();
        events.write(Smmu.translationFault(1, 0x2000));
        Counts counts = scene.awaitEnded("smmu", 2);
        assertEquals(1, counts.failed());
        assertEquals(1, counts.unhandled());
    }
}
