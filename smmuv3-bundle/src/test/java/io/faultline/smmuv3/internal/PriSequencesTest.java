package io.faultline.smmuv3.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.faultline.fault.Fault;
import io.faultline.fault.PageRequestGroup;
import io.faultline.fault.Response;
import io.faultline.fault.Unit;
import io.faultline.handler.Deferral;
import io.faultline.handler.FaultContext;
import io.faultline.handler.Handles;
import io.faultline.handler.Verdict;
import io.faultline.platform.Counts;
import io.faultline.testkit.RecordingHandler;
import io.faultline.testkit.RecordingPort;
import io.faultline.testkit.RecordingQueue;
import io.faultline.testkit.RecordingUnit;
import io.faultline.testkit.SteppedLane;
import io.faultline.testkit.Vector;
import io.faultline.testkit.VectorFile;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Page requests of several devices and groups, interleaved, through the decoder, the core that
 * ships and the encoder: which groups come out, in which order, and what each is answered.
 */
class PriSequencesTest {
    private final RecordingQueue queue = new RecordingQueue("priq", 16, 64);
    private final RecordingUnit unit = new RecordingUnit(new Unit("smmuv3", "smmu0"), queue);
    private final SteppedLane lane =
            new SteppedLane().add(new PriDecoder()).add(new ResponseCommands());

    static Stream<Vector> vectors() {
        return VectorFile.read(PriSequencesTest.class, "smmuv3-sequences.jsonl").all();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("vectors")
    void givesEachCompleteGroupOneAnswer(Vector vector) {
        RecordingHandler handler = RecordingHandler.doing((fault, context) -> answer(fault));
        // an index that comes again is free again only once its answer has left, with its batch
        lane.configure(Map.of("batch.limit", 1));

        play(vector, handler);

        assertEquals(vector.expect().get("groups"), groups(handler).map(this::keys).toList());
        assertEquals(groups(handler).toList(), answered());
        assertEquals(list(vector, "stops").size(), counts().stopMarkers());
        assertEquals(requests(vector, "partial"), counts().partial());
        assertEquals(requests(vector, "discarded"), counts().discarded());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("vectors")
    void withdrawsWhatComesAgainBeforeItsAnswer(Vector vector) {
        RecordingHandler handler =
                RecordingHandler.doing((fault, context) -> takeOver(fault, context));

        play(vector, handler);
        List<PageRequestGroup> expected = new ArrayList<>(groups(handler).toList());
        List<PageRequestGroup> withdrawn =
                list(vector, "withdrawn_if_unanswered").stream()
                        .map(place -> expected.get(((Number) place).intValue()))
                        .toList();
        expected.removeAll(withdrawn);
        for (Deferral deferral : handler.deferrals()) {
            deferral.conclude(Verdict.handled(Response.SUCCESS));
        }
        lane.step();

        assertEquals(withdrawn.size(), counts().withdrawn());
        assertEquals(expected, answered());
    }

    private void play(Vector vector, RecordingHandler handler) {
        lane.add(
                handler, Map.of(Handles.KINDS, new String[] {"page_request", "page_request_stop"}));
        lane.add(unit);
        byte[] bytes = vector.bytes();
        for (int at = 0; at < bytes.length; at += PriRecord.BYTES) {
            queue.write(Arrays.copyOfRange(bytes, at, at + PriRecord.BYTES));
        }
        lane.step();
    }

    private static Verdict answer(Fault fault) {
        return fault instanceof PageRequestGroup
                ? Verdict.handled(Response.SUCCESS)
                : Verdict.HANDLED;
    }

    private static Verdict takeOver(Fault fault, FaultContext context) {
        if (fault instanceof PageRequestGroup) {
            context.defer();
            return Verdict.DEFERRED;
        }
        return Verdict.HANDLED;
    }

    private static Stream<PageRequestGroup> groups(RecordingHandler handler) {
        return handler.faults().stream()
                .filter(PageRequestGroup.class::isInstance)
                .map(PageRequestGroup.class::cast);
    }

    private List<PageRequestGroup> answered() {
        return unit.port().submitted().stream().map(RecordingPort.Command::group).toList();
    }

    /** A group as the vectors write it. */
    private Map<String, Object> keys(PageRequestGroup group) {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("stream", Integer.toUnsignedLong(group.requester()));
        keys.put("pasid", group.pasid() == Fault.NO_PASID ? null : (long) group.pasid());
        keys.put("grpid", (long) group.groupIndex());
        keys.put(
                "addrs",
                IntStream.range(0, group.size())
                        .mapToObj(i -> "0x" + Long.toHexString(group.iova(i)))
                        .toList());
        return keys;
    }

    private static List<?> list(Vector vector, String key) {
        return (List<?>) vector.expect().getOrDefault(key, List.of());
    }

    /** How many requests the groups under a key have. */
    private static int requests(Vector vector, String key) {
        return list(vector, key).stream()
                .mapToInt(group -> ((List<?>) ((Map<?, ?>) group).get("addrs")).size())
                .sum();
    }

    private Counts counts() {
        return lane.platform().units().stream()
                .filter(u -> u.name().equals("smmu0"))
                .findFirst()
                .orElseThrow()
                .counts();
    }
}
