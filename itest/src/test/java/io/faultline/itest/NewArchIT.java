package io.faultline.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.ops4j.pax.exam.CoreOptions.options;

import io.faultline.exam.Bundles;
import io.faultline.fault.Fault;
import io.faultline.fault.FaultKind;
import io.faultline.fault.Response;
import io.faultline.fault.Unit;
import io.faultline.handler.FaultHandler;
import io.faultline.handler.Handles;
import io.faultline.handler.Verdict;
import io.faultline.testkit.RecordingQueue;
import io.faultline.testkit.RecordingUnit;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.osgi.framework.BundleException;

/**
 * Hardware that the platform was built without: its units wait until its bundle is dropped in, and
 * nothing else has to change or to be restarted (R5, R15).
 */
class NewArchIT extends InScene {
    private final List<Fault> faults = new CopyOnWriteArrayList<>();

    @Configuration
    static Option[] core() {
        return options(Bundles.core());
    }

    @BeforeEach
    void handle() {
        FaultHandler handler =
                (fault, context) -> {
                    faults.add(fault);
                    return fault.kind() == FaultKind.PAGE_REQUEST
                            ? Verdict.handled(Response.SUCCESS)
                            : Verdict.HANDLED;
                };
        String[] kinds = {"unrecoverable", "page_request"};
        scene.register(FaultHandler.class, handler, Map.of(Handles.KINDS, kinds));
    }

    @Test
    void readsAndAnswersARiscvUnitOnceItsBundleIsThere() throws BundleException {
        RecordingQueue fq = new RecordingQueue("fq", 32, 16);
        RecordingQueue pq = new RecordingQueue("pq", 16, 16);
        RecordingUnit unit = new RecordingUnit(new Unit("riscv", "iommu0"), fq, pq);
        scene.plug(unit);
        fq.write(0x0010_0809_1234_500dL, 0, 0x1000, 0);
        pq.write(0x0010_0801_1234_5000L, 0x2000 | 5 << 3 | 0b001);
        pq.write(0x0010_0801_1234_5000L, 0x3000 | 5 << 3 | 0b110);
        awaitWaiting("iommu0", 3);

        scene.drop("riscv-bundle");

        scene.awaitEnded("iommu0", 2);
        assertEquals(2, faults.size());
        assertTrue(faults.stream().allMatch(fault -> fault.pasid() == 0x12345));
        scene.until("answers", unit.port()::commands, answers -> !answers.isEmpty());
        assertEquals(List.of("84503412010810000000000005000000"), unit.port().commands());
    }

    /** As a virtio-iommu without a port: what it reports has failed already. */
    @Test
    void readsAVirtioUnitOnceItsBundleIsThere() throws BundleException {
        RecordingQueue events = new RecordingQueue("fault", 24, 16);
        scene.plug(new RecordingUnit(new Unit("virtio", "virtio0"), events));
        events.write(0x0000_0102_0000_0002L, 8, 0xffff_f000L);
        events.write(0x0000_0102_0000_0102L, 8, 0xffff_f000L);
        awaitWaiting("virtio0", 2);

        scene.drop("virtio-bundle");

        scene.awaitCounts("virtio0", counts -> counts.malformed() == 1 && counts.handled() == 1);
        assertEquals(0xffff_f000L, faults.get(0).iova());
    }

    private void awaitWaiting(String unit, int records) {
        scene.until(
                "records waiting",
                () -> scene.unit(unit).queues().stream().mapToInt(q -> q.waiting()).sum(),
                waiting -> waiting == records);
        assertEquals(List.of(), faults);
    }
}
