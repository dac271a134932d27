package io.faultline.riscv.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.faultline.fault.Access;
import io.faultline.fault.Fault;
import io.faultline.hardware.QueueState;
import io.faultline.testkit.Decoded;
import io.faultline.testkit.RecordingSink;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

/** A fault queue as QEMU's model wrote it, beside what a script read and what had been done. */
class QueueDumpTest {
    private final FaultRecord decoder = new FaultRecord();

    @Test
    void decodesWhatTheModelWrote() throws IOException {
        ByteBuffer dump = ByteBuffer.wrap(read("riscv-faultqueue-qemu11.1.bin"));
        JsonNode truth = new ObjectMapper().readTree(read("riscv-faultqueue-qemu11.1.json"));
        JsonNode queue = truth.get("queue");
        int slots = 1 << queue.get("log2size").asInt();
        QueueState state =
                decoder.state(queue.get("tail").asLong(), queue.get("head").asLong(), slots);
        RecordingSink sink = new RecordingSink(Decoded.origin("riscv", "fq"), 32);

        dump.order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < state.count(); i++) {
            decoder.decode(dump, (state.first() + i) * decoder.recordBytes(), sink);
        }

        assertEquals(truth.get("records").size(), sink.faults().size());
        for (int i = 0; i < state.count(); i++) {
            assertFault(truth, truth.get("records").get(i), sink.faults().get(i));
        }
    }

    private static void assertFault(JsonNode truth, JsonNode record, Fault fault) {
        JsonNode trigger = truth.get("triggers").get(record.get("trigger").asInt());
        assertEquals(record.get("cause").asInt(), fault.code());
        assertEquals(trigger.get("device_id").asInt(), fault.requester());
        assertEquals(Fault.NO_PASID, fault.pasid());
        String address = trigger.get("addr").asText().substring(2);
        assertEquals(Long.parseUnsignedLong(address, 16), fault.iova());
        assertEquals(
                trigger.get("op").asText().equals("write") ? Access.WRITE : Access.READ,
                fault.access());
    }

    private static byte[] read(String file) throws IOException {
        try (InputStream in = QueueDumpTest.class.getResourceAsStream("qtest/" + file)) {
            return in.readAllBytes();
        }
    }
}
