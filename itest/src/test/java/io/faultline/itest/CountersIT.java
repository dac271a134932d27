package io.faultline.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.ops4j.pax.exam.CoreOptions.options;

import io.faultline.exam.Bundles;
import io.faultline.fault.Fault;
import io.faultline.fault.Response;
import io.faultline.handler.Deferral;
import io.faultline.handler.FaultContext;
import io.faultline.handler.FaultHandler;
import io.faultline.handler.Handles;
import io.faultline.handler.Verdict;
import io.faultline.platform.Counts;
import io.faultline.platform.HandlerView;
import io.faultline.platform.Platform;
import io.faultline.testkit.RecordingQueue;
import io.faultline.testkit.RecordingUnit;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.osgi.framework.Constants;

/** Whatever records come and whatever handlers do, the counters add up. */
class CountersIT extends InScene {
    private static final int RECORDS = 10_000;
    private static final int DEVICES = 6;
    private static final List<Response> RESPONSES = List.of(Response.values());
    private static final String[] KINDS = {
        "unrecoverable", "page_request", "hint", "page_request_stop"
    };

    private final LinkedBlockingQueue<Deferral> deferrals = new LinkedBlockingQueue<>();

    @Configuration
    static Option[] core() {
        return options(Bundles.core());
    }

    static LongStream mixes() {
        return LongStream.of(1, 2, System.nanoTime());
    }

    /** Does anything that a handler may do, and much that it may not. */
    private final class Moody implements FaultHandler {
        private final ThreadLocal<Random> moods;

        Moody(long seed) {
            moods = ThreadLocal.withInitial(() -> new Random(seed));
        }

        @Override
        public Verdict handle(Fault fault, FaultContext context) {
            Random mood = moods.get();
            return switch (mood.nextInt(12)) {
                case 0 -> Verdict.HANDLED;
                case 1 -> Verdict.handled(RESPONSES.get(mood.nextInt(RESPONSES.size())));
                case 2 -> Verdict.failed("not today");
                case 3 -> Verdict.failed("not today", Response.SUCCESS);
                case 4 -> throw new IllegalStateException("not at all");
                case 5 -> null;
                case 6 -> Verdict.DEFERRED;
                case 7, 8 -> takeOver(fault, context);
                default -> Verdict.PASSED;
            };
        }

        private Verdict takeOver(Fault fault, FaultContext context) {
            Deferral deferral = context.defer(); // throws for what cannot be deferred
            deferrals.add(deferral);
            return fault.sequence() % 50 == 0 ? Verdict.PASSED : Verdict.DEFERRED;
        }
    }

    @ParameterizedTest
    @MethodSource("mixes")
    void addUp(long mix) throws Exception {
        scene.configure(
                Scene.DISPATCHER,
                Map.of(
                        "pending.limit.device", 16,
                        "partial.limit.device", 16,
                        "response.deadline.ms", 100,
                        "stall.deadline.ms", 50,
                        "handler.failures", 1_000_000));
        scene.until("limit", () -> scene.setting("pending.limit.device"), "16"::equals);
        for (int i = 0; i < 3; i++) {
            scene.register(
                    FaultHandler.class,
                    new Moody(mix + i),
                    Map.of(
                            Handles.NAME, "moody" + i,
                            Handles.KINDS, KINDS,
                            Constants.SERVICE_RANKING, i));
        }
        RecordingQueue events = Smmu.events(256);
        RecordingQueue requests = Smmu.pageRequests(256);
        RecordingUnit unit = scene.smmu("smmu", events, requests);

        Random random = new Random(mix);
        for (int i = 0; i < RECORDS; i++) {
            awaitRoom(events, i);
            awaitRoom(requests, i);
            assertTrue(events.write(event(random)));
            assertTrue(requests.write(request(random)));
            conclude(random);
            if (i == RECORDS / 2) {
                requests.overflow();
            }
        }

        Counts counts =
                scene.awaitCounts(
                        "smmu",
                        c ->
                                c.records() == 2 * RECORDS
                                        && c.pending() == 0
                                        && Sums.addUp(c)
                                        && groups(c) == answers(c, unit)
                                        && answers(c, unit) == said(c));
        Platform platform = scene.service(Platform.class);
        Sums.assertAddUp(platform.devices("smmu"), counts);
        for (var device : platform.devices("smmu")) {
            Sums.assertAddUp(device.counts());
        }
        for (HandlerView handler : platform.handlers()) {
            Sums.assertAddUp(handler);
            assertTrue(handler.offered() > 0, handler::toString);
        }
        assertEquals(groups(counts), answers(counts, unit));
    }

    private static long groups(Counts c) {
        return c.completed() - c.unrecoverable() - c.hints() - c.stopMarkers();
    }

    /** Every group has one answer at the port, or is counted as withdrawn or undeliverable. */
    private static long answers(Counts c, RecordingUnit unit) {
        return unit.port().responses().size() + c.withdrawn() + c.undeliverable();
    }

    /** The same, the answers as the platform shows them: a moment after they were given. */
    private long said(Counts c) {
        long given =
                scene.unit("smmu").responses().values().stream().mapToLong(Long::longValue).sum();
        return given + c.withdrawn() + c.undeliverable();
    }

    private static long[] event(Random random) {
        int stream = random.nextInt(DEVICES);
        long iova = page(random);
        return switch (random.nextInt(8)) {
            case 0, 1 -> Smmu.translationFault(stream, iova);
            case 2 -> Smmu.hint(stream, iova);
            case 3 -> Smmu.nonsense(stream);
            default -> Smmu.stall(stream, random.nextInt(64), iova);
        };
    }

    private static long[] request(Random random) {
        int stream = random.nextInt(DEVICES);
        int pasid = random.nextInt(3);
        if (random.nextInt(50) == 0) {
            return Smmu.stopMarker(stream, pasid);
        }
        boolean last = random.nextInt(3) > 0;
        return Smmu.request(stream, pasid, random.nextInt(512), last, page(random));
    }

    private static long page(Random random) {
        return (long) random.nextInt(1 << 20) << 12;
    }

    private void awaitRoom(RecordingQueue queue, long written) {
        if (written - queue.consumedRecords() == queue.slots()) {
            scene.until("consumed", queue::consumedRecords, n -> written - n < queue.slots());
        }
    }

    /** Of two deferrals about one is concluded in time. */
    private void conclude(Random random) {
        Deferral deferral = deferrals.poll();
        if (deferral != null && random.nextBoolean()) {
            deferral.conclude(
                    random.nextBoolean() ? Verdict.PASSED : Verdict.handled(Response.SUCCESS));
        }
    }
}
