package io.faultline.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.ops4j.pax.exam.CoreOptions.options;

import io.faultline.exam.Bundles;
import io.faultline.fault.Fault;
import io.faultline.fault.FaultKind;
import io.faultline.fault.PageRequestGroup;
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
import org.osgi.framework.Bundle;
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

    /** Both logs; the entry that is announced before it is written is read once it is there. */
    @Test
    void readsAndAnswersAnAmdUnitOnceItsBundleIsThere() throws BundleException {
        RecordingQueue event = new RecordingQueue("event", 16, 16);
        RecordingQueue ppr = new RecordingQueue("ppr", 16, 16);
        RecordingUnit unit = new RecordingUnit(new Unit("amdvi", "ivhd0"), event, ppr);
        scene.plug(unit);
        event.write(0x2071_abcd_000a_0301L, 0x7fff_ffff_f000L);
        ppr.write(0x1164_0005_abcd_0301L | 0xaL << 42, 0x2000);
        ppr.write(0x1164_0205_abcd_0301L | 0xaL << 42, 0x3000);
        awaitWaiting("ivhd0", 3);

        scene.drop("amdvi-bundle");

        scene.awaitEnded("ivhd0", 2);
        assertEquals(2, faults.size());
        assertTrue(faults.stream().allMatch(fault -> fault.pasid() == 0xaabcd));
        scene.until("answers", unit.port()::commands, answers -> !answers.isEmpty());
        assertEquals(List.of("01030000cdab0a700400000005000000"), unit.port().commands());

        event.write(0, 0x1000);
        scene.awaitCounts("ivhd0", counts -> counts.malformed() == 1);
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

    /** What a VMM reads from the file descriptor of a fault queue, and writes to it. */
    @Test
    void answersAFaultQueueOfIommufdOnceItsBundleIsThere() throws BundleException {
        RecordingQueue requests = new RecordingQueue("fault", 40, 16);
        RecordingUnit unit = new RecordingUnit(new Unit("iommufd", "fault3"), requests);
        scene.plug(unit);
        requests.write(7L << 32 | 1, 17L << 32 | 42, 1, 0x1000, 5L << 32);
        requests.write(7L << 32 | 3, 17L << 32 | 42, 2, 0x2000, 5L << 32);
        awaitWaiting("fault3", 2);

        scene.drop("iommufd-bundle");

        scene.until("answers", unit.port()::commands, answers -> !answers.isEmpty());
        assertEquals(List.of("0500000000000000"), unit.port().commands());
        assertEquals(2, ((PageRequestGroup) faults.get(0)).size());
    }

    /** Its events are decoded by the bundle of SMMUv3, and wait like others while that is away. */
    @Test
    void readsVirtualEventsWhileTheBundleOfTheirHardwareIsThere() throws BundleException {
        RecordingQueue events = new RecordingQueue("veventq", 40, 16);
        scene.plug(new RecordingUnit(new Unit("iommufd", "veventq4"), events));
        scene.drop("iommufd-bundle");
        Bundle smmuv3 = scene.bundle(Scene.SMMUV3);
        events.write(0, 0x100L << 32 | 0x10, 0, 0x1000, 0);
        events.write(3L << 32 | 1, 0, 0, 0, 0);
        scene.awaitCounts("veventq4", counts -> counts.handled() == 1 && counts.empty() == 1);

        smmuv3.stop();
        events.write(4L << 32, 0x101L << 32 | 0x10, 0, 0x2000, 0);
        scene.until("waiting", () -> waiting("veventq4"), n -> n == 1);
        smmuv3.start();

        scene.awaitCounts("veventq4", counts -> counts.handled() == 2);
        assertEquals(
                List.of(0x100, 0x101), faults.stream().map(fault -> fault.requester()).toList());
    }

    private int waiting(String unit) {
        return scene.unit(unit).queues().stream().mapToInt(queue -> queue.waiting()).sum();
    }

    private void awaitWaiting(String unit, int records) {
        scene.until("waiting", () -> waiting(unit), n -> n == records);
        assertEquals(List.of(), faults);
    }
}
