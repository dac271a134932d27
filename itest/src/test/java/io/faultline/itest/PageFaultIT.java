package io.faultline.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.ops4j.pax.exam.CoreOptions.options;

import io.faultline.exam.Bundles;
import io.faultline.fault.Access;
import io.faultline.fault.Response;
import io.faultline.fault.Unit;
import io.faultline.handler.Failure;
import io.faultline.handler.FaultHandler;
import io.faultline.handler.Handles;
import io.faultline.handler.Verdict;
import io.faultline.mm.AddressSpace;
import io.faultline.mm.AddressSpaces;
import io.faultline.mm.FaultInResult;
import io.faultline.platform.HandlerControl;
import io.faultline.testkit.RecordingPort;
import io.faultline.testkit.RecordingQueue;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;
import org.osgi.framework.ServiceRegistration;

/** io-pgfault and a driver's handler in one chain; answers are read from the command port. */
class PageFaultIT extends InScene {
    private static final String IOPF = "io.faultline.iopf";
    private static final int STREAM = 0x100;
    private static final int PASID = 7;
    private static final long PRESENT = 0x1000;
    private static final long ABSENT = 0x10_0000;
    private static final int GROUPS = 400;

    private final Queue<List<Failure>> told = new ConcurrentLinkedQueue<>();
    private RecordingQueue requests;
    private RecordingPort port;

    @Configuration
    static Option[] core() {
        return options(Bundles.core(), Bundles.named("iopf-bundle"));
    }

    /** The page at {@link #PRESENT} can be brought in, no other. */
    private static final class OnePage implements AddressSpaces, AddressSpace {
        final AtomicBoolean gone = new AtomicBoolean();
        final AtomicInteger late = new AtomicInteger();
        final AtomicInteger broughtIn = new AtomicInteger();
        final AtomicInteger probed = new AtomicInteger();
        final boolean blocks;

        OnePage(boolean blocks) {
            this.blocks = blocks;
        }

        @Override
        public AddressSpace find(Unit unit, int requester, int pasid, int stage) {
            return this;
        }

        @Override
        public String name() {
            return "one page";
        }

        @Override
        public FaultInResult faultIn(long address, Access access) {
            if (gone.get()) {
                late.incrementAndGet();
            }
            broughtIn.incrementAndGet();
            return at(address);
        }

        @Override
        public FaultInResult probe(long address, Access access) {
            probed.incrementAndGet();
            return at(address);
        }

        private static FaultInResult at(long address) {
            return address == PRESENT ? FaultInResult.RESIDENT : FaultInResult.NO_AREA;
        }

        @Override
        public boolean mayBlock() {
            return blocks;
        }
    }

    @BeforeEach
    void plugIn() throws Exception {
        scene.configure(IOPF, Map.of("progress.answers", 1_000_000));
        FaultHandler driver =
                (fault, context) -> {
                    told.add(context.failures());
                    return Verdict.handled(Response.FAILURE);
                };
        scene.register(
                FaultHandler.class,
                driver,
                Map.of(Handles.NAME, "driver", Handles.KINDS, "page_request"));
        requests = Smmu.pageRequests(512);
        port = scene.smmu("smmu0", requests).port();
        awaitChain("io-pgfault", "driver");
    }

    private void awaitChain(String... names) {
        scene.until("chain", scene::chain, List.of(names)::equals);
    }

    private Response answerTo(int index, long page) {
        int before = port.responses().size();
        requests.write(Smmu.request(STREAM, PASID, index, true, page));
        return scene.until("answers", port::responses, all -> all.size() > before).get(before);
    }

    private ServiceRegistration<AddressSpaces> provide(OnePage spaces) {
        return scene.register(AddressSpaces.class, spaces, Map.of());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void tellsTheDriverWhyAPageCouldNotBeBroughtIn(boolean blocks) {
        provide(new OnePage(blocks));

        assertEquals(Response.SUCCESS, answerTo(1, PRESENT));
        assertEquals(Response.FAILURE, answerTo(2, ABSENT));

        Failure failure = told.remove().get(0);
        assertEquals("io-pgfault", failure.handler());
        assertEquals("no_area: request 1 of 1, IOVA 0x100000 R in one page", failure.reason());
        assertEquals(Response.INVALID, failure.suggested());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void probesAndBringsNothingInAsAShadow(boolean blocks) throws IOException {
        OnePage space = new OnePage(blocks);
        provide(space);
        scene.configure(IOPF, Map.of(Handles.SHADOW, "driver"));
        HandlerControl control = scene.service(HandlerControl.class);
        scene.until("shadows", control::shadows, all -> all.size() == 1);

        assertEquals(Response.FAILURE, answerTo(1, PRESENT));
        assertEquals(Response.FAILURE, answerTo(2, ABSENT));

        HandlerControl.ShadowView view =
                scene.until("shadow", control::shadows, all -> all.get(0).disagreed() == 2).get(0);
        assertEquals("driver", view.of());
        assertTrue(view.examples().get(1).contains("SUCCESS"), () -> view.examples().toString());
        assertEquals(2, space.probed.get());
        assertEquals(0, space.broughtIn.get());
        assertEquals(List.of(List.of(), List.of()), List.copyOf(told));
    }

    @Test
    void leavesTheChainAndTakesOverAgain() throws BundleException {
        provide(new OnePage(false));
        Bundle bundle = scene.bundle(IOPF);

        bundle.stop();
        awaitChain("driver");
        assertEquals(Response.FAILURE, answerTo(1, PRESENT));
        assertEquals(List.of(), told.remove());
        bundle.start();
        awaitChain("io-pgfault", "driver");

        assertEquals(Response.SUCCESS, answerTo(2, PRESENT));
        assertTrue(told.isEmpty());
    }

    /** R6 for address spaces, R7 for the groups under way. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void endsEachGroupOnceWhileAProviderLeaves(boolean blocks) {
        OnePage spaces = new OnePage(blocks);
        ServiceRegistration<AddressSpaces> registration = provide(spaces);

        for (int i = 0; i < GROUPS; i++) {
            // each for another PASID: none has had this page too often
            requests.write(Smmu.request(STREAM, PASID + i, i, true, PRESENT));
            if (i == GROUPS / 2) {
                registration.unregister();
                spaces.gone.set(true);
            }
        }

        scene.until("answers", port::responses, all -> all.size() >= GROUPS);
        List<Response> answers = port.responses();
        assertEquals(GROUPS, answers.size());
        assertEquals(
                GROUPS,
                port.submitted().stream().mapToInt(c -> c.group().groupIndex()).distinct().count());
        assertEquals(told.size(), Collections.frequency(answers, Response.FAILURE));
        assertTrue(told.stream().allMatch(why -> why.get(0).reason().startsWith("no_space")));
        assertEquals(0, spaces.late.get());
    }

    /** Stopping io-pgfault in the middle hands its groups to the driver (R1). */
    @Test
    void endsEachGroupOnceWhileIoPgfaultStops() throws BundleException {
        provide(new OnePage(true));
        Bundle bundle = scene.bundle(IOPF);

        for (int i = 0; i < GROUPS; i++) {
            requests.write(Smmu.request(STREAM, PASID, i, true, PRESENT));
            if (i == GROUPS / 2) {
                bundle.stop();
            }
        }

        scene.until("answers", port::responses, all -> all.size() >= GROUPS);
        assertEquals(
                GROUPS,
                port.submitted().stream().mapToInt(c -> c.group().groupIndex()).distinct().count());
        assertEquals(GROUPS, port.responses().size());
        bundle.start();
    }
}
