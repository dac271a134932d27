package io.faultline.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.faultline.exam.Await;
import io.faultline.exam.Bundles;
import io.faultline.exam.Diagnosis;
import io.faultline.exam.Felix;
import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.osgi.framework.startlevel.FrameworkStartLevel;

/** The bundles that ship are installed, resolved, started and stopped in any order. */
class StartOrderIT {
    private static final List<String> DECODERS =
            List.of(
                    "lines amdvi",
                    "lines drivers",
                    "lines riscv",
                    "lines smmuv3",
                    "lines trace",
                    "lines virtio",
                    "lines vtd",
                    "records amdvi event",
                    "records amdvi ppr",
                    "records iommufd fault",
                    "records iommufd response",
                    "records iommufd veventq",
                    "records riscv fq",
                    "records riscv pq",
                    "records smmuv3 evtq",
                    "records smmuv3 priq",
                    "records virtio fault",
                    "records vtd frcd",
                    "records vtd prq",
                    "records vtd prq16",
                    "responses amdvi",
                    "responses iommufd",
                    "responses riscv",
                    "responses smmuv3",
                    "responses vtd");

    /** Some orders that are always tried, and a new one; a failure names it. */
    static LongStream orders() {
        return LongStream.of(1, 2, System.nanoTime());
    }

    @ParameterizedTest
    @MethodSource("orders")
    void needNoStartLevels(long order, @TempDir Path storage) throws BundleException {
        Random random = new Random(order);
        try (Felix felix = new Felix(storage)) {
            List<Bundle> bundles = installInAnyOrder(felix, random);

            for (Bundle bundle : shuffled(bundles, random)) {
                bundle.start();
            }

            assertWorks(felix, bundles);
            for (Bundle bundle : shuffled(bundles, random)) {
                bundle.stop();
            }
            Await.until("threads", Threads::ofOurs, List::isEmpty);
        }
    }

    @ParameterizedTest
    @MethodSource("orders")
    void startAtTheirLevels(long order, @TempDir Path storage) throws Exception {
        Random random = new Random(order);
        try (Felix felix = new Felix(storage)) {
            List<Bundle> bundles = installInAnyOrder(felix, random);
            for (Bundle bundle : shuffled(bundles, random)) {
                bundle.adapt(BundleStartLevel.class).setStartLevel(StartLevels.of(bundle));
                bundle.start();
            }

            CountDownLatch reached = new CountDownLatch(1); // the level alone says too early
            felix.framework()
                    .adapt(FrameworkStartLevel.class)
                    .setStartLevel(StartLevels.HIGHEST, event -> reached.countDown());

            assertTrue(reached.await(60, TimeUnit.SECONDS), "start level");
            assertWorks(felix, bundles);
        }
        Await.until("threads", Threads::ofOurs, List::isEmpty);
    }

    private static List<Bundle> installInAnyOrder(Felix felix, Random random)
            throws BundleException {
        List<Bundle> bundles = new ArrayList<>();
        for (File jar : shuffled(Bundles.all(), random)) {
            bundles.add(felix.install(jar));
        }
        return bundles;
    }

    private static <T> List<T> shuffled(List<T> list, Random random) {
        List<T> shuffled = new ArrayList<>(list);
        Collections.shuffle(shuffled, random);
        return shuffled;
    }

    /** Everything is there, and the dispatcher has found it. */
    private static void assertWorks(Felix felix, List<Bundle> bundles) {
        String diagnosis = Diagnosis.of(felix.framework());
        for (Bundle bundle : bundles) {
            assertEquals(Bundle.ACTIVE, bundle.getState(), () -> bundle + "\n" + diagnosis);
        }
        List<String> waiting =
                diagnosis
                        .lines()
                        .filter(line -> line.startsWith("component "))
                        .filter(line -> !line.endsWith("has no configuration"))
                        .toList();
        assertEquals(List.of(), waiting);
        assertEquals(
                DECODERS,
                Shell.run(felix.context(), "decoders")
                        .lines()
                        .filter(line -> line.endsWith(" active"))
                        .map(line -> line.replaceFirst("io\\.faultline\\..*", ""))
                        .map(line -> line.strip().replaceAll(" +", " "))
                        .sorted()
                        .toList());
    }
}
