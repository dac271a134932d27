package io.faultline.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.ops4j.pax.exam.CoreOptions.options;

import io.faultline.exam.Bundles;
import io.faultline.fault.Unit;
import io.faultline.hardware.Decodes;
import io.faultline.hardware.RecordDecoder;
import io.faultline.hardware.ResponseEncoder;
import io.faultline.platform.Platform;
import io.faultline.queue.FaultTap;
import io.faultline.queue.Taps;
import io.faultline.testkit.RecordingHandler;
import io.faultline.testkit.RecordingQueue;
import io.faultline.testkit.RecordingUnit;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.ops4j.pax.exam.Option;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceReference;
import org.osgi.service.cm.Configuration;

/** The dispatcher stays what it is, whatever comes, goes and changes around it (R5). */
class DispatcherIT extends InScene {
    private static final int SWAPS = 1000;

    private ServiceReference<Platform> platform;

    @org.ops4j.pax.exam.Configuration
    static Option[] core() {
        return options(Bundles.core());
    }

    @BeforeEach
    void remember() {
        platform = scene.reference(Platform.class);
    }

    /** A static reference would make a new dispatcher, and so a new service, with each swap. */
    @Test
    void isActivatedOnceForAThousandSwaps() {
        RecordDecoder decoder = scene.service(RecordDecoder.class);
        ResponseEncoder encoder = scene.service(ResponseEncoder.class);
        FaultTap tap = batch -> {};
        Unit unit = new Unit("none", "swapped");
        Map<String, Object> ofNobody = Map.of(Decodes.ARCH, "none", Decodes.QUEUE, "none");

        for (int swap = 0; swap < SWAPS; swap++) {
            var comers =
                    Set.of(
                            scene.handler("swapped", swap, new RecordingHandler()),
                            scene.register(RecordDecoder.class, decoder, ofNobody),
                            scene.register(ResponseEncoder.class, encoder, ofNobody));
            assertTrue(scene.chain().contains("swapped"));
            comers.forEach(Scene::unregister);
        }
        for (int swap = 0; swap < SWAPS / 20; swap++) { // these have threads
            Scene.unregister(
                    scene.register(FaultTap.class, tap, Map.of(Taps.KINDS, "unrecoverable")));
            Scene.unregister(scene.plug(new RecordingUnit(unit, Smmu.events(16))));
        }

        assertIsTheSame();
        assertFalse(scene.chain().contains("swapped"));
    }

    @Test
    void staysUpWhenItsSettingsChange() throws IOException {
        RecordingQueue events = Smmu.events(16);
        scene.smmu("smmu", events);

        scene.configure(Scene.DISPATCHER, Map.of("batch.limit", 1));

        scene.until("batch.limit", () -> scene.setting("batch.limit"), "1"::equals);
        events.write(Smmu.translationFault(1, 0x1000));
        scene.until("first batch", this::batches, n -> n == 1); // the next one has the new limit
        for (int i = 0; i < 3; i++) {
            events.write(Smmu.translationFault(1, 0x1000));
        }
        scene.awaitEnded("smmu", 4);
        scene.until("batches", this::batches, n -> n == 4);
        assertIsTheSame();
    }

    private long batches() {
        return scene.unit("smmu").queues().get(0).batches();
    }

    @Test
    void keepsAnOldSettingAndSaysSoWhenTheNewOneIsNonsense() throws IOException {
        Configuration settings =
                scene.configure(Scene.DISPATCHER, Map.of("pending.limit.unit", 100));
        scene.until("pending.limit.unit", () -> scene.setting("pending.limit.unit"), "100"::equals);

        settings.update(
                FrameworkUtil.asDictionary(
                        Map.of("pending.limit.unit", 0, "response.deadline.ms", "soon")));

        scene.awaitMessage("pending.limit.unit=0", "1 to 65536");
        scene.awaitMessage("response.deadline.ms=soon", "10 to 600000");
        assertEquals("100", scene.setting("pending.limit.unit"));
        assertEquals("10000", scene.setting("response.deadline.ms"));
        assertEquals(2, refused());
        assertIsTheSame();

        settings.update(FrameworkUtil.asDictionary(Map.of("pending.limit.unit", 200)));

        scene.until("pending.limit.unit", () -> scene.setting("pending.limit.unit"), "200"::equals);
        assertEquals(0, refused());
        assertIsTheSame();
    }

    private long refused() {
        return scene.health().stream().filter(line -> line.startsWith("dispatcher: ")).count();
    }

    @Test
    void takesADefaultBackWhenItsKeyIsGone() throws IOException {
        Configuration settings = scene.configure(Scene.DISPATCHER, Map.of("batch.limit", 1));
        scene.until("batch.limit", () -> scene.setting("batch.limit"), "1"::equals);

        settings.update(FrameworkUtil.asDictionary(Map.of("queue.limit", 2)));

        scene.until("queue.limit", () -> scene.setting("queue.limit"), "2"::equals);
        assertEquals("256", scene.setting("batch.limit"));
    }

    private void assertIsTheSame() {
        assertSame(platform, scene.reference(Platform.class));
    }
}
