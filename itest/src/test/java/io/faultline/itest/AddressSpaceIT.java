package io.faultline.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.ops4j.pax.exam.CoreOptions.options;

import io.faultline.exam.Bundles;
import io.faultline.fault.Response;
import io.faultline.handler.FaultHandler;
import io.faultline.handler.Handles;
import io.faultline.handler.Verdict;
import io.faultline.mm.ManagedSpace;
import io.faultline.mm.SpaceControl;
import io.faultline.testkit.RecordingPort;
import io.faultline.testkit.RecordingQueue;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;

/** Modelled spaces behind io-pgfault: made by configuration, and leaving in the middle. */
class AddressSpaceIT extends InScene {
    private static final String MM = "io.faultline.mm";
    private static final int STREAM = 0x100;
    private static final int PASID = 7;
    private static final int GROUPS = 400;

    private final Queue<String> told = new ConcurrentLinkedQueue<>();
    private RecordingQueue requests;
    private RecordingPort port;

    @Configuration
    static Option[] core() {
        return options(Bundles.core(), Bundles.named("iopf-bundle", "mm-bundle"));
    }

    @BeforeEach
    void plugIn() throws Exception {
        // a space that was configured goes some time after its configuration
        scene.until("spaces", scene.service(SpaceControl.class)::spaces, List::isEmpty);
        scene.configure("io.faultline.iopf", Map.of("progress.answers", 1_000_000));
        FaultHandler driver =
                (fault, context) -> {
                    told.add(context.failures().get(0).reason());
                    return Verdict.handled(Response.FAILURE);
                };
        scene.register(
                FaultHandler.class,
                driver,
                Map.of(Handles.NAME, "driver", Handles.KINDS, "page_request"));
        requests = Smmu.pageRequests(512);
        port = scene.smmu("smmu0", requests).port();
        scene.until("chain", scene::chain, List.of("io-pgfault", "driver")::equals);
    }

    private ManagedSpace configured(boolean blocks) throws Exception {
        scene.configureOneMore(
                "io.faultline.mm.modelled",
                Map.of(
                        "name",
                        "pid 4711",
                        "bindings",
                        new String[] {"unit=smmu0 requester=0x100 pasid=7"},
                        "areas",
                        new String[] {"1000-2000 r--p", "8000-9000 ---p"},
                        "may.block",
                        blocks));
        return scene.until(
                "space",
                () -> {
                    ManagedSpace space = scene.service(SpaceControl.class).space("pid 4711");
                    return space == null || space.bindings().isEmpty() ? null : space;
                },
                Objects::nonNull);
    }

    private Response answerTo(int index, long page) {
        int before = port.responses().size();
        requests.write(Smmu.request(STREAM, PASID, index, true, page));
        return scene.until("answers", port::responses, all -> all.size() > before).get(before);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void resolvesPageRequestsAgainstASpaceThatWasConfigured(boolean blocks) throws Exception {
        ManagedSpace space = configured(blocks);

        assertEquals(Response.SUCCESS, answerTo(1, 0x1000));
        assertEquals(Response.FAILURE, answerTo(2, 0x5000));
        assertEquals(Response.FAILURE, answerTo(3, 0x8000));

        assertEquals(1, space.counts().resident());
        assertEquals(
                List.of(
                        "no_area: request 1 of 1, IOVA 0x5000 R in pid 4711",
                        "access_refused: request 1 of 1, IOVA 0x8000 R in pid 4711"),
                List.copyOf(told));
    }

    /** R6 and R7: the provider leaves in a stream of page requests. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void endsEachGroupOnceWhileTheBundleIsUninstalled(boolean blocks) throws Exception {
        configured(blocks);
        Bundle bundle = scene.bundle(MM);
        String location = bundle.getLocation();

        for (int i = 0; i < GROUPS; i++) {
            requests.write(Smmu.request(STREAM, PASID, i, true, 0x1000));
            if (i == GROUPS / 2) {
                bundle.uninstall();
            }
        }

        assertEachEndsOnce();
        assertTrue(
                told.stream().allMatch(why -> why.matches("(no_space|going_away).*")),
                told::toString);
        scene.context().installBundle(location).start();
    }

    /** A call that a script blocks ends when the bundle stops, in time for SCR. */
    @Test
    void endsACallThatBlocksWhenTheBundleStops() throws Exception {
        scene.configureOneMore(
                "io.faultline.mm.modelled",
                Map.of(
                        "name", "stuck",
                        "bindings", "unit=smmu0 requester=0x100 pasid=7",
                        "areas", "1000-2000 r--p",
                        "may.block", true,
                        "scripts", "block"));
        ManagedSpace space =
                scene.until(
                        "space",
                        () -> scene.service(SpaceControl.class).space("stuck"),
                        Objects::nonNull);
        scene.until("bindings", space::bindings, b -> !b.isEmpty());
        requests.write(Smmu.request(STREAM, PASID, 1, true, 0x1000));
        scene.until("calls", () -> space.counts().calls(), n -> n == 1);
        Bundle bundle = scene.bundle(MM);

        restart(bundle);

        scene.until("answers", port::responses, List.of(Response.FAILURE)::equals);
        assertTrue(told.remove().startsWith("going_away"), told::toString);
    }

    private static void restart(Bundle bundle) throws BundleException {
        bundle.stop();
        bundle.start();
    }

    private void assertEachEndsOnce() {
        scene.until("answers", port::responses, all -> all.size() >= GROUPS);
        List<Response> answers = port.responses();
        assertEquals(GROUPS, answers.size());
        assertEquals(
                GROUPS,
                port.submitted().stream().mapToInt(c -> c.group().groupIndex()).distinct().count());
        assertEquals(told.size(), Collections.frequency(answers, Response.FAILURE));
    }
}
