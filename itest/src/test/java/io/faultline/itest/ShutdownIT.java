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
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.osgi.framework.startlevel.FrameworkStartLevel;

/** The whole framework stops while transactions are stalled (R7). */
class ShutdownIT {
    /** CMD_RESUME with Ab set: abort (Arm IHI 0070, 4.7.1). */
    private static final String ABORT = "4420000000000000";

    private final List<String> answers = new CopyOnWriteArrayList<>();
    private final List<Object> deferrals = new CopyOnWriteArrayList<>();

    @Test
    void refusesWhatNobodyWillAnswerAnyMore(@TempDir Path storage) throws BundleException {
        try (Felix felix = new Felix(storage)) {
            Consumer<Object> deferred = deferrals::add;
            Consumer<String> answered = answers::add;
            provide(felix, deferred, "takes", "deferrals");
            provide(felix, answered, "hears", "answers");
            start(felix);
            Await.until("deferrals", deferrals::size, n -> n == 3);
            assertEquals(List.of(), answers);
        }

        assertEquals(
                List.of(
                        ABORT + "0000000000000000",
                        ABORT + "0100000000000000",
                        ABORT + "0200000000000000"),
                answers.stream().sorted().toList());
    }

    private static void provide(Felix felix, Consumer<?> consumer, String key, String value) {
        felix.context()
                .registerService(
                        Consumer.class, consumer, FrameworkUtil.asDictionary(Map.of(key, value)));
    }

    private static void start(Felix felix) throws BundleException {
        List<Bundle> bundles = new ArrayList<>();
        for (File jar : Bundles.all()) {
            bundles.add(felix.install(jar));
        }
        bundles.add(felix.install("recorders", Bundles.recordersBundle()));
        bundles.add(felix.install("hot:deferring", Scene.hot("deferring")));
        bundles.add(felix.install("hot:stalling", Scene.hot("stalling")));
        for (Bundle bundle : bundles) {
            bundle.adapt(BundleStartLevel.class).setStartLevel(StartLevels.of(bundle));
            bundle.start();
        }
        felix.framework().adapt(FrameworkStartLevel.class).setStartLevel(StartLevels.HIGHEST);
    }
}
