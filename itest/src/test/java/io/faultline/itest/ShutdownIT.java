package io.faultline.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.faultline.exam.Await;
import io.faultline.exam.Bundles;
import io.faultline.exam.Felix;
import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.osgi.framework.startlevel.FrameworkStartLevel;

/** The whole framework stops while page requests wait and transactions are stalled (R7). */
class ShutdownIT {
    /** CMD_PRI_RESP without a PASID (Arm IHI 0070, 4.5.2). */
    private static final String PAGE_RESPONSE = "4100000000000000";

    /** CMD_RESUME with Ab set: abort (Arm IHI 0070, 4.7.1). */
    private static final String ABORT = "4420000000000000";

    /** Three groups get Invalid Request, with their index, three stalls are aborted. */
    private static final List<String> EACH_REFUSED =
            List.of(
                    PAGE_RESPONSE + "0010000000000000",
                    PAGE_RESPONSE + "0110000000000000",
                    PAGE_RESPONSE + "0210000000000000",
                    ABORT + "0000000000000000",
                    ABORT + "0100000000000000",
                    ABORT + "0200000000000000");

    private final List<String> answers = new CopyOnWriteArrayList<>();
    private final List<Object> deferrals = new CopyOnWriteArrayList<>();

    /** The unit goes before the handlers, and behind the dispatcher. */
    @ParameterizedTest
    @ValueSource(ints = {6, 3})
    void refusesWhatNobodyWillAnswerAnyMore(int unitLevel, @TempDir Path storage)
            throws BundleException {
        try (Felix felix = new Felix(storage)) {
            Consumer<Object> deferred = deferrals::add;
            provide(felix, deferred, "takes", "deferrals");
            Bundle unit = start(felix, "deferring");
            Await.until("deferrals", deferrals::size, n -> n == 6);
            assertEquals(List.of(), answers);
            unit.adapt(BundleStartLevel.class).setStartLevel(unitLevel);
        }

        assertEquals(EACH_REFUSED, answers.stream().sorted().toList());
    }

    /** io-pgfault holds them: one call is inside an address space, the others wait for it. */
    @ParameterizedTest
    @ValueSource(ints = {6, 3})
    void endsPageRequestsThatAreBeingResolved(int unitLevel, @TempDir Path storage)
            throws BundleException {
        try (Felix felix = new Felix(storage)) {
            Bundle unit = start(felix, "stuck");
            LongSupplier calls = calls(felix);
            Await.until("calls", calls::getAsLong, n -> n == 1);
            assertEquals(List.of(), answers);
            unit.adapt(BundleStartLevel.class).setStartLevel(unitLevel);
        }

        assertEquals(EACH_REFUSED, answers.stream().sorted().toList());
    }

    private static LongSupplier calls(Felix felix) {
        ServiceReference<LongSupplier> counter =
                Await.until(
                        "counter",
                        () -> felix.context().getServiceReference(LongSupplier.class),
                        Objects::nonNull);
        return felix.context().getService(counter);
    }

    private static void provide(Felix felix, Consumer<?> consumer, String key, String value) {
        felix.context()
                .registerService(
                        Consumer.class, consumer, FrameworkUtil.asDictionary(Map.of(key, value)));
    }

    private Bundle start(Felix felix, String holder) throws BundleException {
        Consumer<String> answered = answers::add;
        provide(felix, answered, "hears", "answers");
        List<Bundle> bundles = new ArrayList<>();
        for (File jar : Bundles.all()) {
            bundles.add(felix.install(jar));
        }
        bundles.add(felix.install("recorders", Bundles.recordersBundle()));
        bundles.add(felix.install("hot:" + holder, Scene.hot(holder)));
        Bundle unit = felix.install("hot:stalling", Scene.hot("stalling"));
        bundles.add(unit);
        for (Bundle bundle : bundles) {
            bundle.adapt(BundleStartLevel.class).setStartLevel(StartLevels.of(bundle));
            bundle.start();
        }
        felix.framework().adapt(FrameworkStartLevel.class).setStartLevel(StartLevels.HIGHEST);
        return unit;
    }
}
