package io.faultline.iommufd.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.faultline.fault.Response;
import io.faultline.fault.Unit;
import io.faultline.handler.Handles;
import io.faultline.handler.Verdict;
import io.faultline.testkit.RecordingHandler;
import io.faultline.testkit.RecordingQueue;
import io.faultline.testkit.RecordingUnit;
import io.faultline.testkit.SteppedLane;
import io.faultline.testkit.Vector;
import io.faultline.testkit.VectorFile;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** From the record of a fault queue to what is written to it, through the platform's own core. */
class FaultQueueTest {
    private final RecordingQueue queue = new RecordingQueue("fault", 40, 4);
    private final RecordingUnit unit = new RecordingUnit(new Unit("iommufd", "fault0"), queue);
    private final SteppedLane lane = new SteppedLane();

    @Test
    void takesTheAnswerToAGroup() {
        lane.add(new PageFault()).add(new ResponseWriter()).add(unit);
        lane.add(
                new RecordingHandler(Verdict.handled(Response.SUCCESS)),
                Map.of(Handles.KINDS, "page_request"));
        Vector vector =
                VectorFile.read(getClass(), "iommufd.jsonl").queue("fault").findFirst().get();

        queue.write(vector.bytes());
        lane.step();

        assertEquals(0x7f0012346000L, lane.seen().get(0).fault().iova());
        assertEquals(List.of("0100000000000000"), unit.port().commands());
    }

    /** Its PASID cannot be, but somebody waits for an answer. */
    @Test
    void takesTheAnswerToAMalformedRequest() {
        lane.add(new PageFault()).add(new ResponseWriter()).add(unit);

        queue.write(7L << 32 | 3, 17L << 32 | 0x10_0000, 3, 0x1000, 9L << 32);
        lane.step();

        assertEquals(List.of("0900000001000000"), unit.port().commands());
    }
}
