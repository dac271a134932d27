package io.faultline.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.ops4j.pax.exam.CoreOptions.options;

import io.faultline.exam.Bundles;
import io.faultline.fault.Fault;
import io.faultline.handler.Failure;
import io.faultline.handler.FaultHandler;
import io.faultline.handler.Handles;
import io.faultline.handler.Verdict;
import io.faultline.hardware.Decodes;
import io.faultline.hardware.FaultSink;
import io.faultline.hardware.KeySink;
import io.faultline.hardware.RecordDecoder;
import io.faultline.platform.Counts;
import io.faultline.platform.HandlerView;
import io.faultline.queue.FaultTap;
import io.faultline.queue.Taps;
import io.faultline.testkit.RecordingHandler;
import io.faultline.testkit.RecordingQueue;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;

/** A broken bundle disturbs nobody, and somebody says what is broken. */
class BrokenBundleIT extends InScene {
    private static final List<String> GOOD = List.of("first", "last");

    private final RecordingHandler first = new RecordingHandler();
    private final RecordingHandler last = new RecordingHandler(Verdict.HANDLED);
    private RecordingQueue events;

    @Configuration
    static Option[] coreAndShell() {
        return options(Bundles.core(), Bundles.named("shell-bundle"));
    }

    @BeforeEach
    void begin() {
        events = Smmu.events(64);
        scene.smmu("smmu", events);
        scene.handler("first", 2000, first);
        scene.handler("last", -1, last);
        assertHandlesFaults();
    }

    @AfterEach
    void disturbedNobody() {
        assertHandlesFaults();
        Sums.assertAddUp(scene.counts("smmu"));
    }

    /** A fault goes past the first of the good handlers to the last. */
    private void assertHandlesFaults() {
        Counts before = scene.counts("smmu");
        assertTrue(events.write(Smmu.translationFault(1, 0x1000)));
        Counts after = scene.awaitEnded("smmu", before.completed() + 1);
        assertEquals(before.handled() + 1, after.handled());
        assertEquals(first.faults(), last.faults(), () -> scene.handlers().toString());
    }

    @Test
    void oneThatLacksAPackage() throws BundleException {
        Bundle lacking =
                scene.install(
                        Scene.hot("stamping")
                                .with("Import-Package", "no.such.thing,io.faultline.*,*"),
                        "lacking");

        assertThrows(BundleException.class, lacking::start);

        assertEquals(GOOD, scene.chain());
        assertTrue(scene.diagnosis().contains("no.such.thing"), scene::diagnosis);
    }

    /** The component runtime itself would print nothing. */
    @Test
    void oneWhoseActivationThrows() throws BundleException {
        scene.start("failing");

        assertEquals(GOOD, scene.chain());
        scene.awaitMessage("failing.Failing", "hot.failing", "no board to speak of");
    }

    @Test
    void oneThatThrowsAtEachFault() throws BundleException {
        scene.handler(
                "throwing",
                100,
                (fault, context) -> {
                    throw new IllegalStateException("always");
                });

        assertHandlesFaults();

        HandlerView throwing = scene.handler("throwing");
        assertEquals(1, throwing.failed());
        List<Failure> seen = last.failures().get(last.failures().size() - 1);
        assertEquals("java.lang.IllegalStateException: always", seen.get(0).reason());
    }

    @Test
    void oneWhoseRankingIsNoNumber() throws BundleException {
        scene.start("misranked");

        String message =
                scene.awaitMessage(
                        "io.faultline.itest.misranked.Misranked", "service.ranking", "Integer");
        assertTrue(scene.health().contains(message), () -> "health: " + scene.health());
        assertEquals(GOOD, scene.chain());
    }

    @Test
    void oneThatHandlesAKindThatThereIsNot() {
        scene.register(
                FaultHandler.class,
                first,
                Map.of(Handles.NAME, "dreamer", Handles.KINDS, "unicorns"));

        String message = scene.awaitMessage("dreamer", Handles.KINDS, "unicorns");
        assertTrue(scene.health().contains(message), () -> "health: " + scene.health());
        assertEquals(GOOD, scene.chain());
    }

    @Test
    void oneWhoseDecoderThrows() {
        scene.register(
                RecordDecoder.class,
                new ThrowingDecoder(),
                Map.of(Decodes.ARCH, "smmuv3", Decodes.QUEUE, "gerr"));
        RecordingQueue broken = new RecordingQueue("gerr", 8, 16);
        scene.smmu("broken", broken);

        broken.write(1);
        broken.write(2);

        scene.awaitCounts("broken", counts -> counts.malformed() == 2);
        assertEquals(Map.of("decoder_defect", 2L), scene.unit("broken").malformed());
        scene.awaitMessage("smmuv3:gerr", "cannot decode");
    }

    @Test
    void oneWhoseTapThrows() throws IOException {
        FaultTap throwing =
                batch -> {
                    throw new IllegalStateException("tap");
                };
        scene.configure(Scene.DISPATCHER, Map.of("handler.failures", 3));
        scene.until("failures", () -> scene.setting("handler.failures"), "3"::equals);
        scene.register(
                FaultTap.class,
                throwing,
                Map.of(Taps.KINDS, "unrecoverable", Handles.NAME, "leaky"));

        scene.until(
                "log",
                () -> {
                    assertHandlesFaults();
                    return scene.messages().toString();
                },
                messages -> messages.contains("leaky") && messages.contains("taken out"));
    }

    private static final class ThrowingDecoder implements RecordDecoder {
        @Override
        public int recordBytes() {
            return Long.BYTES;
        }

        @Override
        public void decode(ByteBuffer queue, int at, FaultSink out) {
            throw new IllegalStateException("cannot decode");
        }

        @Override
        public void describe(Fault fault, KeySink keys) {
            // it makes no faults
        }
    }
}
