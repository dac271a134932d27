package io.faultline.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.ops4j.pax.exam.CoreOptions.options;

import io.faultline.exam.Bundles;
import io.faultline.fault.Fault;
import io.faultline.fault.PageRequestGroup;
import io.faultline.fault.Response;
import io.faultline.handler.FaultHandler;
import io.faultline.handler.Handles;
import io.faultline.handler.Verdict;
import io.faultline.platform.Counts;
import io.faultline.testkit.RecordingHandler;
import io.faultline.testkit.RecordingPort;
import io.faultline.testkit.RecordingQueue;
import io.faultline.testkit.RecordingUnit;
import java.lang.reflect.InvocationTargetException;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;
import org.osgi.service.component.runtime.ServiceComponentRuntime;

/** The bundle of an architecture goes and comes back while its unit stays (R5, R7, R15). */
class ArchBundleIT extends InScene {
    private static final String ENCODER = "io.faultline.smmuv3.internal.ResponseCommands";

    /** The encoder goes in one of them and comes back in the next. */
    private static final int ROUNDS = 20;

    /** Groups in each. */
    private static final int EACH = 16;

    @Configuration
    static Option[] core() {
        return options(Bundles.core());
    }

    @Test
    void findsTheRecordsThatWaitedAndReadsThemInOrder() throws BundleException {
        RecordingHandler handler = new RecordingHandler(Verdict.HANDLED);
        scene.handler("handler", 0, handler);
        RecordingQueue events = Smmu.events(64);
        scene.smmu("smmu", events);
        Bundle smmuv3 = scene.bundle(Scene.SMMUV3);
        events.write(Smmu.translationFault(1, 0));
        scene.awaitEnded("smmu", 1);

        smmuv3.uninstall();
        for (int i = 1; i <= 40; i++) {
            assertTrue(events.write(Smmu.translationFault(i % 3, 0x1000L * i)));
        }
        scene.until("waiting", this::waiting, n -> n == 40);
        String line = "40 records wait for a decoder of smmuv3:evtq";
        scene.until("health", scene::health, all -> all.stream().anyMatch(l -> l.contains(line)));
        assertEquals(1, handler.faults().size());
        installAgain();

        scene.awaitEnded("smmu", 41);
        assertEquals(
                LongStream.rangeClosed(1, 41).boxed().toList(),
                handler.faults().stream().map(Fault::sequence).toList());
        assertEquals(
                LongStream.rangeClosed(0, 40).mapToObj(i -> 0x1000 * i).toList(),
                handler.faults().stream().map(Fault::iova).toList());
    }

    /** As hardware does: the queue is full, later records are lost, the oldest are kept. */
    @Test
    void findsWhatTheQueueHeldWhenItOverflowedMeanwhile() throws BundleException {
        RecordingHandler handler = new RecordingHandler(Verdict.HANDLED);
        scene.handler("handler", 0, handler);
        RecordingQueue events = Smmu.events(16);
        scene.smmu("smmu", events);

        scene.bundle(Scene.SMMUV3).uninstall();
        for (int i = 0; i < 20; i++) {
            assertEquals(i < 16, events.write(Smmu.translationFault(1, i)));
        }
        installAgain();

        Counts counts = scene.awaitCounts("smmu", c -> c.lost() == 1);
        assertEquals(16, counts.completed());
        scene.until("acknowledgement", events::acknowledgements, n -> n == 1);
        assertEquals(
                LongStream.range(0, 16).boxed().toList(),
                handler.faults().stream().map(Fault::iova).toList());
    }

    /** Answers are decided all the time; each finds its way once, also those that had to wait. */
    @Test
    void sendsEachAnswerOnceWhileItsEncoderComesAndGoes() throws Exception {
        FaultHandler handler = (fault, c) -> Verdict.handled(Response.SUCCESS);
        scene.register(FaultHandler.class, handler, Map.of(Handles.KINDS, "page_request"));
        RecordingQueue requests = Smmu.pageRequests(64);
        RecordingUnit unit = scene.smmu("smmu", requests);
        for (int round = 0; round < ROUNDS; round++) {
            boolean goes = round % 2 == 0;
            int half = EACH * round + EACH / 2;
            int end = EACH * (round + 1);
            request(requests, EACH * round, half);
            enableEncoder(!goes);
            request(requests, half, end);
            scene.awaitCounts("smmu", counts -> counts.handled() == end);
            if (goes) {
                assertTrue(unit.port().responses().size() <= half);
            } else {
                scene.until("answers", () -> unit.port().responses().size(), n -> n == end);
            }
        }

        assertEquals(
                IntStream.range(0, EACH * ROUNDS).boxed().toList(),
                unit.port().submitted().stream()
                        .map(RecordingPort.Command::group)
                        .map(PageRequestGroup::groupIndex)
                        .sorted()
                        .toList());
        assertEquals(0, scene.counts("smmu").undeliverable());
    }

    private static void request(RecordingQueue requests, int from, int to) {
        for (int index = from; index < to; index++) {
            assertTrue(requests.write(Smmu.request(1, 1, index, true, 0x1000L * index)));
        }
    }

    private int waiting() {
        return scene.unit("smmu").queues().get(0).waiting();
    }

    private void installAgain() throws BundleException {
        scene.context().installBundle(Bundles.jar("smmuv3-bundle").toURI().toString()).start();
    }

    private void enableEncoder(boolean enabled)
            throws InterruptedException, InvocationTargetException {
        ServiceComponentRuntime runtime = scene.service(ServiceComponentRuntime.class);
        var encoder =
                runtime.getComponentDescriptionDTOs(scene.bundle(Scene.SMMUV3)).stream()
                        .filter(component -> component.name.equals(ENCODER))
                        .findFirst()
                        .orElseThrow();
        (enabled ? runtime.enableComponent(encoder) : runtime.disableComponent(encoder)).getValue();
    }
}
