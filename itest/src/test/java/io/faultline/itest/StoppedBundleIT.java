package io.faultline.itest;

import static org.ops4j.pax.exam.CoreOptions.options;

import io.faultline.exam.Bundles;
import io.faultline.queue.FaultTap;
import io.faultline.queue.Taps;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;

/** A bundle that was stopped in the middle of its work leaves nothing running. */
class StoppedBundleIT extends InScene {

    @Configuration
    static Option[] everything() {
        return options(Bundles.felix(), Bundles.faultline(), Bundles.recorders());
    }

    /** A dump and a log that go on for ever, and somebody who watches. */
    @BeforeEach
    void play(@TempDir Path folder) throws IOException {
        FaultTap tap = batch -> {};
        scene.register(FaultTap.class, tap, Map.of(Taps.KINDS, "unrecoverable"));
        Path dump =
                Files.writeString(
                        folder.resolve("board.txt"),
                        "# smmuv3:evtq\n" + Smmu.hex(Smmu.translationFault(1, 0)));
        scene.configureOneMore(
                "io.faultline.replay",
                Map.of("file", dump.toString(), "rate", "1000", "loop", true));
        Path log = Files.writeString(folder.resolve("kern.log"), "[    1.000000] nothing yet\n");
        scene.configureOneMore("io.faultline.kernellog.kmsg", Map.of("path", log.toString()));
        scene.awaitCounts("board", counts -> counts.completed() > 0);
    }

    @ParameterizedTest
    @CsvSource({
        "io.faultline.dispatcher, faultline-lane-",
        "io.faultline.dispatcher, faultline-tap-",
        "io.faultline.kernellog, faultline-kernellog",
        "io.faultline.replay, faultline-lane-board",
        "io.faultline.shell, faultline-diagnostics"
    })
    void leavesNoThreadBehind(String symbolicName, String threads) throws BundleException {
        Bundle bundle = scene.bundle(symbolicName);
        scene.until(threads, () -> Threads.named(threads), named -> !named.isEmpty());

        bundle.stop();

        scene.until(threads, () -> Threads.named(threads), List::isEmpty);
        bundle.start();
        scene.until(threads, () -> Threads.named(threads), named -> !named.isEmpty());
    }
}
